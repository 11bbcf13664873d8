// What the documents say, as plain values. Made by the loader, never changed
// afterwards. Names refer to other documents as pointers: all of them live in
// one Catalog and die with it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace behalf {

// Where something stands in a document; lines and columns count from 1.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  bool operator==(const Place&) const = default;
};

// Processes, by what the kernel says of their connection. `socket` and at
// least one of user and group are given; all that are given must match.
struct UnixSelector {
  std::string socket;
  std::string user;  // as written: a name or a number
  std::string group;
  // The numbers behind the names on this host. Empty although the text is
  // given: the host does not know the name, and the selector matches nobody.
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;
  Place place;
};

enum class Dialect : std::uint8_t { kEntra };

struct Provider {
  std::string name;
  Dialect dialect = Dialect::kEntra;
  std::string tenant;     // lower-case GUID
  std::string authority;  // https origin without a trailing slash
  std::string ca_file;    // trust these certificates only; empty: the system's; ready to open
  std::string proxy;      // http or https URL; empty: none
  std::string metadata_url;
  std::string token_endpoint;
  std::string issuer_v1;  // what `iss` must be, by token version
  std::string issuer_v2;
  std::string digest;  // SHA-256 of all the above: changes when the document does
  Place place;
};

// How scopes are asked for: one by one, or as `{resource}/.default`.
enum class ScopeRequest : std::uint8_t { kNamed, kDefault };

// Which tokens an API accepts (`requestedAccessTokenVersion` at Entra); their
// issuers differ.
enum class TokenVersion : std::uint8_t { kEither, k1, k2 };

// How something about an API came to be known.
enum class Sureness : std::uint8_t { kUnstated, kDocumented, kObserved, kUnconfirmed };

// How sure an Api is of what it says, by the key that says it.
struct Evidence {
  std::string as_of;  // "2026-11-22"; may be empty
  Sureness resource = Sureness::kUnstated;
  Sureness audiences = Sureness::kUnstated;
  Sureness token_version = Sureness::kUnstated;
  Sureness scopes = Sureness::kUnstated;
  Sureness roles = Sureness::kUnstated;
  Sureness blocked_for_agents = Sureness::kUnstated;
};

struct Api {
  std::string name;
  std::string well_known;              // whose values it has where it says none; empty: it says all
  std::string resource;                // what scopes are prefixed with in a request
  std::vector<std::string> audiences;  // any of these in a reply's `aud`
  TokenVersion token_version = TokenVersion::kEither;
  std::vector<std::string> scopes;  // the delegated ones it exposes; sorted, may be empty
  std::vector<std::string> roles;   // for applications, its app roles; sorted, may be empty
  // Scopes and roles that no agent identity may hold; sorted.
  std::vector<std::string> blocked_for_agents;
  ScopeRequest request = ScopeRequest::kNamed;
  Evidence evidence;
  std::vector<std::string> labels;  // "key=value", sorted
  Place place;
};

// Whether the process that redeems a handle must be another account than the
// agent's that made it.
enum class Separation : std::uint8_t { kRequired, kNone };

struct Tool {
  std::string name;
  std::vector<UnixSelector> callers;
  Separation separation = Separation::kRequired;
  std::vector<std::string> labels;  // "key=value", sorted
  Place place;
};

// Where a secret is. Exactly one is set.
struct SecretSource {
  std::string file;                // ready to open: resolved against the document's directory
  std::string systemd_credential;  // a name below $CREDENTIALS_DIRECTORY
  Place place;
};

struct ClientSecret {
  SecretSource source;
  absl::Time expires_at = absl::InfiniteFuture();  // as the document says
};

// A certificate and its RSA key. Exactly one of file, systemd_credential and
// pkcs12 is set; files are ready to open.
struct CertificateSource {
  std::string file;                // PEM
  std::string systemd_credential;  // PEM or PKCS#12
  std::string pkcs12;
  // The key's PEM, where it is not beside the certificate: a file, or another
  // systemd credential.
  std::string key;
  SecretSource password;  // of PKCS#12; may be unset
};

enum class CredentialKind : std::uint8_t { kSecret, kCertificate, kFederatedToken };

// How a blueprint proves itself to its provider; `kind` says which one counts.
struct Credential {
  CredentialKind kind = CredentialKind::kSecret;
  ClientSecret secret;
  CertificateSource certificate;
  std::string federated_token;  // a file that somebody else keeps fresh
  bool mounted = false;         // the files are as an orchestrator mounts them
  Place place;
};

// Whose tokens a blueprint accepts. Lists are sorted; they are empty only where
// no allowance is delegated, so that nobody's token is wanted.
struct SubjectRules {
  std::vector<std::string> audiences;
  std::vector<std::string> tenants;
  std::vector<std::string> clients;
  std::vector<std::string> scopes;  // the token must carry one of them at least
  bool guests = false;
};

