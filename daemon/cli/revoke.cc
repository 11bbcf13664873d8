#include <array>

#include "behalf/v1/admin.grpc.pb.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/admin_call.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/record.h"
#include "daemon/cli/text.h"
#include "daemon/cli/time_flag.h"
#include "daemon/wire/times.h"

namespace behalf::cli {
namespace {

struct Kind {
  std::string_view name;
  v1::RevocationKind number;
};
constexpr std::array kKinds = std::to_array<Kind>({{"all", v1::REVOCATION_KIND_ALL},
                                                   {"blueprint", v1::REVOCATION_KIND_BLUEPRINT},
                                                   {"agent", v1::REVOCATION_KIND_AGENT},
                                                   {"tool", v1::REVOCATION_KIND_TOOL},
                                                   {"user", v1::REVOCATION_KIND_USER},
                                                   {"handle", v1::REVOCATION_KIND_HANDLE},
                                                   {"token", v1::REVOCATION_KIND_TOKEN}});

std::string KindText(v1::RevocationKind number) {
  for (const Kind& kind : kKinds) {
    if (kind.number == number) return std::string(kind.name);
  }
  return "unknown";
}

absl::Status SetTarget(const Arguments& arguments, v1::RevocationTarget& target) {
  const std::string& word = arguments.operands.front();
  for (const Kind& kind : kKinds) {
    if (kind.name == word) target.set_kind(kind.number);
  }
  if (target.kind() == v1::REVOCATION_KIND_UNSPECIFIED) {
    return absl::InvalidArgumentError(
        "what is it? one of all, blueprint, agent, tool, user, handle, token");
  }
  const bool named = arguments.operands.size() == 2;
  const bool all = target.kind() == v1::REVOCATION_KIND_ALL;
  if (named == all) {
    return absl::InvalidArgumentError(all ? "`all` takes no name"
                                          : Concat({"which ", word, "? give its name"}));
  }
  if (named) target.set_name(arguments.operands[1]);
  target.set_tenant(arguments.Value("tenant"));
  return absl::OkStatus();
}

Json RevocationJson(const v1::Revocation& revocation) {
  return Json::Object{
      {"revision", static_cast<std::int64_t>(revocation.revision())},
      {"kind", KindText(revocation.target().kind())},
      {"name", revocation.target().name()},
      {"reason", revocation.reason()},
      {"by", revocation.by()},
      {"at", TimeText(revocation.at())},
      {"until", revocation.has_until() ? Json(TimeText(revocation.until())) : Json()}};
}

Json TokenJson(const v1::OutstandingToken& token) {
  return Json::Object{{"digest", token.digest()},
                      {"api", token.api()},
                      {"agent", token.agent()},
                      {"tool", token.tool()},
                      {"expires_at", TimeText(token.expires_at())}};
}

void PrintOutstanding(const v1::RevokeResponse& answer, Console& console) {
  if (answer.outstanding().empty()) return;
  std::vector<std::vector<std::string>> rows = {
      {"STILL OUT THERE", "API", "AGENT", "TOOL", "UNTIL"}};
  for (const auto& token : answer.outstanding()) {
    rows.push_back(
        {token.digest(), token.api(), token.agent(), token.tool(), TimeText(token.expires_at())});
  }
  console.out() << '\n' << TableText(rows);
}

int PrintRevoked(const v1::RevokeResponse& answer, Console& console) {
  if (!answer.unrecorded().empty()) {
    console.err() << "behalf: revoked, and not on record: " << Printable(answer.unrecorded())
                  << '\n';
  }
  if (console.format() == Format::kJson) {
    Json::Array tokens;
    for (const auto& token : answer.outstanding()) tokens.push_back(TokenJson(token));
    PrintRecord(Json::Object{{"revocation", RevocationJson(answer.revocation())},
                             {"outstanding", Json(std::move(tokens))},
                             {"outstanding_incomplete", answer.outstanding_incomplete()},
                             {"unrecorded", answer.unrecorded()}},
                console);
    return kOk;
  }
  console.out() << Printable(answer.revocation().description()) << '\n';
  PrintOutstanding(answer, console);
  if (answer.outstanding_incomplete()) {
    console.err() << "behalf: more tokens are out there than the daemon remembers; the record has "
                     "them all\n";
  }
  return kOk;
}

Json::Array AsJson(const auto& revocations) {
  Json::Array array;
  for (const v1::Revocation& one : revocations) array.push_back(RevocationJson(one));
  return array;
}

int PrintRestored(const v1::RestoreResponse& answer, Console& console) {
  if (console.format() == Format::kJson) {
    PrintRecord(Json::Object{{"restored", Json(AsJson(answer.restored()))}}, console);
    return kOk;
  }
  for (const auto& one : answer.restored()) {
    console.out() << "restored: " << Printable(one.description()) << '\n';
  }
  return kOk;
}

int PrintList(const v1::ListRevocationsResponse& answer, Console& console) {
  if (console.format() == Format::kJson) {
    PrintRecord(Json::Object{{"revocations", Json(AsJson(answer.revocations()))}}, console);
    return kOk;
  }
  std::vector<std::vector<std::string>> rows = {
      {"REVISION", "KIND", "NAME", "SINCE", "UNTIL", "BY", "REASON"}};
  for (const auto& one : answer.revocations()) {
    rows.push_back({std::to_string(one.revision()), KindText(one.target().kind()),
                    one.target().name(), TimeText(one.at()),
                    one.has_until() ? TimeText(one.until()) : "restored", one.by(), one.reason()});
  }
  console.out() << TableText(rows);
  return kOk;
}

}  // namespace

int RevokeTarget(const Arguments& arguments, Console& console) {
  v1::RevokeRequest request;
  const absl::Status target = SetTarget(arguments, *request.mutable_target());
  if (!target.ok()) return console.Fail(target);
  request.set_reason(arguments.Value("reason"));
  if (arguments.Has("until")) {
    const auto until = TimeOf("until", arguments);
    if (!until.ok()) return console.Fail(until.status());
    SetTimestamp(*until, *request.mutable_until());
  }
  return CallAdmin(&v1::Admin::Stub::async::Revoke, request, PrintRevoked, arguments, console);
}

int RestoreTarget(const Arguments& arguments, Console& console) {
  v1::RestoreRequest request;
  const absl::Status target = SetTarget(arguments, *request.mutable_target());
  if (!target.ok()) return console.Fail(target);
  request.set_reason(arguments.Value("reason"));
  return CallAdmin(&v1::Admin::Stub::async::Restore, request, PrintRestored, arguments, console);
}

int ListRevocations(const Arguments& arguments, Console& console) {
  return CallAdmin(&v1::Admin::Stub::async::ListRevocations, v1::ListRevocationsRequest(),
                   PrintList, arguments, console);
}

}  // namespace behalf::cli
