#include "tests/idp/certificates.h"

#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <span>

namespace behalf::idp {
namespace {

constexpr std::string_view kCaCertificate = "ca.pem";
constexpr std::string_view kCaKey = "ca.key";
constexpr std::string_view kServerCertificate = "server.pem";
constexpr std::string_view kServerKey = "server.key";
constexpr int kValidDays = 3650;

struct Extension {
  int nid;
  const char* value;
};

constexpr auto kCaExtensions = std::to_array<Extension>({
    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"},
    {NID_name_constraints,
     "critical,permitted;DNS:localhost,permitted;IP:127.0.0.1/255.255.255.255,"
     "permitted;IP:0:0:0:0:0:0:0:1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
});

constexpr auto kServerExtensions = std::to_array<Extension>({
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid:always"},
    {NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"},
});

KeyPtr NewKey() { return KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }

void SetSerial(X509* certificate) {
  std::uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1);
}

void SetName(X509* certificate, const char* common_name) {
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
}

bool AddExtensions(X509* certificate, X509* issuer, std::span<const Extension> extensions) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const Extension& extension : extensions) {
    X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value);
    if (made == nullptr) return false;
    X509_add_ext(certificate, made, -1);
    X509_EXTENSION_free(made);
  }
  return true;
}

CertificatePtr NewCertificate(EVP_PKEY* key, const char* common_name) {
  CertificatePtr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  SetSerial(certificate.get());
  SetName(certificate.get(), common_name);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -300);
  X509_time_adj_ex(X509_getm_notAfter(certificate.get()), kValidDays, 0, nullptr);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

absl::Status Sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key,
                  std::span<const Extension> extensions) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  if (!AddExtensions(certificate, issuer, extensions) ||
      X509_sign(certificate, issuer_key, EVP_sha256()) == 0) {
    return absl::InternalError("cannot sign a certificate");
  }
  return absl::OkStatus();
}

absl::Status MakeCa(const StateDirectory& state) {
  const KeyPtr key = NewKey();
  const CertificatePtr ca = NewCertificate(key.get(), "behalf-idp development CA");
  if (auto signed_ok = Sign(ca.get(), ca.get(), key.get(), kCaExtensions); !signed_ok.ok()) {
    return signed_ok;
  }
  if (auto kept = state.WriteKey(kCaKey, key.get()); !kept.ok()) return kept;
  return state.WriteCertificate(kCaCertificate, ca.get());
}

absl::Status MakeServer(const StateDirectory& state, X509* ca, EVP_PKEY* ca_key) {
  const KeyPtr key = NewKey();
  const CertificatePtr server = NewCertificate(key.get(), "localhost");
  if (auto ok = Sign(server.get(), ca, ca_key, kServerExtensions); !ok.ok()) return ok;
  if (auto kept = state.WriteKey(kServerKey, key.get()); !kept.ok()) return kept;
  return state.WriteCertificate(kServerCertificate, server.get());
}

bool Usable(X509* certificate, EVP_PKEY* key) {
  return certificate != nullptr && key != nullptr &&
         X509_check_private_key(certificate, key) == 1 &&
         X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

}  // namespace

absl::StatusOr<TlsIdentity> PrepareTlsIdentity(const StateDirectory& state) {
  const auto ca_usable = [&] {
    return Usable(state.ReadCertificate(kCaCertificate).get(), state.ReadKey(kCaKey).get());
  };
  const bool new_ca = !ca_usable();
  if (new_ca) {
    if (auto made = MakeCa(state); !made.ok()) return made;
  }
  const CertificatePtr ca = state.ReadCertificate(kCaCertificate);
  const KeyPtr ca_key = state.ReadKey(kCaKey);
  if (!Usable(ca.get(), ca_key.get())) return absl::InternalError("the CA cannot be read back");
  if (new_ca ||
      !Usable(state.ReadCertificate(kServerCertificate).get(), state.ReadKey(kServerKey).get())) {
    if (auto made = MakeServer(state, ca.get(), ca_key.get()); !made.ok()) return made;
  }
  return TlsIdentity{state.PathOf(kCaCertificate), state.PathOf(kServerCertificate),
                     state.PathOf(kServerKey)};
}

}  // namespace behalf::idp
