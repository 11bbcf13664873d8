#include "daemon/crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <array>

#include "daemon/crypto/openssl.h"

namespace behalf {
namespace {

constexpr std::size_t kSha256Bytes = 32;

OSSL_PARAM Text(const char* name, std::string& value) {
  return OSSL_PARAM_construct_utf8_string(name, value.data(), value.size());
}

OSSL_PARAM Bytes(const char* name, std::string_view value) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<unsigned char*>(Octets(value)),
                                           value.size());
}

// HMAC-SHA-256 without a key yet.
MacContextPtr NewHmac() {
  const MacPtr hmac = Required(MacPtr(EVP_MAC_fetch(nullptr, "HMAC", nullptr)));
  MacContextPtr context = Required(MacContextPtr(EVP_MAC_CTX_new(hmac.get())));
  std::string digest = "SHA256";
  const std::array params = {Text(OSSL_MAC_PARAM_DIGEST, digest), OSSL_PARAM_construct_end()};
  Require(EVP_MAC_CTX_set_params(context.get(), params.data()) == 1);
  return context;
}

KdfContextPtr NewHkdf() {
  const KdfPtr hkdf = Required(KdfPtr(EVP_KDF_fetch(nullptr, "HKDF", nullptr)));
  return Required(KdfContextPtr(EVP_KDF_CTX_new(hkdf.get())));
}

}  // namespace

const EVP_MD* Sha256Method() {
  static const DigestPtr method = Required(DigestPtr(EVP_MD_fetch(nullptr, "SHA256", nullptr)));
  return method.get();
}

std::string Sha256(std::string_view data) {
  thread_local const DigestContextPtr context = Required(DigestContextPtr(EVP_MD_CTX_new()));
  std::string digest(kSha256Bytes, '\0');
  Require(EVP_DigestInit_ex2(context.get(), Sha256Method(), nullptr) == 1);
  Require(EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1);
  Require(EVP_DigestFinal_ex(context.get(), Octets(digest), nullptr) == 1);
  return digest;
}

// The copy, which holds the key, is wiped when it is freed.
std::string HmacSha256(std::string_view key, std::string_view data) {
  thread_local const MacContextPtr keyless = NewHmac();
  const MacContextPtr context = Required(MacContextPtr(EVP_MAC_CTX_dup(keyless.get())));
  std::string mac(kSha256Bytes, '\0');
  Require(EVP_MAC_init(context.get(), Octets(key), key.size(), nullptr) == 1);
  Require(EVP_MAC_update(context.get(), Octets(data), data.size()) == 1);
  Require(EVP_MAC_final(context.get(), Octets(mac), nullptr, mac.size()) == 1);
  return mac;
}

std::string Hkdf(const SecretString& key, std::string_view info, std::size_t size) {
  thread_local const KdfContextPtr context = NewHkdf();
  std::string digest = "SHA256";
  const std::array params = {Text(OSSL_KDF_PARAM_DIGEST, digest),
                             Bytes(OSSL_KDF_PARAM_KEY, key.Reveal()),
                             Bytes(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string derived(size, '\0');
  Require(EVP_KDF_derive(context.get(), Octets(derived), size, params.data()) == 1);
  EVP_KDF_CTX_reset(context.get());
  return derived;
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto octet = static_cast<unsigned char>(byte);
    hex.push_back(kDigits[octet >> 4]);
    hex.push_back(kDigits[octet & 0xF]);
  }
  return hex;
}

bool ConstantTimeEquals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(Octets(a), Octets(b), a.size()) == 0;
}

}  // namespace behalf
