#include "daemon/broker/revocation_target.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "blueprint/suggest.h"
#include "daemon/base/error.h"
#include "daemon/broker/revocations.h"

namespace behalf {
namespace {

absl::Status Invalid(std::string_view field, const std::string& why) {
  return MakeError(
      ErrorDetail{.reason = Reason::kRequestInvalid, .metadata = {{"field", std::string(field)}}},
      absl::StrCat(absl::string_view(field.data(), field.size()), " ", why));
}

bool IsGuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    }
  }
  return true;
}

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower(absl::string_view(text.data(), text.size()));
}

Revocation Of(RevocationKind kind, std::vector<std::string> targets, std::string_view said) {
  Revocation revocation;
  revocation.kind = kind;
  revocation.targets = std::move(targets);
  revocation.said = std::string(said);
  return revocation;
}

absl::Status Unknown(RevocationKind kind, std::string_view name,
                     const std::vector<std::string>& known) {
  const absl::string_view what(NameOf(kind).data(), NameOf(kind).size());
  return Invalid("target.name",
                 absl::StrCat("is no ", what, " of the documents: ", loader::Suggest(name, known)));
}

absl::StatusOr<Revocation> ResolveAgent(const Catalog& catalog, std::string_view name) {
  std::vector<std::string> known;
  const std::string id = IsGuid(name) ? Lower(name) : "";
  for (const auto& blueprint : catalog.blueprints()) {
    for (const Agent& agent : blueprint->agents) {
      if (agent.name == name || agent.id == id) {
        return Of(RevocationKind::kAgent, {agent.name, agent.id}, name);
      }
      known.push_back(agent.name);
    }
  }
  if (!id.empty()) return Of(RevocationKind::kAgent, {id}, name);
  return Unknown(RevocationKind::kAgent, name, known);
}

absl::StatusOr<Revocation> ResolveBlueprint(const Catalog& catalog, std::string_view name) {
  std::vector<std::string> known;
  const std::string id = IsGuid(name) ? Lower(name) : "";
  for (const auto& blueprint : catalog.blueprints()) {
    if (blueprint->name == name || blueprint->client_id == id) {
      return Of(RevocationKind::kBlueprint, {blueprint->name, blueprint->client_id}, name);
    }
    known.push_back(blueprint->name);
  }
  if (!id.empty()) return Of(RevocationKind::kBlueprint, {id}, name);
  return Unknown(RevocationKind::kBlueprint, name, known);
}

absl::StatusOr<Revocation> ResolveTool(const Catalog& catalog, std::string_view name) {
  if (catalog.FindTool(name) != nullptr) {
    return Of(RevocationKind::kTool, {std::string(name)}, name);
  }
  std::vector<std::string> known;
  for (const auto& tool : catalog.tools()) known.push_back(tool->name);
  return Unknown(RevocationKind::kTool, name, known);
}

absl::StatusOr<Revocation> ResolveUser(std::string_view object_id, std::string_view tenant) {
  if (!IsGuid(object_id)) {
    return Invalid("target.name", "of a user is the object id, as records have it in `user.oid`");
  }
  if (!tenant.empty() && !IsGuid(tenant)) {
    return Invalid("target.tenant", "is a tenant's id, as records have it in `user.tid`");
  }
  return Of(RevocationKind::kUser, {UserTarget(Lower(tenant), Lower(object_id))}, object_id);
}

absl::StatusOr<Revocation> ResolveDigest(RevocationKind kind, std::string_view digest,
                                         std::string_view key_id) {
  const bool ours = digest.size() == key_id.size() + 1 + 32 && digest.starts_with(key_id) &&
                    digest[key_id.size()] == ':';
  if (!ours) {
    return Invalid("target.name", absl::StrCat("is a digest, as this daemon's records have it: \"",
                                               absl::string_view(key_id.data(), key_id.size()),
                                               ":\" and 32 hexadecimal digits"));
  }
  return Of(kind, {std::string(digest)}, digest);
}

}  // namespace

absl::StatusOr<Revocation> ResolveTarget(const Catalog& catalog, RevocationKind kind,
                                         std::string_view name, std::string_view tenant,
                                         std::string_view key_id) {
  if (kind != RevocationKind::kUser && !tenant.empty()) {
    return Invalid("target.tenant", "goes with a user only");
  }
  if (kind == RevocationKind::kAll) {
    if (!name.empty()) return Invalid("target.name", "does not go with `all`");
    return Of(kind, {}, "");
  }
  if (name.empty()) return Invalid("target.name", "is required");
  switch (kind) {
    case RevocationKind::kBlueprint:
      return ResolveBlueprint(catalog, name);
    case RevocationKind::kAgent:
      return ResolveAgent(catalog, name);
    case RevocationKind::kTool:
      return ResolveTool(catalog, name);
    case RevocationKind::kUser:
      return ResolveUser(name, tenant);
    default:
      return ResolveDigest(kind, name, key_id);
  }
}

}  // namespace behalf
