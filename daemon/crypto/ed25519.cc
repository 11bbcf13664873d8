#include "daemon/crypto/ed25519.h"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <utility>

#include "absl/status/status.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/openssl.h"

namespace behalf {
namespace {

using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kIdDigits = 16;

std::shared_ptr<EVP_PKEY> Shared(KeyPtr key) { return Required(std::move(key)); }

std::string PublicBytesOf(const EVP_PKEY* key) {
  std::string bytes(kKeyBytes, '\0');
  std::size_t size = bytes.size();
  Require(EVP_PKEY_get_raw_public_key(key, Octets(bytes), &size) == 1 && size == kKeyBytes);
  return bytes;
}

std::shared_ptr<EVP_PKEY> PublicPartOf(const EVP_PKEY* key) {
  const std::string bytes = PublicBytesOf(key);
  return Shared(KeyPtr(
      EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, Octets(bytes), bytes.size())));
}

}  // namespace

Ed25519PublicKey::Ed25519PublicKey(std::shared_ptr<EVP_PKEY> key)
    : key_(std::move(key)), id_(Hex(Sha256(PublicBytesOf(key_.get()))).substr(0, kIdDigits)) {}

absl::StatusOr<Ed25519PublicKey> Ed25519PublicKey::FromPem(std::string_view pem) {
  const ErrorQueueScope errors;
  const BioPtr reader =
      Required(BioPtr(BIO_new_mem_buf(Octets(pem), static_cast<int>(pem.size()))));
  KeyPtr key(PEM_read_bio_PUBKEY(reader.get(), nullptr, nullptr, nullptr));
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "ED25519") != 1) {
    return absl::FailedPreconditionError("holds no public key of Ed25519 in PEM form");
  }
  return Ed25519PublicKey(Shared(std::move(key)));
}

std::string Ed25519PublicKey::Pem() const {
  const BioPtr writer = Required(BioPtr(BIO_new(BIO_s_mem())));
  Require(PEM_write_bio_PUBKEY(writer.get(), key_.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(writer.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

bool Ed25519PublicKey::Verifies(std::string_view message, std::string_view signature) const {
  const ErrorQueueScope errors;
  const DigestContextPtr context = Required(DigestContextPtr(EVP_MD_CTX_new()));
  Require(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  return EVP_DigestVerify(context.get(), Octets(signature), signature.size(), Octets(message),
                          message.size()) == 1;
}

Ed25519PrivateKey::Ed25519PrivateKey(const SecretString& seed)
    : key_(Shared(KeyPtr(EVP_PKEY_new_raw_private_key_ex(
          nullptr, "ED25519", nullptr, Octets(seed.Reveal()), seed.Reveal().size())))),
      public_key_(PublicPartOf(key_.get())) {}

std::string Ed25519PrivateKey::Sign(std::string_view message) const {
  const DigestContextPtr context = Required(DigestContextPtr(EVP_MD_CTX_new()));
  Require(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  Require(EVP_DigestSign(context.get(), Octets(signature), &size, Octets(message),
                         message.size()) == 1 &&
          size == kSignatureBytes);
  return signature;
}

}  // namespace behalf
