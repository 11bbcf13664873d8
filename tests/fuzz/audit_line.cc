// Lines of the record: written from anything, read strictly; and read from
// anything, to make a lost state anew.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "daemon/audit/audit_record.h"
#include "daemon/audit/json_line.h"
#include "daemon/cli/revocation_log.h"
#include "daemon/cli/text.h"
#include "daemon/jose/json.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/promise.h"
#include "tests/fuzz/strict_json.h"

namespace behalf::fuzz {
namespace {

constexpr std::size_t kLongest = 1024;  // of what a caller chooses

const MemoryFile& File() {
  static const auto* const file = new MemoryFile();
  return *file;
}

// Within the years 1 to 9999, as RFC 3339 has them.
absl::Time TimeFrom(Choices& choices) {
  return absl::FromUnixMicros(static_cast<std::int64_t>(choices.Number()) %
                                  250'000'000'000'000'000 +
                              190'000'000'000'000'000) -
         absl::Hours(24 * 365 * 1000);
}

void FillCaller(AuditCaller& caller, Choices& choices) {
  caller.socket = choices.Text();
  if (choices.Flag()) caller.uid = static_cast<uid_t>(choices.Number());
  if (choices.Flag()) caller.gid = static_cast<gid_t>(choices.Number());
  if (choices.Flag()) caller.pid = static_cast<pid_t>(choices.Number());
}

// What tells most comes first, so that short inputs have it.
AuditRecord RecordFrom(Choices& choices) {
  AuditRecord record;
  record.event = static_cast<AuditEvent>(choices.Below(18));
  record.time = TimeFrom(choices);
  for (std::string* text : {&record.agent,
                            &record.detail,
                            &record.api,
                            &record.tool,
                            &record.decision_id,
                            &record.blueprint,
                            &record.user.tid,
                            &record.user.oid,
                            &record.declared.purpose,
                            &record.declared.tool_name,
                            &record.declared.arguments_digest,
                            &record.provider_code,
                            &record.term,
                            &record.trigger,
                            &record.access,
                            &record.token.uti,
                            &record.trace.id,
                            &record.subject_digest,
                            &record.handle_digest,
                            &record.allowance,
                            &record.decided_by,
                            &record.catalog_digest,
                            &record.key}) {
    *text = choices.Text();
  }
  FillCaller(record.caller, choices);
  FillCaller(record.about, choices);
  if (choices.Flag()) record.reason = static_cast<Reason>(1 + choices.Below(64));
  record.cached = choices.Flag();
  record.separation_none = choices.Flag();
  record.suppressed = static_cast<std::int64_t>(choices.Number());
  if (choices.Flag()) record.since = TimeFrom(choices);
  if (choices.Flag()) record.token.expires_at = TimeFrom(choices);
  for (std::vector<std::string>* list : {&record.scopes_asked, &record.scopes, &record.rules,
                                         &record.warnings, &record.correlation_ids}) {
    *list = choices.Texts();
  }
  return record;
}

AuditRevocation RevocationFrom(Choices& choices) {
  constexpr std::array kKinds = {"all", "blueprint", "agent", "tool", "user", "handle", "token"};
  AuditRevocation revocation;
  revocation.kind = kKinds[choices.Below(7)];
  revocation.revision = 1 + choices.Number() % (std::uint64_t{1} << 52);
  if (choices.Flag()) revocation.until = TimeFrom(choices);
  revocation.said = choices.Text();
  revocation.reason = choices.Text();
  revocation.targets = choices.Texts();
  std::erase(revocation.targets, "");
  return revocation;
}

bool IsOneLine(std::string_view line) {
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  };
  return line.ends_with('\n') && std::ranges::none_of(line.substr(0, line.size() - 1), is_control);
}

// Whether the text is kept as it is: all the rest is cut or mended.
bool IsKept(std::string_view text) {
  return text.size() <= kLongest &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c != 0x7F; });
}

void CheckText(const JsonReading& line, const char* key, const std::string& text) {
  const auto member = line.members.find(key);
  Promise((member == line.members.end()) == text.empty(), "what is empty is left out");
  if (text.empty() || !IsKept(text)) return;
  Promise(member->second.text == text, "a plain text is read as it was written");
}

