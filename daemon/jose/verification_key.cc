#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/openssl.h"
#include "daemon/jose/base64url.h"
#include "daemon/jose/json.h"
#include "daemon/jose/key_set.h"
#include "daemon/jose/rsa_modulus.h"
#include "daemon/jose/signature.h"

namespace behalf {
namespace {

using ParamBuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, OpensslFree<OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, OpensslFree<OSSL_PARAM_free>>;

constexpr int kMinModulusBits = 2048;
constexpr int kMaxModulusBits = 8192;
constexpr int kMaxExponentBits = 64;
constexpr BN_ULONG kMinExponent = 65537;
constexpr std::size_t kCoordinateBytes = 32;

absl::Status Refused(std::string_view what) { return MakeError(Reason::kKeysUnavailable, what); }

std::optional<std::string> Bytes(const JsonObject& jwk, std::string_view member) {
  const auto text = jwk.String(member);
  return text ? Base64UrlDecode(*text) : std::nullopt;
}

// RFC 7518 section 2, Base64urlUInt: no octet more than needed.
BignumPtr UnsignedInteger(const JsonObject& jwk, std::string_view member) {
  const auto octets = Bytes(jwk, member);
  if (!octets || octets->empty() || octets->front() == '\0') return nullptr;
  return Required(BignumPtr(
      BN_bin2bn(Octets(std::string_view(*octets)), static_cast<int>(octets->size()), nullptr)));
}

absl::Status CheckRsa(const BIGNUM* modulus, const BIGNUM* exponent) {
  if (modulus == nullptr || exponent == nullptr) return Refused("an RSA key is malformed");
  const int bits = BN_num_bits(modulus);
  if (bits < kMinModulusBits || bits > kMaxModulusBits || !BN_is_odd(modulus)) {
    return Refused("an RSA modulus is even, or not of 2048 to 8192 bits");
  }
  if (!BN_is_odd(exponent) || BN_num_bits(exponent) > kMaxExponentBits ||
      BN_get_word(exponent) < kMinExponent) {
    return Refused("an RSA exponent is even, or not from 65537 to 2^64");
  }
  if (HasRocaFingerprint(modulus)) return Refused("an RSA key is weak (CVE-2017-15361)");
  return absl::OkStatus();
}

// Null when the library finds the parameters wrong.
std::shared_ptr<EVP_PKEY> Decode(const char* type, OSSL_PARAM_BLD* builder) {
  const ErrorQueueScope errors;
  const ParamsPtr params = Required(ParamsPtr(OSSL_PARAM_BLD_to_param(builder)));
  const PkeyContextPtr context =
      Required(PkeyContextPtr(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)));
  EVP_PKEY* key = nullptr;
  Require(EVP_PKEY_fromdata_init(context.get()) == 1);
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return nullptr;
  return {key, OpensslFree<EVP_PKEY_free>()};
}

bool IsOnCurve(EVP_PKEY* key) {
  const ErrorQueueScope errors;
  const PkeyContextPtr context =
      Required(PkeyContextPtr(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)));
  return EVP_PKEY_public_check(context.get()) == 1;
}

std::string Member(const JsonObject& jwk, std::string_view name) {
  return std::string(*jwk.String(name));
}

}  // namespace

VerificationKey::VerificationKey(Kind kind, std::shared_ptr<EVP_PKEY> key, std::string thumbprint)
    : kind_(kind), key_(std::move(key)), thumbprint_(std::move(thumbprint)) {}

absl::StatusOr<VerificationKey> VerificationKey::FromRsa(const JsonObject& jwk) {
  const BignumPtr modulus = UnsignedInteger(jwk, "n");
  const BignumPtr exponent = UnsignedInteger(jwk, "e");
  if (absl::Status status = CheckRsa(modulus.get(), exponent.get()); !status.ok()) return status;
  const ParamBuilderPtr builder = Required(ParamBuilderPtr(OSSL_PARAM_BLD_new()));
  Require(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1);
  Require(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1);
  auto key = Decode("RSA", builder.get());
  if (key == nullptr) return Refused("an RSA key is malformed");
  const std::string canonical = absl::StrCat(R"({"e":")", Member(jwk, "e"),
                                             R"(","kty":"RSA","n":")", Member(jwk, "n"), R"("})");
  return VerificationKey(Kind::kRsa, std::move(key), Sha256(canonical));
}

absl::StatusOr<VerificationKey> VerificationKey::FromP256(const JsonObject& jwk) {
  const auto x = Bytes(jwk, "x");
  const auto y = Bytes(jwk, "y");
  if (!x || !y || x->size() != kCoordinateBytes || y->size() != kCoordinateBytes) {
    return Refused("a P-256 key is malformed");
  }
  const std::string point = "\x04" + *x + *y;  // SEC 1 section 2.3.3, uncompressed
  const ParamBuilderPtr builder = Required(ParamBuilderPtr(OSSL_PARAM_BLD_new()));
  Require(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) ==
          1);
  Require(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                           point.size()) == 1);
  auto key = Decode("EC", builder.get());
  if (key == nullptr || !IsOnCurve(key.get())) return Refused("a P-256 key is not on the curve");
  const std::string canonical = absl::StrCat(R"({"crv":"P-256","kty":"EC","x":")", Member(jwk, "x"),
                                             R"(","y":")", Member(jwk, "y"), R"("})");
  return VerificationKey(Kind::kP256, std::move(key), Sha256(canonical));
}

bool VerificationKey::Verify(JwsAlgorithm algorithm, std::string_view input,
                             std::string_view signature) const {
  if (algorithm_ && *algorithm_ != algorithm) return false;
  if ((algorithm == JwsAlgorithm::kEs256) != (kind_ == Kind::kP256)) return false;
  return SignatureHolds(key_.get(), algorithm, input, signature);
}

}  // namespace behalf
