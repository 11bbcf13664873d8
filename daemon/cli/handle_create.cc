#include "behalf/v1/token_broker.grpc.pb.h"
#include "daemon/cli/acting_for.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/call.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/record.h"
#include "daemon/cli/refusal.h"
#include "daemon/cli/secret_file.h"

namespace behalf::cli {
namespace {

absl::Status SetLifetime(const Arguments& arguments, v1::CreateHandleRequest& request) {
  if (!arguments.Has("lifetime")) return absl::OkStatus();
  const absl::StatusOr<absl::Duration> lifetime =
      ParseDurationOf("lifetime", arguments.Value("lifetime"));
  if (!lifetime.ok()) return lifetime.status();
  absl::Duration rest;
  request.mutable_lifetime()->set_seconds(absl::IDivDuration(*lifetime, absl::Seconds(1), &rest));
  request.mutable_lifetime()->set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(rest)));
  return absl::OkStatus();
}

absl::StatusOr<v1::CreateHandleRequest> RequestOf(const Arguments& arguments, Console& console) {
  v1::CreateHandleRequest request;
  if (absl::Status status = SetLifetime(arguments, request); !status.ok()) return status;
  const absl::StatusOr<ActingFor> acting_for = ActingForOf(arguments, console);
  if (!acting_for.ok()) return acting_for.status();
  request.set_access(acting_for->access);
  request.set_subject_token(std::string(acting_for->subject_token.Reveal()));
  request.set_agent(arguments.Value("agent"));
  request.set_tool(arguments.Value("tool"));
  request.set_api(arguments.Value("api"));
  for (const std::string& scope : arguments.Values("scope")) request.add_scopes(scope);
  return request;
}

absl::StatusOr<std::optional<SecretFile>> FileFor(const Arguments& arguments) {
  if (!arguments.Has("handle-file")) return std::nullopt;
  absl::StatusOr<SecretFile> file = SecretFile::Prepare(arguments.Value("handle-file"));
  if (!file.ok()) return file.status();
  return std::optional<SecretFile>(*std::move(file));
}

int PrintAnswer(v1::CreateHandleResponse& answer, std::optional<SecretFile>& file,
                const Arguments& arguments, Console& console) {
  const SecretString handle(std::move(*answer.mutable_handle()));
  Json::Object record;
  if (!file) {
    record.emplace_back("handle", handle.Reveal());
  } else if (absl::Status status = file->Write(handle); !status.ok()) {
    return console.Fail(status);
  } else {
    record.emplace_back("handle_file", arguments.Value("handle-file"));
  }
  record.emplace_back("expires_at", TimeText(answer.expires_at()));
  record.emplace_back("scopes", JsonStrings(answer.scopes()));
  record.emplace_back("decision_id", answer.decision_id());
  PrintRecord(record, console);
  if (!file && console.format() == Format::kTable) {
    console.err() << "pass the handle to the tool, which alone can redeem it, once\n";
  }
  return kOk;
}

}  // namespace

int CreateHandle(const Arguments& arguments, Console& console) {
  const absl::StatusOr<Peer> peer = PeerOf(arguments, console);
  if (!peer.ok()) return console.Fail(peer.status());
  absl::StatusOr<v1::CreateHandleRequest> request = RequestOf(arguments, console);
  if (!request.ok()) return console.Fail(request.status());
  absl::StatusOr<std::optional<SecretFile>> file = FileFor(arguments);
  if (!file.ok()) return console.Fail(file.status());

  v1::CreateHandleResponse answer;
  const auto stub = v1::TokenBroker::NewStub(ChannelTo(*peer));
  const grpc::Status status = Await(*peer, console, [&](grpc::ClientContext* context, auto done) {
    stub->async()->CreateHandle(context, &*request, &answer, std::move(done));
  });
  WipeString(*request->mutable_subject_token());
  return status.ok() ? PrintAnswer(answer, *file, arguments, console)
                     : PrintRefusal(status, peer->socket, console);
}

}  // namespace behalf::cli
