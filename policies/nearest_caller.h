// What a caller whom no selector matches was nearest to. For explanations and
// records of denials: anybody who can connect causes those, so that the search
// looks up accounts, socket by socket, and at no more than the first 256 agents
// and tools for a neighbour. Pure.
#pragma once

#include <string>
#include <string_view>

#include "blueprint/catalog.h"

namespace behalf {

// The agents' or tools' selector that fails by the least: the same account on
// another socket, else another account on the same socket. Null when there is
// neither.
const UnixSelector* NearestSelector(const Catalog& catalog, const UnixPeer& peer);

// The agent that the caller most likely wanted to be: the one it names, else
// that of the nearest selector. Null when there is none.
const Agent* NearestAgent(const Catalog& catalog, const UnixPeer& peer, std::string_view name);

// Whether no agent's selector may name this caller: its account is nobody's, or
// that of a tool which is kept apart; or its socket is for admins alone.
bool CannotBeAnAgent(const Catalog& catalog, const UnixPeer& peer);

// As a document would name exactly this caller: "unix: {socket: agents, user:
// "1001"}".
std::string SelectorOf(const UnixPeer& peer);

// A selector with its place.
std::string Describe(const UnixSelector& selector);

}  // namespace behalf
