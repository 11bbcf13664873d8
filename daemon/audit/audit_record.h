// What was done, for whom, through whom and why; or what was refused.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "daemon/base/reason.h"

namespace behalf {

enum class AuditEvent : std::uint8_t {
  kTokenIssued,
  kHandleCreated,
  kHandleRedeemed,
  kDenied,  // a decision or a verification said no
  kFailed,  // the provider or the daemon could not
  kReopened,
  kStarted,
  kStopped,
  kDenialsSummarised,
  kExplained,          // somebody asked what would be decided; nothing was handed out
  kCatalogLoaded,      // documents were put in force
  kCatalogRefused,     // documents were not, and others stay in force
  kCatalogRolledBack,  // an earlier catalog was put in force again
  kRevoked,            // an operator took something back
  kRestored,           // an operator gave it back
  kHead,               // signed: what stands before it is as it was
  kUnwritable,         // from then on nothing could be recorded; out of the reserve
  kResumed,            // and from then on again
};

// As in the line: "token_issued" and so on.
std::string_view EventName(AuditEvent event);

// What the kernel said of the connection.
struct AuditCaller {
  std::string socket = {};
  std::optional<uid_t> uid = {};
  std::optional<gid_t> gid = {};
  std::optional<pid_t> pid = {};
};

struct AuditUser {
  std::string tid = {};     // tenant
  std::string oid = {};     // object id
  std::string digest = {};  // keyed, of the user across tools
};

// What was handed out. Named by its keyed digest, never by its bytes.
struct AuditToken {
  std::string digest = {};
  std::string uti = {};  // the provider's id of the token
  std::optional<absl::Time> expires_at = {};
};

// What the request said of itself; nobody vouches for it.
struct AuditDeclared {
  std::string purpose = {};
  std::string tool_name = {};
  std::string arguments_digest = {};
};

// The trace that a call says it belongs to (W3C trace context).
struct AuditTrace {
  std::string id = {};      // 32 hex digits; empty: none
  std::string parent = {};  // 16 hex digits: the caller's span
  bool sampled = false;     // the caller keeps it
  // What was called, as "behalf.v1.TokenBroker/GetToken"; also without a trace.
  // A literal. Empty: nobody called.
  std::string_view rpc = {};
};

// What was revoked or restored.
struct AuditRevocation {
  std::string kind = {};
  std::string said = {};  // as the operator called it
  std::vector<std::string> targets = {};
  std::string reason = {};
  std::uint64_t revision = 0;
  std::optional<absl::Time> until = {};
};

// One line of the audit file. Empty fields are left out of it. Nothing here
// may hold a secret or a token; digests are TokenNamer's.
struct AuditRecord {
  absl::Time time = {};
  AuditEvent event = AuditEvent::kFailed;
  std::string decision_id = {};
  AuditCaller caller = {};
  AuditCaller about = {};  // kExplained: the caller whom an operator asked about
  std::string blueprint = {};
  std::string agent = {};
  AuditUser user = {};
  std::string subject_digest = {};  // of the user's token
  std::string api = {};
  std::string access = {};
  std::vector<std::string> scopes_asked = {};
  std::vector<std::string> scopes = {};  // what the token truly carries
  std::string tool = {};
  AuditDeclared declared = {};
  std::string allowance = {};              // "file:line"
  std::string decided_by = {};             // "file:line" of the allowance or the rule
  std::vector<std::string> rules = {};     // "policy/rule": those that applied
  std::vector<std::string> warnings = {};  // those of them that warn
  std::string term = {};                   // the part of the decision that failed
  std::optional<Reason> reason = {};
  std::string detail = {};
  std::string catalog_digest = {};  // of what was in force, or is from now on
  std::string trigger = {};         // kCatalog...: what made the daemon look at its documents
  std::vector<std::string> correlation_ids = {};  // the provider's
  std::string provider_code = {};
  AuditToken token = {};
  std::string handle_digest = {};
  AuditTrace trace = {};         // only its id is written
  bool cached = false;           // answered without asking the provider
  bool separation_none = false;  // the Tool gives up the separation of accounts
  // kDenialsSummarised: records left out. kResumed: records that could not be
  // written and left no token, denials not counted.
  std::int64_t suppressed = 0;
  std::optional<absl::Time> since = {};  // of both: the start of the span
  AuditRevocation revocation = {};       // kRevoked, kRestored
  std::string key = {};                  // kHead: Ed25519PublicKey::id() of who signs
};

// The record as a line of JSON, newline included. Times are RFC 3339, UTC,
// with microseconds. What a caller may choose freely is cut at 1 KiB a string
// and 64 entries a list, the cut marked by an ellipsis.
//
// `revision`: of the state that the daemon stands on (daemon/store). Left out
// while it is 0.
std::string ToJsonLine(const AuditRecord& record, std::uint64_t revision = 0);

// The revision in a line that ToJsonLine made; 0 where it has none.
std::uint64_t RevisionIn(std::string_view line);

}  // namespace behalf
