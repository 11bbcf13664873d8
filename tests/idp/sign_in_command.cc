#include <boost/json/parse.hpp>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "tests/idp/commands.h"
#include "tests/idp/directory_file.h"
#include "tests/idp/flags.h"
#include "tests/idp/https_client.h"
#include "tests/idp/jwt.h"
#include "tests/idp/state_directory.h"

namespace behalf::idp {
namespace {

struct Login {
  std::string upn;
  std::string password;
};

// "alice" is alice@ the tenant's domain.
absl::StatusOr<Login> FromConfig(const std::string& path, const std::string& tenant_name,
                                 const std::string& name) {
  const auto directory = LoadDirectory(path);
  if (!directory.ok()) return directory.status();
  const Tenant* tenant = directory->FindTenant(tenant_name);
  if (tenant == nullptr) return absl::NotFoundError(absl::StrCat("no tenant ", tenant_name));
  const User* user = tenant->FindUser(name);
  if (user == nullptr) user = tenant->FindUser(absl::StrCat(name, "@", tenant->domain));
  if (user == nullptr) return absl::NotFoundError(absl::StrCat("no user ", name));
  return Login{user->upn, user->password};
}

absl::StatusOr<Login> FindLogin(const Flags& flags, const std::string& tenant,
                                const std::string& user) {
  if (const auto config = flags.Get("config")) return FromConfig(*config, tenant, user);
  const auto file = flags.Need("password-file");
  if (!file.ok()) return absl::InvalidArgumentError("--password-file or --config is missing");
  std::string password = ReadWholeFile(*file).value_or("");
  if (password.ends_with('\n')) password.pop_back();
  if (password.empty()) return absl::NotFoundError(absl::StrCat(*file, " holds no password"));
  return Login{user, password};
}

absl::StatusOr<std::string> TokenIn(const HttpReply& reply) {
  json::error_code error;
  const json::value body = json::parse(reply.body, error);
  const json::object object = !error && body.is_object() ? body.get_object() : json::object();
  if (const auto token = TextAt(object, "access_token")) return *token;
  return absl::PermissionDeniedError(
      TextAt(object, "error_description").value_or(absl::StrCat("HTTP status ", reply.status)));
}

absl::Status Deliver(const std::string& output, const std::string& token) {
  if (output != "-") return WriteWholeFile(output, token + "\n", 0600);
  std::puts(token.c_str());
  return absl::OkStatus();
}

}  // namespace

absl::Status SignInCommand(const std::vector<std::string>& arguments) {
  const auto flags =
      Flags::Parse(arguments, {"url", "ca", "tenant", "client", "user", "password-file", "config",
                               "scope", "claims", "output"});
  if (!flags.ok()) return flags.status();
  for (const char* needed : {"url", "ca", "tenant", "client", "user", "scope", "output"}) {
    if (const auto value = flags->Need(needed); !value.ok()) return value.status();
  }
  const auto value = [&](std::string_view name) { return flags->GetOr(name, ""); };
  const auto login = FindLogin(*flags, value("tenant"), value("user"));
  if (!login.ok()) return login.status();
  FormFields fields{{"grant_type", "password"},
                    {"client_id", value("client")},
                    {"username", login->upn},
                    {"password", login->password},
                    {"scope", value("scope")}};
  if (flags->Get("claims")) fields.emplace_back("claims", value("claims"));
  const auto reply = PostForm(
      absl::StrCat(value("url"), "/", value("tenant"), "/oauth2/v2.0/token"), value("ca"), fields);
  if (!reply.ok()) return reply.status();
  const auto token = TokenIn(*reply);
  return token.ok() ? Deliver(value("output"), *token) : token.status();
}

}  // namespace behalf::idp
