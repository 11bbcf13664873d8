#include "tests/idp/verifying_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "tests/idp/base64url.h"
#include "tests/idp/jwt.h"

namespace behalf::idp {
namespace {

using NumberPtr = std::unique_ptr<BIGNUM, Freeing<BN_free>>;
using BuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, Freeing<OSSL_PARAM_BLD_free>>;
using ParametersPtr = std::unique_ptr<OSSL_PARAM, Freeing<OSSL_PARAM_free>>;
using ContextPtr = std::unique_ptr<EVP_PKEY_CTX, Freeing<EVP_PKEY_CTX_free>>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

NumberPtr Number(const json::object& jwk, std::string_view name) {
  const std::string bytes = FromBase64Url(TextAt(jwk, name).value_or("")).value_or("");
  return NumberPtr(BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

KeyPtr PublicKey(const json::object& jwk) {
  const NumberPtr modulus = Number(jwk, "n");
  const NumberPtr exponent = Number(jwk, "e");
  const BuilderPtr builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  const ParametersPtr parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const ContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
  return KeyPtr(key);
}

}  // namespace

bool VerifyingKey::Verify(std::string_view algorithm, std::string_view input,
                          std::string_view signature) const {
  const bool pss = algorithm == "PS256";
  if (!pss && algorithm != "RS256") return false;
  const DigestPtr digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr;  // owned by the digest
  if (EVP_DigestVerifyInit(digest.get(), &context, EVP_sha256(), nullptr, key_.get()) != 1) {
    return false;
  }
  if (pss && (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
              EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(digest.get(), Bytes(signature), signature.size(), Bytes(input),
                          input.size()) == 1;
}

std::optional<VerifyingKeys> ReadJwkSet(const std::string& text) {
  json::error_code error;
  const json::value set = json::parse(text, error);
  const json::value* list =
      !error && set.is_object() ? set.get_object().if_contains("keys") : nullptr;
  if (list == nullptr || !list->is_array()) return std::nullopt;
  VerifyingKeys keys;
  for (const json::value& item : list->get_array()) {
    if (!item.is_object() || TextAt(item.get_object(), "kty") != "RSA") continue;
    KeyPtr key = PublicKey(item.get_object());
    if (key == nullptr) return std::nullopt;
    keys.push_back(std::make_shared<const VerifyingKey>(
        std::move(key), TextAt(item.get_object(), "kid").value_or("")));
  }
  if (keys.empty()) return std::nullopt;
  return keys;
}

}  // namespace behalf::idp
