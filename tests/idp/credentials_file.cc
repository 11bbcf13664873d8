#include "tests/idp/credentials_file.h"

#include <filesystem>

#include "tests/idp/state_directory.h"

namespace behalf::idp {
namespace {

std::string ReadBeside(const std::string& path, const std::string& name) {
  return ReadWholeFile((std::filesystem::path(path).parent_path() / name).string()).value_or("");
}

std::string ReadSecret(Fields& fields, const std::string& path) {
  const std::string inline_secret = fields.Text("secret", "");
  const std::string file = fields.Text("secretFile", "");
  if (!inline_secret.empty() && !file.empty()) {
    fields.Reject("secret", "or `secretFile` must be given, and not both");
  }
  if (file.empty()) return inline_secret;
  std::string text = ReadBeside(path, file);
  if (text.ends_with('\n')) text.pop_back();
  if (text.empty()) fields.Reject("secretFile", "cannot be read, or is empty");
  return text;
}

}  // namespace

Credentials ReadCredentials(Fields& fields, const std::string& path) {
  Credentials credentials;
  const std::string secret = ReadSecret(fields, path);
  if (!secret.empty()) credentials.secrets.push_back({secret});
  return credentials;
}

}  // namespace behalf::idp
