#include "daemon/crypto/signing_certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <ctime>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/openssl.h"

namespace behalf {
namespace {

using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free>>;
using CertificatePtr = std::unique_ptr<X509, OpensslFree<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using Pkcs12Ptr = std::unique_ptr<PKCS12, OpensslFree<PKCS12_free>>;

constexpr int kMinBits = 2048;
constexpr int kMaxBits = 8192;

absl::Status Refused(const std::string& what) { return absl::FailedPreconditionError(what); }

BioPtr Reader(std::string_view bytes) {
  return Required(BioPtr(BIO_new_mem_buf(Octets(bytes), static_cast<int>(bytes.size()))));
}

// PEM is read here without passwords; OpenSSL would ask the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

bool Holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::vector<CertificatePtr> CertificatesIn(std::string_view pem) {
  std::vector<CertificatePtr> all;
  const BioPtr reader = Reader(pem);
  while (X509* next = PEM_read_bio_X509(reader.get(), nullptr, NoPassword, nullptr)) {
    all.emplace_back(next);
  }
  return all;
}

absl::StatusOr<KeyPtr> KeyIn(std::string_view pem) {
  if (!Holds(pem, "PRIVATE KEY-----")) {
    return Refused("holds no private key in PEM form; add it, or name its file as `key`");
  }
  if (Holds(pem, "ENCRYPTED")) {
    return Refused(
        "holds a key that is protected by a password; decrypt it (openssl pkey), or use PKCS#12, "
        "whose password can be named");
  }
  KeyPtr key(PEM_read_bio_PrivateKey(Reader(pem).get(), nullptr, NoPassword, nullptr));
  if (key == nullptr) return Refused("holds a private key that cannot be read; write it again");
  return key;
}

absl::Status CheckKey(const EVP_PKEY* key) {
  if (!EVP_PKEY_is_a(key, "RSA")) {
    return Refused("holds a key that is not RSA; Entra takes RSA keys: make another");
  }
  const int bits = EVP_PKEY_get_bits(key);
  if (bits >= kMinBits && bits <= kMaxBits) return absl::OkStatus();
  return Refused(absl::StrCat("holds an RSA key of ", bits, " bits; it must have ", kMinBits,
                              " to ", kMaxBits, ": make another"));
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm calendar = {};
  Require(ASN1_TIME_to_tm(time, &calendar) == 1);
  return absl::FromTM(calendar, absl::UTCTimeZone());
}

bool HasTimes(const X509* certificate) {
  std::tm ignored = {};
  return ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &ignored) == 1 &&
         ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &ignored) == 1;
}

std::string DerOf(X509* certificate) {
  std::string der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)), '\0');
  unsigned char* out = Octets(der);
  Require(i2d_X509(certificate, &out) == static_cast<int>(der.size()));
  return der;
}

// Whether an error of OpenSSL's, since the queue was empty, is an algorithm
// that it no longer has.
bool AnAlgorithmIsMissing() {
  while (const unsigned long error = ERR_get_error()) {
    const char* const reason = ERR_reason_error_string(error);
    if (reason != nullptr && Holds(reason, "unsupported")) return true;
  }
  return false;
}

// What a PKCS#12 file holds of a certificate and its key; may be null.
struct Contents {
  CertificatePtr certificate;
  KeyPtr key;
};

// Without a password files are made in two ways.
bool Opens(PKCS12* file, const std::string& password) {
  if (PKCS12_verify_mac(file, password.data(), static_cast<int>(password.size())) == 1) return true;
  return password.empty() && PKCS12_verify_mac(file, nullptr, 0) == 1;
}

absl::StatusOr<Contents> Open(PKCS12* file, const std::string& password) {
  ERR_clear_error();
  const bool opens = Opens(file, password);
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  const bool read = opens && PKCS12_parse(file, password.c_str(), &key, &certificate, nullptr) == 1;
  Contents contents{CertificatePtr(certificate), KeyPtr(key)};
  if (read) return contents;
  if (AnAlgorithmIsMissing()) {
    return Refused("is protected by an old cipher; export it again (openssl pkcs12 -export)");
  }
  if (opens) return Refused("cannot be read whole; export it again");
  return Refused(password.empty() ? "needs a password; name where it is as `password`"
                                  : "does not open with its password");
}

}  // namespace

class SigningCertificateMaker {
 public:
  static absl::StatusOr<SigningCertificate> Make(std::vector<CertificatePtr> certificates,
                                                 KeyPtr key) {
    if (absl::Status fit = CheckKey(key.get()); !fit.ok()) return fit;
    for (const CertificatePtr& certificate : certificates) {
      if (X509_check_private_key(certificate.get(), key.get()) != 1) continue;
      if (!HasTimes(certificate.get())) break;
      SigningCertificate made;
      made.thumbprint_ = Sha256(DerOf(certificate.get()));
      made.valid_from_ = TimeOf(X509_get0_notBefore(certificate.get()));
      made.valid_until_ = TimeOf(X509_get0_notAfter(certificate.get()));
      made.key_ = std::shared_ptr<EVP_PKEY>(std::move(key));
      return made;
    }
    return Refused(
        "holds no certificate of the private key; was the key replaced and the certificate not?");
  }
};

absl::StatusOr<SigningCertificate> SigningCertificate::FromPem(std::string_view certificates,
                                                               const SecretString& key) {
  const ErrorQueueScope errors;
  std::vector<CertificatePtr> all = CertificatesIn(certificates);
  if (all.empty()) {
    return Refused("holds no certificate in PEM form; for PKCS#12 write `pkcs12` instead");
  }
  auto decoded = KeyIn(key.Reveal());
  if (!decoded.ok()) return decoded.status();
  return SigningCertificateMaker::Make(std::move(all), *std::move(decoded));
}

absl::StatusOr<SigningCertificate> SigningCertificate::FromPkcs12(const SecretString& der,
                                                                  const SecretString& password) {
  const ErrorQueueScope errors;
  const Pkcs12Ptr file(d2i_PKCS12_bio(Reader(der.Reveal()).get(), nullptr));
  if (file == nullptr) return Refused("is not PKCS#12; for PEM write `file` instead");
  std::string text(password.Reveal());
  auto contents = Open(file.get(), text);
  WipeString(text);
  if (!contents.ok()) return contents.status();
  if (contents->certificate == nullptr || contents->key == nullptr) {
    return Refused("does not hold a certificate and its key; export both into it");
  }
  std::vector<CertificatePtr> all;
  all.push_back(std::move(contents->certificate));
  return SigningCertificateMaker::Make(std::move(all), std::move(contents->key));
}

std::string SigningCertificate::SignPs256(std::string_view input) const {
  const ErrorQueueScope errors;
  const DigestContextPtr context = Required(DigestContextPtr(EVP_MD_CTX_new()));
  EVP_PKEY_CTX* key_context = nullptr;
  Require(EVP_DigestSignInit(context.get(), &key_context, Sha256Method(), nullptr, key_.get()) ==
          1);
  Require(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) == 1);
  Require(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST) == 1);
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = signature.size();
  Require(EVP_DigestSign(context.get(), Octets(signature), &size, Octets(input), input.size()) ==
          1);
  signature.resize(size);
  return signature;
}

}  // namespace behalf
