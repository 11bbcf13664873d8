#include "policies/decide.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

Decision DenyAllowance(const Facts& facts, std::string_view why) {
  return Deny(Reason::kNotAllowed, "allowance",
              absl::StrCat("agent ", facts.agent->name, ", tool ",
                           facts.tool.empty() ? "none" : View(facts.tool), ", API ",
                           View(facts.api), ": ", View(why)));
}

bool AllowedThroughSomeTool(const Agent& agent, const Api& api, Access access) {
  return std::ranges::any_of(agent.blueprint->allow, [&](const Allowance& line) {
    return line.tool != nullptr && line.api == &api && line.access == access;
  });
}

Decision DenyWithoutAllowance(const Facts& facts, const Api& api) {
  if (facts.tool.empty() && AllowedThroughSomeTool(*facts.agent, api, facts.access)) {
    return Deny(
        Reason::kHandleRequired, "allowance",
        absl::StrCat("agent ", facts.agent->name, " reaches API ", api.name, " through a tool"));
  }
  return DenyAllowance(facts, "no line of `allow` covers it");
}

const std::string* FirstOutside(const std::vector<std::string>& sorted_scopes,
                                const std::vector<std::string>& sorted_ceiling) {
  for (const std::string& scope : sorted_scopes) {
    if (!std::ranges::binary_search(sorted_ceiling, scope)) return &scope;
  }
  return nullptr;
}

std::vector<std::string> SortedOnce(std::span<const std::string> asked) {
  std::vector<std::string> scopes(asked.begin(), asked.end());
  std::ranges::sort(scopes);
  const auto repeated = std::ranges::unique(scopes);
  scopes.erase(repeated.begin(), repeated.end());
  return scopes;
}

Decision NarrowTo(const Allowance& allowance, std::span<const std::string> asked) {
  std::vector<std::string> scopes = asked.empty() ? allowance.scopes : SortedOnce(asked);
  if (const std::string* outside = FirstOutside(scopes, allowance.scopes)) {
    return Deny(Reason::kScopeNotAllowed, "scopes",
                absl::StrCat("scope ", *outside, " is not among those of ", allowance.place.file,
                             ":", allowance.place.line));
  }
  return {.allowance = &allowance,
          .scopes = std::move(scopes),
          .max_lifetime = allowance.max_lifetime,
          .reuse_for = allowance.reuse_for};
}

}  // namespace

Decision Deny(Reason reason, std::string_view term, std::string detail) {
  return {.denied = reason, .term = term, .detail = std::move(detail)};
}

Decision Decide(const Catalog& catalog, const Facts& facts) {
  if (facts.agent == nullptr) return Deny(Reason::kNotAllowed, "agent", "no agent asks");
  const Api* api = catalog.FindApi(facts.api);
  if (api == nullptr) return DenyAllowance(facts, "there is no such API");
  const Tool* tool = nullptr;
  if (!facts.tool.empty()) {
    tool = catalog.FindTool(facts.tool);
    if (tool == nullptr) return DenyAllowance(facts, "there is no such tool");
  }
  const Allowance* allowance = catalog.FindAllowance(*facts.agent, tool, *api, facts.access);
  if (allowance == nullptr) return DenyWithoutAllowance(facts, *api);
  return NarrowTo(*allowance, facts.scopes);
}

}  // namespace behalf
