#include "daemon/cli/question.h"

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "behalf/v1/admin.grpc.pb.h"
#include "daemon/cli/acting_for.h"
#include "daemon/cli/call.h"
#include "daemon/cli/claims_file.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/refusal.h"
#include "daemon/cli/secret_file.h"
#include "daemon/cli/text.h"
#include "daemon/cli/time_flag.h"
#include "daemon/wire/times.h"

namespace behalf::cli {
namespace {

absl::StatusOr<std::uint32_t> IdOf(std::string_view flag, const std::string& text) {
  std::uint32_t id = 0;
  if (absl::SimpleAtoi(text, &id)) return id;
  return absl::InvalidArgumentError(Concat({"--", flag, " is a number, as `id` prints it"}));
}

absl::Status SetCaller(const Arguments& arguments, v1::CallerFacts& caller) {
  caller.set_socket(arguments.Value("caller-socket"));
  const auto uid = IdOf("caller-uid", arguments.Value("caller-uid"));
  if (!uid.ok()) return uid.status();
  caller.set_uid(*uid);
  for (const std::string& text : arguments.Values("caller-gid")) {
    const auto gid = IdOf("caller-gid", text);
    if (!gid.ok()) return gid.status();
    caller.add_gids(*gid);
  }
  return absl::OkStatus();
}

absl::Status SetUser(const Arguments& arguments, Console& console,
                     v1::AdminExplainRequest& request) {
  const bool token = arguments.Has("subject-token-file"), claims = arguments.Has("claims");
  const bool application = AccessOf(arguments) == v1::ACCESS_APPLICATION;
  if (application && (token || claims || arguments.Has("scope"))) {
    return absl::InvalidArgumentError(
        "--access application goes with no user and no scope: all that was granted comes");
  }
  request.set_access(AccessOf(arguments));
  if (token && claims) {
    return absl::InvalidArgumentError("--subject-token-file and --claims exclude each other");
  }
  if (token && arguments.Has("documents")) {
    return absl::InvalidArgumentError("a token is verified by the daemon; give --claims instead");
  }
  if (token) {
    const auto read = ReadSecret(arguments.Value("subject-token-file"), console.in());
    if (!read.ok()) return read.status();
    request.set_subject_token(std::string(read->Reveal()));
  } else if (claims) {
    const auto read = ReadClaims(arguments.Value("claims"), console.in());
    if (!read.ok()) return read.status();
    *request.mutable_claims() = *read;
  }
  return absl::OkStatus();
}

absl::Status SetTime(const Arguments& arguments, v1::AdminExplainRequest& request) {
  if (!arguments.Has("at")) return absl::OkStatus();
  const auto at = TimeOf("at", arguments);
  if (!at.ok()) return at.status();
  SetTimestamp(*at, *request.mutable_at());
  return absl::OkStatus();
}

absl::StatusOr<v1::AdminExplainRequest> RequestOf(const Arguments& arguments, Console& console) {
  v1::AdminExplainRequest request;
  absl::Status status = SetCaller(arguments, *request.mutable_caller());
  status.Update(SetTime(arguments, request));
  if (status.ok()) status = SetUser(arguments, console, request);
  if (!status.ok()) return status;
  request.set_agent(arguments.Value("agent"));
  request.set_tool(arguments.Value("tool"));
  request.set_api(arguments.Value("api"));
  for (const std::string& scope : arguments.Values("scope")) request.add_scopes(scope);
  request.mutable_declared()->set_purpose(arguments.Value("purpose"));
  request.mutable_declared()->set_tool_name(arguments.Value("tool-name"));
  request.mutable_declared()->set_arguments_digest(arguments.Value("arguments-digest"));
  return request;
}

std::optional<v1::AdminExplainResponse> AskDaemon(const Peer& peer,
                                                  v1::AdminExplainRequest& request,
                                                  Console& console, int& code) {
  v1::AdminExplainResponse answer;
  const auto stub = v1::Admin::NewStub(ChannelTo(peer));
  const grpc::Status status = Await(peer, console, [&](grpc::ClientContext* context, auto done) {
    stub->async()->Explain(context, &request, &answer, std::move(done));
  });
  if (request.has_subject_token()) WipeString(*request.mutable_subject_token());
  if (status.ok()) return answer;
  // That the daemon does not answer says nothing of what was asked about.
  code = PrintRefusal(status, peer.socket, console) == kNegative ? kUntold : kUnreachable;
  return std::nullopt;
}

}  // namespace

std::optional<v1::AdminExplainResponse> Ask(const Arguments& arguments, Console& console,
                                            int& code) {
  const bool offline = arguments.Has("documents");
  absl::StatusOr<Peer> peer = Peer{};
  if (!offline) peer = PeerOf(arguments, console);
  if (!offline && arguments.Has("host")) {
    peer = absl::InvalidArgumentError("--host is for --documents; a daemon knows its host");
  }
  absl::Status status = peer.status();
  absl::StatusOr<v1::AdminExplainRequest> request = v1::AdminExplainRequest();
  if (status.ok()) request = RequestOf(arguments, console);
  status.Update(request.status());
  if (status.ok() && !offline) return AskDaemon(*peer, *request, console, code);

  v1::AdminExplainResponse answer;
  if (status.ok()) {
    const auto explanation = AskDocuments(arguments, *request, console);
    if (explanation.ok()) *answer.mutable_explanation() = *explanation;
    status = explanation.status();
  }
  if (status.ok()) return answer;
  code = console.Fail(status);
  return std::nullopt;
}

}  // namespace behalf::cli
