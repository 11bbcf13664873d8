// Documents and requests as the property tests think of them: plain values
// and names, none of the daemon's types.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace behalf::model {

using Seconds = std::int64_t;
using Texts = std::vector<std::string>;
using Labels = std::map<std::string, std::string>;

struct Selector {
  std::string socket;
  std::optional<unsigned> user = {};
  std::optional<unsigned> group = {};
  bool by_unknown_name = false;  // instead of a number: a user that this host does not know
};

struct Process {
  std::string socket;
  unsigned uid = 0;
  std::vector<unsigned> groups = {};
};

struct Api {
  Texts scopes;
  bool by_default = false;
  Labels labels = {};
  Texts roles = {};
};

struct Tool {
  std::vector<Selector> callers = {};
  bool separate = false;  // from all agents
  Labels labels = {};
};

struct Agent {
  std::string id;
  std::vector<Selector> callers = {};
  Labels labels = {};
};

struct Subjects {
  Texts audiences = {}, clients = {}, scopes = {};
  bool guests = false;
};

struct Allowance {
  std::string tool;  // empty: the agent itself
  std::string api;
  Texts scopes = {}, accept = {};
  Seconds max_lifetime = 0;
  Seconds reuse_for = 0;
  bool application = false;  // then `scopes` are app roles
};

struct Blueprint {
  std::string client_id;
  Subjects subjects;
  std::map<std::string, Agent> agents;
  std::vector<Allowance> allow;
};

struct Match {
  Texts any = {}, all = {}, none = {};
};

struct Window {
  std::string zone;
  std::set<int> days = {};  // Monday is 0; empty: all
  int from = 0, to = 1440;  // minutes
};

// What a `when` or an `unless` states, by the keys of its YAML form.
struct Condition {
  std::map<std::string, Match> matches = {};
  std::optional<std::pair<std::vector<Selector>, std::vector<Selector>>> caller = {};  // any, none
  std::optional<bool> guest = {};
  std::optional<Seconds> signed_in_within = {};
  std::optional<Window> time = {};
};

struct Effect {
  bool deny = false, warn = false;
  Texts only_scopes = {}, without_scopes = {};
  std::optional<Seconds> max_lifetime = {}, reuse_for = {};
  std::optional<Seconds> sign_in_within = {};
  std::string auth_context = {};
};

struct Rule {
  std::optional<Condition> when = {}, unless = {};
  Effect then = {};
};

using Policy = std::map<std::string, Rule>;

struct Documents {
  std::map<std::string, Api> apis;
  std::map<std::string, Tool> tools;
  std::map<std::string, Blueprint> blueprints;
  std::map<std::string, Policy> policies;
};

struct User {
  std::string tenant, audience, client;
  Texts scopes;
  bool guest = false;
  std::optional<Texts> groups = {}, roles = {}, amr = {}, auth_contexts = {};
  std::optional<std::string> acr = {};
  std::optional<Seconds> signed_in_at = {};
};

struct Request {
  Process caller;
  std::string agent;
  User user;
  std::string tool, api;
  Texts scopes = {};
  std::optional<Texts> within = {};  // a handle's scopes, at its redemption
  std::optional<std::string> purpose = {}, tool_name = {}, arguments_digest = {};
  Seconds now = 0;
  bool disabled = false;
  bool revoked = false;
  bool application = false;  // then `user` is nobody, and `scopes` are empty
};

// The one provider's tenant, and the processes' account that is nobody.
inline constexpr char kTenant[] = "5b404cf4-a79d-4cfe-b866-24bf8e1a4921";
inline constexpr unsigned kNobody = 65534;
inline constexpr unsigned kAdmin = 900;  // on the socket `admin`

}  // namespace behalf::model
