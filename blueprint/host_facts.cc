#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "blueprint/credential_files.h"
#include "blueprint/load.h"

namespace behalf {
namespace {

constexpr std::size_t kMostCaBytes = std::size_t{1} << 20;

Issue Disables(const Blueprint& blueprint, const Place& place, std::string message,
               std::string advice) {
  return {.kind = Issue::Kind::kHost,
          .place = place,
          .message = std::move(message),
          .advice = std::move(advice),
          .line = {},
          .blueprint = blueprint.name};
}

// What is wrong with a file of CA certificates; empty: nothing.
std::string Fault(const std::string& ca_file) {
  std::ifstream in(ca_file, std::ios::binary);
  std::string text(kMostCaBytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (in.fail() && !in.eof())) return "cannot be read";
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text.find("-----BEGIN CERTIFICATE-----") == std::string::npos
             ? "holds no certificate in PEM form"
             : "";
}

std::string AdviceFor(const Credential& credential) {
  return credential.kind == CredentialKind::kSecret
             ? "replace the secret, and `expiresAt` with it: the blueprint is disabled until then"
             : "replace the certificate: the blueprint is disabled until then";
}

// Reads the credential; reports why it cannot be.
std::optional<Validity> ReadValidity(const Blueprint& blueprint,
                                     const std::string& credentials_directory,
                                     std::vector<Issue>& issues) {
  const Credential& credential = blueprint.credential;
  for (const CredentialFile& file : FilesOf(credential, credentials_directory)) {
    if (!file.path.empty()) continue;
    const std::string& name = file.systemd_credential;
    issues.push_back(
        Disables(blueprint, credential.place,
                 absl::StrCat("there are no systemd credentials, so none is called `", name, "`"),
                 absl::StrCat("start the daemon by a unit with LoadCredential=", name, ":FILE")));
    return std::nullopt;
  }
  const auto read = ReadCredential(credential, credentials_directory);
  if (read.ok()) return ValidityOf(credential, *read);
  issues.push_back(Disables(blueprint, credential.place, std::string(read.status().message()),
                            "the blueprint is disabled until this is put right"));
  return std::nullopt;
}

void CheckCredential(const Blueprint& blueprint, const HostView& host, std::vector<Issue>& issues) {
  const Credential& credential = blueprint.credential;
  std::optional<Validity> validity;
  if (host.in_hand) validity = host.in_hand(credential);
  if (!validity) validity = ReadValidity(blueprint, host.credentials_directory, issues);
  if (!validity) return;
  std::string fault = FaultAt(host.now, credential, *validity);
  if (fault.empty()) return;
  issues.push_back(Disables(blueprint, credential.place, std::move(fault), AdviceFor(credential)));
}

void CheckCaFile(const Blueprint& blueprint, std::vector<Issue>& issues) {
  const Provider& provider = *blueprint.provider;
  if (provider.ca_file.empty()) return;
  const std::string fault = Fault(provider.ca_file);
  if (fault.empty()) return;
  issues.push_back(Disables(
      blueprint, provider.place, absl::StrCat("the CA file ", provider.ca_file, " ", fault),
      "all blueprints of this provider are disabled until this is put right"));
}

}  // namespace

std::vector<Issue> CheckHost(const Catalog& catalog, const HostView& host) {
  std::vector<Issue> issues;
  for (const auto& blueprint : catalog.blueprints()) {
    CheckCredential(*blueprint, host, issues);
    CheckCaFile(*blueprint, issues);
  }
  std::sort(issues.begin(), issues.end(), [](const Issue& a, const Issue& b) {
    return std::tie(a.place.file, a.place.line, a.place.column, a.blueprint) <
           std::tie(b.place.file, b.place.line, b.place.column, b.blueprint);
  });
  return issues;
}

}  // namespace behalf
