#include "daemon/audit/audit_record.h"

#include <charconv>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "daemon/audit/json_line.h"

namespace behalf {
namespace {

constexpr char kRevision[] = "state_revision";
constexpr std::size_t kMaxStringBytes = 1024;
constexpr std::size_t kMaxListEntries = 64;
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

std::string Cut(const std::string& text) {
  if (text.size() <= kMaxStringBytes) return text;
  return text.substr(0, kMaxStringBytes).append(kEllipsis);
}

std::vector<std::string> CutList(const std::vector<std::string>& list) {
  std::vector<std::string> cut;
  for (const std::string& text : list) {
    if (cut.size() == kMaxListEntries) {
      cut.emplace_back(kEllipsis);
      break;
    }
    cut.push_back(Cut(text));
  }
  return cut;
}

void Time(JsonLine& line, std::string_view key, std::optional<absl::Time> time) {
  if (!time) return;
  line.String(key, absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", *time, absl::UTCTimeZone()));
}

template <typename Number>
void Optional(JsonLine& line, std::string_view key, std::optional<Number> number) {
  if (number) line.Number(key, static_cast<std::int64_t>(*number));
}

void True(JsonLine& line, std::string_view key, bool value) {
  if (value) line.True(key);
}

void Caller(JsonLine& line, std::string_view key, const AuditCaller& caller) {
  line.Open(key).String("socket", caller.socket);
  Optional(line, "uid", caller.uid);
  Optional(line, "gid", caller.gid);
  Optional(line, "pid", caller.pid);
  line.Close();
}

void User(JsonLine& line, const AuditUser& user) {
  line.Open("user")
      .String("tid", Cut(user.tid))
      .String("oid", Cut(user.oid))
      .String("digest", user.digest)
      .Close();
}

void Declared(JsonLine& line, const AuditDeclared& declared) {
  line.Open("declared")
      .String("purpose", Cut(declared.purpose))
      .String("tool_name", Cut(declared.tool_name))
      .String("arguments_digest", Cut(declared.arguments_digest))
      .Close();
}

void Asked(JsonLine& line, const AuditRecord& record) {
  line.String("blueprint", record.blueprint).String("agent", Cut(record.agent));
  User(line, record.user);
  line.Open("subject").String("digest", record.subject_digest).Close();
  line.String("api", Cut(record.api))
      .String("access", record.access)
      .String("tool", Cut(record.tool))
      .Strings("scopes_asked", CutList(record.scopes_asked));
  Declared(line, record.declared);
}

void Decided(JsonLine& line, const AuditRecord& record) {
  line.String("allowance", record.allowance)
      .String("decided_by", record.decided_by)
      .Strings("rules", record.rules)
      .Strings("warnings", record.warnings)
      .String("term", record.term);
  if (record.reason) line.String("reason", RowOf(*record.reason).name);
  line.String("detail", Cut(record.detail));
  True(line, "separation_none", record.separation_none);
  line.String("catalog_digest", record.catalog_digest).String("trigger", record.trigger);
}

void Obtained(JsonLine& line, const AuditRecord& record) {
  line.Strings("scopes", record.scopes)
      .Open("token")
      .String("digest", record.token.digest)
      .String("uti", record.token.uti);
  Time(line, "expires_at", record.token.expires_at);
  line.Close().Open("handle").String("digest", record.handle_digest).Close();
  True(line, "cached", record.cached);
  line.String("provider_code", Cut(record.provider_code))
      .Strings("correlation_ids", CutList(record.correlation_ids));
}

void TakenBack(JsonLine& line, const AuditRevocation& revocation) {
  line.Open("revocation")
      .String("kind", revocation.kind)
      .String("said", Cut(revocation.said))
      .Strings("targets", revocation.targets)
      .String("reason", Cut(revocation.reason));
  if (revocation.revision != 0) {
    line.Number("number", static_cast<std::int64_t>(revocation.revision));
  }
  Time(line, "until", revocation.until);
  line.Close();
}

}  // namespace

std::string_view EventName(AuditEvent event) {
  switch (event) {
    case AuditEvent::kTokenIssued:
      return "token_issued";
    case AuditEvent::kHandleCreated:
      return "handle_created";
    case AuditEvent::kHandleRedeemed:
      return "handle_redeemed";
    case AuditEvent::kDenied:
      return "denied";
    case AuditEvent::kFailed:
      return "failed";
    case AuditEvent::kReopened:
      return "reopened";
    case AuditEvent::kStarted:
      return "started";
    case AuditEvent::kStopped:
      return "stopped";
    case AuditEvent::kDenialsSummarised:
      return "denials_summarised";
    case AuditEvent::kExplained:
      return "explained";
    case AuditEvent::kCatalogLoaded:
      return "catalog_loaded";
    case AuditEvent::kCatalogRefused:
      return "catalog_refused";
    case AuditEvent::kCatalogRolledBack:
      return "catalog_rolled_back";
    case AuditEvent::kRevoked:
      return "revoked";
    case AuditEvent::kRestored:
      return "restored";
    case AuditEvent::kHead:
      return "head";
    case AuditEvent::kUnwritable:
      return "unwritable";
    case AuditEvent::kResumed:
      return "resumed";
  }
  return "unknown";
}

std::string ToJsonLine(const AuditRecord& record, std::uint64_t revision) {
  JsonLine line;
  Time(line, "time", record.time);
  line.String("event", EventName(record.event)).String("decision_id", record.decision_id);
  Caller(line, "caller", record.caller);
  Caller(line, "about", record.about);
  Asked(line, record);
  Decided(line, record);
  Obtained(line, record);
  if (record.suppressed != 0) line.Number("suppressed", record.suppressed);
  Time(line, "since", record.since);
  line.String("trace_id", record.trace.id);
  TakenBack(line, record.revocation);
  line.String("key", record.key);
  if (revision != 0) line.Number(kRevision, static_cast<std::int64_t>(revision));
  return std::move(line).Finish();
}

// Within a text the quotes would stand behind backslashes.
std::uint64_t RevisionIn(std::string_view line) {
  const std::string key = absl::StrCat("\"", kRevision, "\":");
  const std::size_t at = line.rfind(key);
  if (at == std::string_view::npos) return 0;
  std::uint64_t revision = 0;
  const char* const digits = line.data() + at + key.size();
  std::from_chars(digits, line.data() + line.size(), revision);
  return revision;
}

}  // namespace behalf
