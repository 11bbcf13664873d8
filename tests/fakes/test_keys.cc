#include "tests/fakes/test_keys.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/openssl.h"
#include "daemon/jose/base64url.h"

namespace behalf {
namespace {

using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free>>;
using X509Ptr = std::unique_ptr<X509, OpensslFree<X509_free>>;
using EcdsaPtr = std::unique_ptr<ECDSA_SIG, OpensslFree<ECDSA_SIG_free>>;

constexpr int kScalarBytes = 32;

EVP_PKEY* Rsa(std::size_t bits) {
  return Required(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
}

EVP_PKEY* Ec() { return Required(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }

std::string Number(EVP_PKEY* key, const char* name, int size = 0) {
  BIGNUM* raw = nullptr;
  Require(EVP_PKEY_get_bn_param(key, name, &raw) == 1);
  const BignumPtr number(raw);
  std::string bytes(static_cast<std::size_t>(size > 0 ? size : BN_num_bytes(number.get())), '\0');
  Require(BN_bn2binpad(number.get(), Octets(bytes), static_cast<int>(bytes.size())) > 0);
  return Base64UrlEncode(bytes);
}

std::string RawEcdsa(std::string_view der) {
  const unsigned char* in = Octets(der);
  const EcdsaPtr signature =
      Required(EcdsaPtr(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size()))));
  std::string raw(2 * kScalarBytes, '\0');
  Require(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), Octets(raw), kScalarBytes) > 0);
  Require(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), Octets(raw) + kScalarBytes,
                       kScalarBytes) > 0);
  return raw;
}

std::string Contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

X509Ptr Signed(EVP_PKEY* key, absl::Time from, absl::Time until) {
  X509Ptr certificate = Required(X509Ptr(X509_new()));
  X509* const made = certificate.get();
  Require(X509_set_version(made, 2) == 1);
  Require(ASN1_INTEGER_set(X509_get_serialNumber(made), 1) == 1);
  Require(ASN1_TIME_set(X509_getm_notBefore(made), absl::ToTimeT(from)) != nullptr);
  Require(ASN1_TIME_set(X509_getm_notAfter(made), absl::ToTimeT(until)) != nullptr);
  X509_NAME* const name = X509_get_subject_name(made);
  Require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, Octets("blueprint"), -1, -1, 0) ==
          1);
  Require(X509_set_issuer_name(made, name) == 1);
  Require(X509_set_pubkey(made, key) == 1);
  Require(X509_sign(made, key, EVP_sha256()) > 0);
  return certificate;
}

}  // namespace

TestKey::TestKey(EVP_PKEY* key) : key_(key, OpensslFree<EVP_PKEY_free>()) {}

const TestKey& TestKey::Rsa2048() {
  static const TestKey key(Rsa(2048));
  return key;
}

const TestKey& TestKey::OtherRsa2048() {
  static const TestKey key(Rsa(2048));
  return key;
}

const TestKey& TestKey::Rsa1024() {
  static const TestKey key(Rsa(1024));
  return key;
}

const TestKey& TestKey::P256() {
  static const TestKey key(Ec());
  return key;
}

const TestKey& TestKey::OtherP256() {
  static const TestKey key(Ec());
  return key;
}

std::string TestKey::PublicJwk(std::string_view kid, std::string_view extra) const {
  const std::string common = absl::StrCat(R"("use":"sig","kid":")", std::string(kid), "\"",
                                          extra.empty() ? "" : ",", std::string(extra));
  if (EVP_PKEY_is_a(key_.get(), "RSA")) {
    return absl::StrCat(R"({"kty":"RSA","n":")", Number(key_.get(), OSSL_PKEY_PARAM_RSA_N),
                        R"(","e":")", Number(key_.get(), OSSL_PKEY_PARAM_RSA_E), "\",", common,
                        "}");
  }
  return absl::StrCat(R"({"kty":"EC","crv":"P-256","x":")",
                      Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, kScalarBytes), R"(","y":")",
                      Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kScalarBytes), "\",", common,
                      "}");
}