void CheckLine(Choices choices) {
  const std::uint64_t revision = choices.Number() >> 1U;
  AuditRecord record = RecordFrom(choices);
  if (choices.Flag()) record.revocation = RevocationFrom(choices);
  const std::string line = ToJsonLine(record, revision);
  Promise(IsOneLine(line), "a record is one line");
  Promise(cli::IsPrintableOnOneLine(std::string_view(line).substr(0, line.size() - 1)),
          "a reader takes a record for one");
  const JsonReading reading = ReadJson(line);
  Promise(reading.is_plain, "a line is a plain JSON object");
  const auto object = JsonObject::Parse(line, {.max_bytes = std::size_t{1} << 24U});
  Promise(object.ok(), "the daemon's own reader reads it");
  Promise(object->String("event") == EventName(record.event), "the event is what was said");
  Promise(RevisionIn(line) == revision, "the revision is found, whatever the texts hold");
  CheckText(reading, "agent", record.agent);
  CheckText(reading, "detail", record.detail);
  CheckText(reading, "decision_id", record.decision_id);
  const auto scopes = object->Strings("scopes");
  Promise((scopes ? scopes->size() : 0) == record.scopes.size(), "what was given is all there");
  const std::size_t asked = std::min<std::size_t>(record.scopes_asked.size(), 65);
  const auto scopes_asked = object->Strings("scopes_asked");
  Promise((scopes_asked ? scopes_asked->size() : 0) == asked, "what was asked is bounded");
}

std::string Mended(const std::string& text) {
  std::string line = "{\"x\":";
  AppendJsonString(line,
                   text.size() <= kLongest ? text : text.substr(0, kLongest) + "\xE2\x80\xA6");
  return ReadJson(line + "}").members.at("x").text;
}

// A state that is made anew from its record is what it was.
void CheckRestored(Choices choices) {
  AuditRecord record;
  record.event = AuditEvent::kRevoked;
  record.time = TimeFrom(choices);
  record.caller.socket = "admin";
  record.caller.uid = choices.Byte();
  record.revocation = RevocationFrom(choices);
  const std::uint64_t revision = record.revocation.revision;
  cli::RevocationLog log(StoredRevocations{.revision = revision - 1, .all = {}});
  const std::string begun = ToJsonLine(AuditRecord{.event = AuditEvent::kStarted}, revision - 1);
  Promise(log.Read(File().With(begun + ToJsonLine(record, revision))).ok(), "a record is read");
  Promise(log.state().revision == revision, "the state is the newest");
  Promise(log.state().all.size() == 1, "a revocation that was recorded is made anew");
  const Revocation& anew = log.state().all.front();
  Promise(anew.revision == revision && anew.at == record.time, "it is the same one");
  Promise(anew.said == Mended(record.revocation.said), "it says the same");
  Promise(anew.until == record.revocation.until.value_or(absl::InfiniteFuture()), "it ends then");
  std::vector<std::string> targets = record.revocation.targets;
  for (std::string& target : targets) target = Mended(target);
  Promise(anew.targets == targets, "it means the same things");
}

// Any bytes where the record should be.
void CheckRead(Choices choices) {
  const std::uint64_t revision = choices.Byte();
  const std::string_view text = choices.Rest();
  RevisionIn(text);
  cli::RevocationLog log(StoredRevocations{.revision = revision, .all = {}});
  if (!log.Read(File().With(text)).ok()) return;
  Promise(log.state().revision >= revision, "a state does not get older");
  Promise(
      text.find("revoked") != text.npos || text.find('\\') != text.npos || log.state().all.empty(),
      "nothing is revoked that nobody revoked");
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf::fuzz;
  Choices choices(TextOf(data, size));
  switch (choices.Byte()) {
    case 'l':
      CheckLine(choices);
      break;
    case 'v':
      CheckRestored(choices);
      break;
    case 'f':
      CheckRead(choices);
      break;
    default:
      break;
  }
  return 0;
}
