// Everything a decision looks at, gathered before it. All views must outlive
// the decision; lists are sorted.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "blueprint/catalog.h"

namespace behalf {

// A list that may be absent: then nothing is known, which is not the same as
// none.
using OptionalList = std::optional<std::span<const std::string>>;

inline OptionalList ViewOf(const std::optional<std::vector<std::string>>& list) {
  if (!list) return std::nullopt;
  return std::span<const std::string>(*list);
}

// An empty text says nothing.
inline std::optional<std::string_view> Stated(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

// A user as far as a decision cares: out of a token that was verified.
struct UserFacts {
  std::string_view tenant = {};              // `tid`
  std::string_view object_id = {};           // `oid`
  std::string_view audience = {};            // `aud`
  std::string_view client = {};              // `azp` or `appid`
  std::span<const std::string> scopes = {};  // `scp`
  bool guest = false;
  OptionalList groups = {};
  OptionalList roles = {};
  OptionalList amr = {};
  OptionalList auth_contexts = {};  // `acrs`
  std::optional<std::string_view> acr = {};
  std::optional<absl::Time> signed_in_at = {};  // `auth_time`
};

// Of claims as a token has them, or as an operator asks about them. Views into
// `claims` and `client`, which must outlive them.
template <typename Claims>
UserFacts FactsOf(const Claims& claims, std::string_view client) {
  return {.tenant = claims.tenant,
          .object_id = claims.object_id,
          .audience = claims.audience,
          .client = client,
          .scopes = claims.scopes,
          .guest = claims.guest,
          .groups = ViewOf(claims.groups),
          .roles = ViewOf(claims.roles),
          .amr = ViewOf(claims.amr),
          .auth_contexts = ViewOf(claims.auth_contexts),
          .acr = claims.acr,
          .signed_in_at = claims.signed_in_at};
}

// What the request says of itself. Nobody vouches for it: a rule may demand
// it, and the record keeps it.
struct DeclaredFacts {
  std::optional<std::string_view> purpose = {};
  std::optional<std::string_view> tool_name = {};         // the function of the tool that is called
  std::optional<std::string_view> arguments_digest = {};  // of that call
};

template <typename Declaration>
DeclaredFacts DeclaredBy(const Declaration& said) {
  return {.purpose = Stated(said.purpose),
          .tool_name = Stated(said.tool_name),
          .arguments_digest = Stated(said.arguments_digest)};
}

struct Facts {
  const Agent* agent = nullptr;
  // The agent's process; at a redemption, the one that made the handle.
  UnixPeer caller = {};
  UserFacts user = {};         // nobody with application access
  std::string_view tool = {};  // empty: the agent itself asks
  std::string_view api = {};
  Access access = Access::kDelegated;
  // What was asked for by name; empty: all that is allowed. With application
  // access nothing can be.
  std::span<const std::string> scopes = {};
  // What a handle was made for: the ceiling of its redemption. Absent: none.
  OptionalList within = {};
  DeclaredFacts declared = {};
  absl::Time now = {};
  // Whether a fact of the host disables the agent's blueprint.
  bool disabled = false;
  // What an operator revoked that this request needs, and why, for operators.
  // Empty: nothing.
  std::string revoked = {};
};

}  // namespace behalf