std::string TestKey::Signature(std::string_view algorithm, std::string_view input) const {
  if (algorithm == "none") return "";
  if (algorithm == "HS256") return HmacSha256(PublicPem(), input);
  const DigestContextPtr context = Required(DigestContextPtr(EVP_MD_CTX_new()));
  EVP_PKEY_CTX* key_context = nullptr;
  Require(EVP_DigestSignInit(context.get(), &key_context, Sha256Method(), nullptr, key_.get()) ==
          1);
  if (algorithm.starts_with("PS256")) {
    Require(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) == 1);
    const int salt = algorithm == "PS256-SALT20" ? 20 : RSA_PSS_SALTLEN_DIGEST;
    Require(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, salt) == 1);
  }
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = signature.size();
  Require(EVP_DigestSign(context.get(), Octets(signature), &size, Octets(input), input.size()) ==
          1);
  signature.resize(size);
  return algorithm == "ES256" ? RawEcdsa(signature) : signature;
}

std::string TestKey::Sign(std::string_view algorithm, std::string_view header_json,
                          std::string_view payload_json) const {
  const std::string input =
      absl::StrCat(Base64UrlEncode(header_json), ".", Base64UrlEncode(payload_json));
  return absl::StrCat(input, ".", Base64UrlEncode(Signature(algorithm, input)));
}

std::string TestKey::Token(std::string_view algorithm, std::string_view kid,
                           std::string_view payload_json) const {
  const std::string header = absl::StrCat(R"({"alg":")", std::string(algorithm), R"(","kid":")",
                                          std::string(kid), R"(","typ":"JWT"})");
  return Sign(algorithm, header, payload_json);
}

std::string TestKey::PrivatePem() const {
  const BioPtr bio = Required(BioPtr(BIO_new(BIO_s_mem())));
  Require(PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
          1);
  return Contents(bio.get());
}

TestKey::Certificate TestKey::SelfSigned(absl::Time from, absl::Time until) const {
  const X509Ptr certificate = Signed(key_.get(), from, until);
  const BioPtr pem = Required(BioPtr(BIO_new(BIO_s_mem())));
  const BioPtr der = Required(BioPtr(BIO_new(BIO_s_mem())));
  Require(PEM_write_bio_X509(pem.get(), certificate.get()) == 1);
  Require(i2d_X509_bio(der.get(), certificate.get()) == 1);
  return {Contents(pem.get()), Sha256(Contents(der.get()))};
}

std::string TestKey::Pkcs12(absl::Time from, absl::Time until, const std::string& password) const {
  const X509Ptr certificate = Signed(key_.get(), from, until);
  const std::unique_ptr<PKCS12, OpensslFree<PKCS12_free>> file(Required(PKCS12_create(
      password.c_str(), "test", key_.get(), certificate.get(), nullptr, 0, 0, 0, 0, 0)));
  const BioPtr der = Required(BioPtr(BIO_new(BIO_s_mem())));
  Require(i2d_PKCS12_bio(der.get(), file.get()) == 1);
  return Contents(der.get());
}

std::string TestKey::PublicPem() const {
  const BioPtr bio = Required(BioPtr(BIO_new(BIO_s_mem())));
  Require(PEM_write_bio_PUBKEY(bio.get(), key_.get()) == 1);
  return Contents(bio.get());
}

std::string TestKey::PublicDer() const {
  const BioPtr bio = Required(BioPtr(BIO_new(BIO_s_mem())));
  Require(i2d_PUBKEY_bio(bio.get(), key_.get()) == 1);
  return Contents(bio.get());
}

std::string JwkSet(std::initializer_list<std::string> jwks) {
  return absl::StrCat(R"({"keys":[)", absl::StrJoin(jwks, ","), "]}");
}

}  // namespace behalf
