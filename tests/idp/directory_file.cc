#include "tests/idp/directory_file.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "blueprint/yaml_reader.h"
#include "tests/idp/credentials_file.h"
#include "tests/idp/directory_check.h"
#include "tests/idp/fields.h"
#include "tests/idp/guid.h"
#include "tests/idp/redirect_uri.h"
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
                  .refuse_replays = fields.Flag("refuseReplays", false),
                  .users = {},
                  .apps = {},
                  .apis = {},
                  .blueprints = {},
                  .conditional_access = {},
                  .throttle = {}};
    fields.Each("users", [&](Fields& user) { tenant.users.push_back(ReadUser(user)); });
    fields.Each("apis", [&](Fields& api) { tenant.apis.push_back(ReadApi(api)); });
    fields.Each("apps", [&](Fields& app) { tenant.apps.push_back(ReadApp(app)); });
    fields.Each("blueprints",
                [&](Fields& blueprint) { tenant.blueprints.push_back(ReadBlueprint(blueprint)); });
    fields.Each("conditionalAccess",
                [&](Fields& policy) { tenant.conditional_access.push_back(ReadPolicy(policy)); });
    fields.Map("throttle", [&](Fields& throttle) {
      tenant.throttle = {throttle.Count("requests"), throttle.Count("seconds"),
                         throttle.Count("retryAfterSeconds")};
    });
    CheckTenant(tenant, fields);
    return tenant;
  }

  Policy ReadPolicy(Fields& fields) {
    return {.id = NewId(fields, "id"),
            .name = fields.Text("name"),
            .users = fields.Texts("users", {}),
            .resources = fields.Texts("resources", {}),
            .clients = fields.Texts("clients", {}),
            .require = fields.Text("require", ""),
            .context = fields.Text("authContext", "")};
  }

  User ReadUser(Fields& fields) {
    User user{.id = NewId(fields, "id"),
              .upn = fields.Text("upn"),
              .name = fields.Text("name"),
              .password = fields.Text("password", ""),
              .guest = fields.Flag("guest", false),
              .disabled = fields.Flag("disabled", false),
              .require_mfa = fields.Flag("requireMfa", false),
              .agent = fields.Guid("agent", ""),
              .messages = {}};
    if (user.password.empty() == user.agent.empty()) {
      fields.Reject("password", "or `agent` must be given, and not both");
    }
    fields.Each("messages", [&](Fields& message) {
      user.messages.push_back({message.Text("id"), message.Text("subject"),
                               message.Text("fromName"), message.Text("fromAddress"),
                               message.Text("received"), message.Text("preview")});
    });
    return user;
  }

  Resource ReadApi(Fields& fields) {
    Resource api = ReadResource(fields, NewId(fields, "id"), fields.Text("uri"));
    api.nonce = fields.Flag("nonce", false);
    return api;
  }

  static Resource ReadResource(Fields& fields, const std::string& id, const std::string& uri) {
    const int version = fields.Version("accessTokenVersion", 2);
    return {.app_id = id,
            .uri = uri,
            .name = fields.Text("name"),
            .scopes = fields.Texts("scopes", {}),
            .roles = fields.Texts("roles", {}),
            .token_version = version,
            .agent_claims = fields.Flag("agentClaims", version == 1)};
  }

  // An application or blueprint as the resource that it is itself.
  static Resource ReadOwnResource(Fields& fields, const std::string& id) {
    return ReadResource(fields, id, fields.Text("uri", "api://" + id));
  }

  App ReadApp(Fields& fields) {
    const std::string id = NewId(fields, "id");
    return {.id = id,
            .principal_id = fields.Guid("principalId", DerivedGuid("principal " + id)),
            .name = fields.Text("name"),
            .redirect_uris = ReadRedirectUris(fields),
            .credentials = ReadCredentials(fields, path_),
            .resource = ReadOwnResource(fields, id),
            .consents = ReadConsents(fields)};
  }

  static std::vector<std::string> ReadRedirectUris(Fields& fields) {
    std::vector<std::string> uris = fields.Texts("redirectUris", {});
    if (!std::all_of(uris.begin(), uris.end(), IsRedirectUri)) {
      fields.Reject("redirectUris", "must be absolute, without fragments, spaces and quotes");
    }
    return uris;
  }

  Blueprint ReadBlueprint(Fields& fields) {
    const std::string id = NewId(fields, "id");
    Blueprint blueprint{.id = id,
                        .principal_id = fields.Guid("principalId", DerivedGuid("principal " + id)),
                        .name = fields.Text("name"),
                        .credentials = ReadCredentials(fields, path_),
                        .resource = ReadOwnResource(fields, id),
                        .agents = {},
                        .consents = ReadConsents(fields)};
    if (blueprint.credentials.empty()) {
      fields.Reject("secret", "or another credential must be given");
    }
    fields.Each("agents", [&](Fields& agent) {
      blueprint.agents.push_back({NewId(agent, "id"), agent.Text("name"), ReadConsents(agent)});
    });
    return blueprint;
  }

  std::vector<Consent> ReadConsents(Fields& fields) {
    std::vector<Consent> consents;
    fields.Each("consents", [&](Fields& consent) {
      consents.push_back(
          {consent.Text("resource"), consent.Texts("scopes", {}), consent.Texts("roles", {})});
    });
    return consents;
  }

  std::string NewId(Fields& fields, std::string_view key) {
    std::string id = fields.Guid(key);
    if (!id.empty() && !ids_.insert(id).second) fields.Reject(key, "is taken already");
    return id;
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
