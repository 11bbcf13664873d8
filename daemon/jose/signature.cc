#include "daemon/jose/signature.h"

#include <openssl/rsa.h>

#include <algorithm>
#include <optional>
#include <string>

#include "daemon/crypto/openssl.h"

namespace behalf {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kScalarBytes = 32;

// The order of P-256 (SEC 2 section 2.4.2).
constexpr std::string_view kOrder =
    "\xFF\xFF\xFF\xFF\x00\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
    "\xBC\xE6\xFA\xAD\xA7\x17\x9E\x84\xF3\xB9\xCA\xC2\xFC\x63\x25\x51"sv;

// From 1 to the order less 1. Views compare as unsigned bytes.
bool IsScalar(std::string_view big_endian) {
  return big_endian < kOrder && big_endian.find_first_not_of('\0') != std::string_view::npos;
}

std::string DerInteger(std::string_view scalar) {
  std::string octets(scalar.substr(scalar.find_first_not_of('\0')));
  if (static_cast<unsigned char>(octets.front()) >= 0x80) octets.insert(octets.begin(), '\0');
  return '\x02' + std::string(1, static_cast<char>(octets.size())) + octets;
}

// OpenSSL wants an ECDSA signature as a DER sequence of two integers, which
// for P-256 has at most 72 bytes: one length byte each.
std::optional<std::string> EcdsaToDer(std::string_view signature) {
  if (signature.size() != 2 * kScalarBytes) return std::nullopt;
  const std::string_view r = signature.substr(0, kScalarBytes);
  const std::string_view s = signature.substr(kScalarBytes);
  if (!IsScalar(r) || !IsScalar(s)) return std::nullopt;
  const std::string integers = DerInteger(r) + DerInteger(s);
  return '\x30' + std::string(1, static_cast<char>(integers.size())) + integers;
}

// MGF1 takes the digest of the signature.
bool ChoosePss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

std::optional<std::string> Encoded(EVP_PKEY* key, JwsAlgorithm algorithm,
                                   std::string_view signature) {
  if (algorithm == JwsAlgorithm::kEs256) return EcdsaToDer(signature);
  if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key))) return std::nullopt;
  return std::string(signature);
}

}  // namespace

bool SignatureHolds(EVP_PKEY* key, JwsAlgorithm algorithm, std::string_view input,
                    std::string_view signature) {
  const auto encoded = Encoded(key, algorithm, signature);
  if (!encoded) return false;
  const ErrorQueueScope errors;
  thread_local const DigestContextPtr context = Required(DigestContextPtr(EVP_MD_CTX_new()));
  EVP_MD_CTX_reset(context.get());
  EVP_PKEY_CTX* key_context = nullptr;
  Require(EVP_DigestVerifyInit(context.get(), &key_context, Sha256Method(), nullptr, key) == 1);
  if (algorithm == JwsAlgorithm::kPs256) Require(ChoosePss(key_context));
  const std::string_view bytes = *encoded;
  return EVP_DigestVerify(context.get(), Octets(bytes), bytes.size(), Octets(input),
                          input.size()) == 1;
}

}  // namespace behalf
