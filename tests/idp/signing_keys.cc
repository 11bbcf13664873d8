#include "tests/idp/signing_keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "tests/idp/base64url.h"

namespace behalf::idp {
namespace {

constexpr unsigned kBits = 2048;
constexpr std::string_view kPrefix = "signing-";
constexpr std::string_view kSuffix = ".key";
constexpr std::string_view kFirstFile = "signing-1.key";

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Parameter(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) std::abort();
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_free(number);
  return Base64Url(bytes);
}

}  // namespace

SigningKey::SigningKey(KeyPtr key)
    : key_(std::move(key)),
      modulus_(Parameter(key_.get(), OSSL_PKEY_PARAM_RSA_N)),
      exponent_(Parameter(key_.get(), OSSL_PKEY_PARAM_RSA_E)),
      id_(Base64Url(Sha256(
          absl::StrCat(R"({"e":")", exponent_, R"(","kty":"RSA","n":")", modulus_, R"("})")))) {}

std::string SigningKey::Sign(std::string_view input) const {
  const DigestPtr digest(EVP_MD_CTX_new());
  std::size_t size = kBits / 8;
  std::string signature(size, '\0');
  if (EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     Bytes(input), input.size()) != 1) {
    std::abort();
  }
  signature.resize(size);
  return signature;
}

bool SigningKey::Verify(std::string_view input, std::string_view signature) const {
  const DigestPtr digest(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(digest.get(), Bytes(signature), signature.size(), Bytes(input),
                          input.size()) == 1;
}

absl::StatusOr<SigningKeys> SigningKeys::Load(const StateDirectory& state) {
  if (state.List(kPrefix, kSuffix).empty()) {
    const KeyPtr first(EVP_RSA_gen(kBits));
    if (auto kept = state.WriteKey(kFirstFile, first.get()); !kept.ok()) return kept;
  }
  SigningKeys keys;
  for (const std::string& name : state.List(kPrefix, kSuffix)) {
    KeyPtr key = state.ReadKey(name);
    if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA ||
        EVP_PKEY_get_bits(key.get()) != kBits) {
      return absl::FailedPreconditionError(
          absl::StrCat(state.PathOf(name), " is not an RSA key of 2048 bits; remove it"));
    }
    keys.keys_.push_back(std::make_unique<const SigningKey>(std::move(key)));
  }
  return keys;
}

absl::StatusOr<SigningKeys> SigningKeys::LoadWithNew(const StateDirectory& state) {
  const std::vector<std::string> names = state.List(kPrefix, kSuffix);
  std::string stem = names.empty() ? std::string(kPrefix) : names.back();
  if (!names.empty()) stem.resize(stem.size() - kSuffix.size());
  const KeyPtr key(EVP_RSA_gen(kBits));
  // A letter comes after the dot in the name of the file that was last.
  if (auto kept = state.WriteKey(stem + "a.key", key.get()); !kept.ok()) return kept;
  return Load(state);
}

SigningKeys SigningKeys::Ephemeral() {
  SigningKeys keys;
  keys.keys_.push_back(std::make_unique<const SigningKey>(KeyPtr(EVP_RSA_gen(kBits))));
  return keys;
}

const SigningKey* SigningKeys::Find(std::string_view id) const {
  for (const auto& key : keys_) {
    if (key->id() == id) return key.get();
  }
  return nullptr;
}

}  // namespace behalf::idp
