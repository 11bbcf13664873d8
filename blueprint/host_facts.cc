#include <algorithm>
#include <fstream>
#include <iterator>
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

void CheckCredential(const Blueprint& blueprint, const std::string& credentials_directory,
                     std::vector<Issue>& issues) {
  for (const CredentialFile& file : FilesOf(blueprint.credential, credentials_directory)) {
    if (!file.path.empty()) continue;
    const std::string& name = file.source->systemd_credential;
    issues.push_back(
        Disables(blueprint, file.source->place,
                 absl::StrCat("there are no systemd credentials, so none is called `", name, "`"),
                 absl::StrCat("start the daemon by a unit with LoadCredential=", name, ":FILE")));
    return;
  }
  const auto credential = ReadCredential(blueprint.credential, credentials_directory);
  if (credential.ok()) return;
  issues.push_back(Disables(blueprint, blueprint.credential.secret.place,
                            std::string(credential.status().message()),
                            "the blueprint is disabled until this is put right"));
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

std::vector<Issue> CheckHost(const Catalog& catalog, const std::string& credentials_directory,
                             const CredentialInHand& in_hand) {
  std::vector<Issue> issues;
  for (const auto& blueprint : catalog.blueprints()) {
    const bool in_use = in_hand && in_hand(blueprint->credential);
    if (!in_use) CheckCredential(*blueprint, credentials_directory, issues);
    CheckCaFile(*blueprint, issues);
  }
  std::sort(issues.begin(), issues.end(), [](const Issue& a, const Issue& b) {
    return std::tie(a.place.file, a.place.line, a.place.column, a.blueprint) <
           std::tie(b.place.file, b.place.line, b.place.column, b.blueprint);
  });
  return issues;
}

}  // namespace behalf
