// The objects of the directory: who exists, and what was consented to. Plain
// values, made by the loader and immutable while serving. Ids are lower-case
// GUIDs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/idp/credentials.h"

namespace behalf::idp {

struct Message {
  std::string id;
  std::string subject;
  std::string from_name;
  std::string from_address;
  std::string received;  // RFC 3339
  std::string preview;
};

struct User {
  std::string id;
  std::string upn;
  std::string name;
  std::string password;
  bool guest = false;
  bool disabled = false;
  // Access to any API on the user's behalf needs a second factor.
  bool require_mfa = false;
  // An agent's user account: the agent identity that alone may be it.
  std::string agent;
  std::vector<Message> messages;
};

// What tokens can be asked for: an API, or an application or blueprint as its
// users see it.
struct Resource {
  std::string app_id;
  std::string uri;
  std::string name;
  std::vector<std::string> scopes;  // delegated permissions
  std::vector<std::string> roles;   // application permissions
  int token_version = 2;
  // Whether tokens say which agent and blueprint act. Graph's do; those of
  // custom APIs with version 2 do only when the API lists the claims.
  bool agent_claims = false;
  // Signed so that only the API itself can verify the token, as for Graph.
  bool nonce = false;
};

struct Consent {
  std::string resource;  // its uri
  std::vector<std::string> scopes;
  std::vector<std::string> roles;  // granted to the application itself
};

// An ordinary app registration: it signs users in, is a middle tier, or works
// on its own.
struct App {
  std::string id;
  std::string principal_id;
  std::string name;
  std::vector<std::string> redirect_uris;
  Credentials credentials;
  Resource resource;
  std::vector<Consent> consents;
};

struct Agent {
  std::string id;
  std::string name;
  std::vector<Consent> consents;  // besides those of the blueprint
};

struct Blueprint {
  std::string id;
  std::string principal_id;
  std::string name;
  Credentials credentials;
  Resource resource;
  std::vector<Agent> agents;
  std::vector<Consent> consents;  // inherited by every agent
};

inline constexpr std::string_view kRequireMfa = "mfa";
inline constexpr std::string_view kRequireBlock = "block";

// Of Conditional Access. Empty lists name everybody and everything.
struct Policy {
  std::string id;
  std::string name;
  std::vector<std::string> users;      // ids or upns
  std::vector<std::string> resources;  // uris or app ids
  std::vector<std::string> clients;
  std::string require;  // kRequireMfa, kRequireBlock; empty: `context`
  std::string context;  // an authentication context, "c1"
};

// How often one client may ask for tokens for one resource.
struct Throttle {
  int requests = 1;
  int seconds = 1;
  int retry_after = 1;  // seconds, told to who asks more often
};

struct Tenant {
  std::string id;
  std::string name;
  std::string domain;
  bool refuse_replays = false;  // of certificate assertions
  std::vector<User> users;
  std::vector<App> apps;
  std::vector<Resource> apis;
  std::vector<Blueprint> blueprints;
  std::vector<Policy> conditional_access;
  std::optional<Throttle> throttle;  // none: as often as they like

  // Null when there is none.
  const User* FindUser(std::string_view id_or_upn) const;
  const App* FindApp(std::string_view app_id) const;
  const Blueprint* FindBlueprint(std::string_view client_id) const;
  // By uri or app id; applications and blueprints among them.
  const Resource* FindResource(std::string_view uri_or_app_id) const;
  const Blueprint* ParentOf(std::string_view agent_id) const;
  // An application, blueprint or agent.
  bool HasClient(std::string_view client_id) const;
};

const Agent* FindAgent(const Blueprint& blueprint, std::string_view id);

struct Directory {
  std::vector<Tenant> tenants;

  // By id or domain; null when there is none.
  const Tenant* FindTenant(std::string_view id_or_domain) const;
};

using ConsentLists = std::vector<const std::vector<Consent>*>;

// What one or more lists of consents hold for `resource`; sorted.
std::vector<std::string> ConsentedScopes(const Resource& resource, const ConsentLists& lists);
std::vector<std::string> GrantedRoles(const Resource& resource, const ConsentLists& lists);

}  // namespace behalf::idp
