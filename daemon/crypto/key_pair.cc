#include "daemon/crypto/key_pair.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "daemon/crypto/openssl.h"

namespace behalf {
namespace {

using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free>>;
using CertificatePtr = std::unique_ptr<X509, OpensslFree<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;

BioPtr Reader(std::string_view bytes) {
  return Required(BioPtr(BIO_new_mem_buf(Octets(bytes), static_cast<int>(bytes.size()))));
}

// OpenSSL would ask the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

// Null where there is none.
CertificatePtr FirstIn(std::string_view pem) {
  return CertificatePtr(PEM_read_bio_X509(Reader(pem).get(), nullptr, NoPassword, nullptr));
}

}  // namespace

bool HoldsCertificate(std::string_view pem) {
  const ErrorQueueScope errors;
  return FirstIn(pem) != nullptr;
}

bool IsKeyOf(std::string_view key, std::string_view certificates) {
  const ErrorQueueScope errors;
  const CertificatePtr first = FirstIn(certificates);
  const KeyPtr read(PEM_read_bio_PrivateKey(Reader(key).get(), nullptr, NoPassword, nullptr));
  return first != nullptr && read != nullptr &&
         X509_check_private_key(first.get(), read.get()) == 1;
}

}  // namespace behalf
