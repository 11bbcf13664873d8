// What a Policy document says, as plain values: rules that restrict what
// allowances allow. Made by the loader, never changed afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "blueprint/documents.h"

namespace behalf {

// Compares a set of texts with the facts' set; what is stated must hold
// together. Lists are sorted; an empty one states nothing.
struct Match {
  std::vector<std::string> any;   // one of these at least
  std::vector<std::string> all;   // every one of these
  std::vector<std::string> none;  // not one of these

  bool states_nothing() const { return any.empty() && all.empty() && none.empty(); }
};

// The same for the agent's process.
struct CallerMatch {
  std::vector<UnixSelector> any;
  std::vector<UnixSelector> none;

  bool states_nothing() const { return any.empty() && none.empty(); }
};

// Times of the week in a zone. Holds from `from` until before `to`; where `to`
// is not after `from` the span goes on past midnight and belongs to the day it
// began on.
struct TimeWindow {
  std::string zone;  // of the IANA database
  absl::TimeZone resolved = absl::UTCTimeZone();
  std::array<bool, 7> days = {true, true, true, true, true, true, true};  // Monday first
  int from = 0;                                                           // minutes of the day
  int to = 24 * 60;
};

// All that is stated must hold. What the catalog knows comes first: a rule's
// fit to an agent and an allowance is found at load.
struct Condition {
  Match agent;         // its name
  Match agent_labels;  // "key=value"
  Match blueprint;     // its name
  Match tool;          // its name; the agent itself is no tool
  Match tool_labels;
  Match api;  // its name
  Match api_labels;
  Match access;         // "delegated", "application"
  Match scope_request;  // "named", "default": how the API's scopes are asked for

  CallerMatch caller;  // the agent's process
  Match tenant;        // `tid`
  Match groups;
  Match roles;
  Match acr;
  Match amr;
  Match auth_contexts;  // `acrs`
  std::optional<bool> guest;
  std::optional<absl::Duration> signed_in_within;  // since `auth_time`
  Match scopes;                                    // what the request would get
  std::optional<TimeWindow> time;
  // What the request declares.
  Match purpose;
  Match tool_name;
  Match arguments_digest;
};

// A sign-in that the user's token must show; at least one is given.
struct SignInRequirement {
  std::optional<absl::Duration> within;  // `auth_time` at most so long ago
  std::string auth_context;              // among `acrs`; empty: any
};

// What a rule does where it applies; at least one is given.
struct Effect {
  bool deny = false;
  bool warn = false;
  std::vector<std::string> only_scopes;     // no others; empty: any. Sorted
  std::vector<std::string> without_scopes;  // not these. Sorted
  std::optional<absl::Duration> max_lifetime;
  std::optional<absl::Duration> reuse_for;
  std::optional<SignInRequirement> sign_in;
};

// Applies unless a condition of `when` is known not to hold, or all conditions
// of `unless` are known to hold: a fact that is absent exempts nobody.
struct Rule {
  std::string name;
  std::string because;              // for the operator; may be empty
  std::optional<Condition> when;    // absent: always
  std::optional<Condition> unless;  // absent: no exemption
  Effect then;
  Place place;
};

struct Policy {
  std::string name;
  std::vector<Rule> rules;
  Place place;
};

}  // namespace behalf