// As the user, or as the agent itself.
enum class Access : std::uint8_t { kDelegated, kApplication };

// As documents, records and RPCs call it.
inline std::string_view NameOf(Access access) {
  return access == Access::kDelegated ? "delegated" : "application";
}

struct Blueprint;

struct Agent {
  std::string name;
  std::string id;  // the agent identity at the provider, lower-case GUID
  // The blueprint's own application acts, and no agent identity: `id` is its
  // client id. Such a blueprint has this agent alone, called as itself.
  bool is_application = false;
  std::vector<UnixSelector> callers;
  std::vector<std::string> labels;  // "key=value", sorted; the blueprint's defaults included
  const Blueprint* blueprint = nullptr;
  Place place;
};

// One line of `allow`. Lists are sorted.
struct Allowance {
  const Tool* tool = nullptr;  // null: for the agent itself
  const Api* api = nullptr;
  Access access = Access::kDelegated;
  // What is asked for, and the ceiling. With application access: app roles,
  // all of which a token must carry; the provider sends what it granted and
  // nothing can be asked for by name.
  std::vector<std::string> scopes;
  std::vector<std::string> accept;
  absl::Duration max_lifetime;
  absl::Duration reuse_for;  // zero: ask the provider each time
  Place place;
};

struct Blueprint {
  std::string name;
  const Provider* provider = nullptr;
  std::string client_id;  // lower-case GUID
  Credential credential;
  SubjectRules subjects;
  std::vector<Agent> agents;
  std::vector<Allowance> allow;
  Place place;
};

struct Socket {
  std::string name;
  std::string path;     // exactly one of path and systemd is set
  std::string systemd;  // FileDescriptorName of an inherited listener
  mode_t mode = 0600;
  std::string user;  // owner of the socket file; empty: the daemon's own
  std::string group;
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;
  // Only processes meant for this socket can reach it, so that it tells them
  // apart where user ids do not (a volume mounted into one container).
  bool isolated = false;
  Place place;
};

struct Limits {
  int connections = 1024;
  int connections_per_user = 256;
  int waiters_per_exchange = 10000;
  std::int64_t token_cache_bytes = 64 << 20;
  std::int64_t subject_cache_bytes = 16 << 20;
  int handles = 100000;
  absl::Duration exchange_timeout = absl::Seconds(5);
  int denials_per_minute = 600;  // audited one by one per user id; more are summarised
};

// Where the daemon serves its metrics over HTTP.
struct MetricsEdge {
  std::string listen;    // "127.0.0.1:9464" or "[::1]:9464"; empty: nowhere
  bool exposed = false;  // others than this host may reach it
};

// What the documents in files below a directory may define.
struct DirectoryRule {
  std::string path;                // resolved against the Daemon document's directory
  std::vector<std::string> kinds;  // sorted
  std::string prefix;              // of their names, and of agents'; empty: any
  Place place;
};

// The etcd that the replicas of a fleet share.
struct EtcdStore {
  std::vector<std::string> endpoints;  // origins; empty: no etcd
  std::string prefix = "/behalf/";     // of all keys
  std::string ca_file;                 // PEM; ready to open, as the next; empty: the system's
  std::string certificate_file;        // PEM; empty: none
  std::string key_file;
};

// What keeps memory and kernel from whoever gets into the process, by name: all
// of it, but for what a document takes out.
inline constexpr std::string_view kMemoryLock = "memory-lock";
inline constexpr std::string_view kSeccomp = "seccomp";

struct Hardening {
  std::vector<std::string> without;  // names; sorted
};

// A server that takes what is posted to it.
struct Receiver {
  std::string url;  // https, or http at loopback; empty: there is none
  std::string ca_file;
  std::string proxy;
  std::string token_file;
  Place place;
};

// Where heads of the record are kept besides. Exactly one is set.
struct AuditAnchor {
  std::string file;
  std::string syslog;  // its socket
  Receiver http;
  Place place;
};

// Where spans of requests are told. No URL: nowhere.
struct TracesSpec {
  Receiver otlp;
  int one_in = 0;  // of the requests that bring no trace; 0: none
};

struct DaemonSpec {
  std::string name;
  std::vector<Socket> sockets;
  std::vector<UnixSelector> admins;
  Limits limits;
  std::string audit_file;
  bool audit_fsync = false;  // a record is on disk before its answer leaves
  std::vector<AuditAnchor> audit_anchors;
  std::string state_directory;
  // Empty: no rules. Otherwise every other document lies below one of these.
  std::vector<DirectoryRule> directories;
  std::vector<std::string> policies;  // that must exist; sorted
  EtcdStore etcd;
  MetricsEdge metrics;
  Hardening hardening;
  TracesSpec traces;
  Place place;
};

}  // namespace behalf
