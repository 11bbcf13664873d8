#include "tests/idp/directory_file.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "blueprint/yaml_reader.h"
#include "tests/idp/fields.h"
#include "tests/idp/guid.h"
#include "tests/idp/state_directory.h"

namespace behalf::idp {
namespace {

class DirectoryReader {
 public:
  DirectoryReader(const std::string& path, Mistakes& mistakes) : path_(path), mistakes_(mistakes) {}

  Directory Read(const Node& root) {
    Directory directory;
    Fields fields(root, mistakes_);
    fields.Each("tenants",
                [&](Fields& tenant) { directory.tenants.push_back(ReadTenant(tenant)); });
    if (directory.tenants.empty()) fields.Reject("tenants", "must name one tenant at least");
    return directory;
  }

 private:
  Tenant ReadTenant(Fields& fields) {
    Tenant tenant{.id = NewId(fields, "id"),
                  .name = fields.Text("name"),
                  .domain = fields.Text("domain"),
                  .users = {},
                  .apps = {},
                  .apis = {},
                  .blueprints = {}};
    fields.Each("users", [&](Fields& user) { tenant.users.push_back(ReadUser(user)); });
    fields.Each("apis", [&](Fields& api) { tenant.apis.push_back(ReadApi(api)); });
    fields.Each("apps", [&](Fields& app) { tenant.apps.push_back(ReadApp(app)); });
    fields.Each("blueprints",
                [&](Fields& blueprint) { tenant.blueprints.push_back(ReadBlueprint(blueprint)); });
    CheckConsents(fields, tenant);
    return tenant;
  }

  User ReadUser(Fields& fields) {
    User user{.id = NewId(fields, "id"),
              .upn = fields.Text("upn"),
              .name = fields.Text("name"),
              .password = fields.Text("password"),
              .guest = fields.Flag("guest", false),
              .disabled = fields.Flag("disabled", false),
              .require_mfa = fields.Flag("requireMfa", false),
              .messages = {}};
    fields.Each("messages", [&](Fields& message) {
      user.messages.push_back({message.Text("id"), message.Text("subject"),
                               message.Text("fromName"), message.Text("fromAddress"),
                               message.Text("received"), message.Text("preview")});
    });
    return user;
  }

  Resource ReadApi(Fields& fields) {
    const int version = fields.Version("accessTokenVersion", 2);
    return {.app_id = NewId(fields, "id"),
            .uri = fields.Text("uri"),
            .name = fields.Text("name"),
            .scopes = fields.Texts("scopes"),
            .token_version = version,
            .agent_claims = fields.Flag("agentClaims", version == 1),
            .nonce = fields.Flag("nonce", false)};
  }

  App ReadApp(Fields& fields) {
    return {NewId(fields, "id"), fields.Text("name"), ReadConsents(fields)};
  }

  Blueprint ReadBlueprint(Fields& fields) {
    const std::string id = NewId(fields, "id");
    Blueprint blueprint{.id = id,
                        .principal_id = fields.Guid("principalId", DerivedGuid("principal " + id)),
                        .name = fields.Text("name"),
                        .secret = ReadSecret(fields),
                        .resource = {.app_id = id,
                                     .uri = fields.Text("uri", "api://" + id),
                                     .name = fields.Text("name"),
                                     .scopes = fields.Texts("scopes"),
                                     .token_version = fields.Version("accessTokenVersion", 2)},
                        .agents = {},
                        .consents = ReadConsents(fields)};
    fields.Each("agents", [&](Fields& agent) {
      blueprint.agents.push_back({NewId(agent, "id"), agent.Text("name"), ReadConsents(agent)});
    });
    return blueprint;
  }

  std::string ReadSecret(Fields& fields) {
    const std::string inline_secret = fields.Text("secret", "");
    const std::string file = fields.Text("secretFile", "");
    if (inline_secret.empty() == file.empty()) {
      fields.Reject("secret", "or `secretFile` must be given, and not both");
    }
    if (file.empty()) return inline_secret;
    const auto path = std::filesystem::path(path_).parent_path() / file;
    std::string text = ReadWholeFile(path.string()).value_or("");
    if (text.ends_with('\n')) text.pop_back();
    if (text.empty()) fields.Reject("secretFile", "cannot be read, or is empty");
    return text;
  }

  std::vector<Consent> ReadConsents(Fields& fields) {
    std::vector<Consent> consents;
    fields.Each("consents", [&](Fields& consent) {
      consents.push_back({consent.Text("resource"), consent.Texts("scopes")});
    });
    return consents;
  }

  std::string NewId(Fields& fields, std::string_view key) {
    std::string id = fields.Guid(key);
    if (!id.empty() && !ids_.insert(id).second) fields.Reject(key, "is taken already");
    return id;
  }

  void CheckConsents(Fields& fields, const Tenant& tenant) {
    const auto check = [&](const std::vector<Consent>& consents) {
      for (const Consent& consent : consents) CheckConsent(fields, tenant, consent);
    };
    for (const App& app : tenant.apps) check(app.consents);
    for (const Blueprint& blueprint : tenant.blueprints) {
      check(blueprint.consents);
      for (const Agent& agent : blueprint.agents) check(agent.consents);
    }
  }

  void CheckConsent(Fields& fields, const Tenant& tenant, const Consent& consent) {
    const Resource* resource = tenant.FindResource(consent.resource);
    if (resource == nullptr || resource->uri != consent.resource) {
      return fields.Reject(
          "id", absl::StrCat("has a consent for the unknown resource ", consent.resource));
    }
    for (const std::string& scope : consent.scopes) {
      const auto& exposed = resource->scopes;
      if (std::find(exposed.begin(), exposed.end(), scope) != exposed.end()) continue;
      fields.Reject("id", absl::StrCat("has a consent for ", scope, ", which ", resource->uri,
                                       " does not expose"));
    }
  }

  const std::string& path_;
  Mistakes& mistakes_;
  std::set<std::string> ids_;
};

}  // namespace

absl::StatusOr<Directory> ParseDirectory(const std::string& path, const std::string& text) {
  Mistakes mistakes(path);
  const auto read = loader::ReadYaml(text);
  if (const auto* error = std::get_if<loader::SyntaxError>(&read)) {
    mistakes.Add(error->line, error->column, error->message);
    return absl::InvalidArgumentError(mistakes.all().front());
  }
  const auto& documents = std::get<std::vector<Node>>(read);
  if (documents.size() != 1) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": one document belongs in this file"));
  }
  Directory directory = DirectoryReader(path, mistakes).Read(documents.front());
  if (mistakes.all().empty()) return directory;
  return absl::InvalidArgumentError(absl::StrJoin(mistakes.all(), "\n"));
}

absl::StatusOr<Directory> LoadDirectory(const std::string& path) {
  const std::optional<std::string> text = ReadWholeFile(path);
  if (!text.has_value()) return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  return ParseDirectory(path, *text);
}

}  // namespace behalf::idp
