#include "policies/identify.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "policies/nearest_caller.h"

namespace behalf {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

AgentChoice Refuse(Reason reason, std::string detail) {
  return {.denied = reason, .detail = std::move(detail)};
}

std::string Describe(const UnixPeer& peer) {
  return absl::StrCat("uid ", peer.uid, " on socket ", View(peer.socket));
}

AgentChoice RefuseNonAgent(const Catalog& catalog, const UnixPeer& peer) {
  if (!catalog.ToolsOf(peer).empty()) {
    return Refuse(Reason::kCallerNotAgent, Describe(peer) + " is known as a tool only");
  }
  if (catalog.IsAdmin(peer)) {
    return Refuse(Reason::kCallerNotAgent, Describe(peer) + " is known as an admin only");
  }
  return Refuse(Reason::kCallerUnknown, DescribeUnknown(catalog, peer));
}

}  // namespace

std::string DescribeUnknown(const Catalog& catalog, const UnixPeer& peer) {
  std::string text = Describe(peer) + " matches no selector";
  const UnixSelector* const near = NearestSelector(catalog, peer);
  if (near != nullptr) absl::StrAppend(&text, "; the nearest is ", Describe(*near));
  return text;
}

AgentChoice ChooseAgent(const Catalog& catalog, const UnixPeer& peer, std::string_view name) {
  const std::vector<const Agent*> own = catalog.AgentsOf(peer);
  if (own.empty()) return RefuseNonAgent(catalog, peer);
  if (name.empty()) {
    if (own.size() == 1) return {.agent = own.front()};
    return Refuse(Reason::kAgentAmbiguous,
                  absl::StrCat(Describe(peer), " matches ", own.size(), " agents"));
  }
  const auto named = std::ranges::find(own, name, &Agent::name);
  if (named != own.end()) return {.agent = *named};
  return Refuse(Reason::kAgentNotCallers, Describe(peer) + " may not act as the agent it named");
}

std::optional<Reason> RefuseTool(const Catalog& catalog, const UnixPeer& peer, const Tool& tool) {
  const std::vector<const Tool*> own = catalog.ToolsOf(peer);
  if (std::ranges::find(own, tool.name, &Tool::name) != own.end()) return std::nullopt;
  if (!own.empty()) return Reason::kHandleWrongTool;
  const bool known = !catalog.AgentsOf(peer).empty() || catalog.IsAdmin(peer);
  return known ? Reason::kCallerNotTool : Reason::kCallerUnknown;
}

bool NotSeparated(const Catalog& catalog, const Agent& agent, const Tool& tool,
                  const UnixPeer& redeemer) {
  if (tool.separation == Separation::kNone) return false;
  return catalog.CouldBe(agent, redeemer);
}

}  // namespace behalf
