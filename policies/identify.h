// Whom may this caller speak for? Pure functions over a catalog and what the
// kernel said about a connection. Thread-safe; nothing here fails.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "blueprint/catalog.h"
#include "daemon/base/reason.h"

namespace behalf {

// Which agent a caller acts as.
struct AgentChoice {
  const Agent* agent = nullptr;  // null when denied
  std::optional<Reason> denied = {};
  std::string detail = {};  // for the operator; empty when allowed
};

// `name` may be empty when the peer matches exactly one agent. An agent that
// does not exist and one that is not the caller's get the same answer.
AgentChoice ChooseAgent(const Catalog& catalog, const UnixPeer& peer, std::string_view name);

// What the operator is told of a caller whom nobody knows: who it is, and the
// selector that comes nearest to it.
std::string DescribeUnknown(const Catalog& catalog, const UnixPeer& peer);

// Whether the peer may act as this tool; the reason when not.
std::optional<Reason> RefuseTool(const Catalog& catalog, const UnixPeer& peer, const Tool& tool);

// Whether the redeemer could also be a process of the agent that made the
// handle, although the tool asks for separation.
bool NotSeparated(const Catalog& catalog, const Agent& agent, const Tool& tool,
                  const UnixPeer& redeemer);

}  // namespace behalf
