#include "behalf/v1/tool_tokens.grpc.pb.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/call.h"
#include "daemon/cli/delivery.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/record.h"
#include "daemon/cli/refusal.h"

namespace behalf::cli {
namespace {

v1::RedeemHandleRequest RequestOf(const Arguments& arguments, const SecretString& handle) {
  v1::RedeemHandleRequest request;
  request.set_handle(std::string(handle.Reveal()));
  request.set_request_id(arguments.Value("request-id"));
  for (const std::string& scope : arguments.Values("scope")) request.add_scopes(scope);
  return request;
}

int PrintAnswer(v1::RedeemHandleResponse& answer, Delivery& delivery, Console& console) {
  const SecretString token(std::move(*answer.mutable_access_token()));
  Json::Object record = {{"api", answer.api()},
                         {"token_type", answer.token_type()},
                         {"expires_at", TimeText(answer.expires_at())},
                         {"scopes", JsonStrings(answer.scopes())},
                         {"subject_ref", answer.subject_ref()},
                         {"decision_id", answer.decision_id()}};
  if (absl::Status status = delivery.Deliver(token, record, console); !status.ok()) {
    return console.Fail(status);
  }
  PrintRecord(record, console);
  return kOk;
}

}  // namespace

int RedeemHandle(const Arguments& arguments, Console& console) {
  const absl::StatusOr<Peer> peer = PeerOf(arguments, console);
  if (!peer.ok()) return console.Fail(peer.status());
  const absl::StatusOr<SecretString> handle =
      ReadSecret(arguments.Value("handle-file"), console.in());
  if (!handle.ok()) return console.Fail(handle.status());
  absl::StatusOr<Delivery> delivery = Delivery::Prepare(arguments);
  if (!delivery.ok()) return console.Fail(delivery.status());

  v1::RedeemHandleRequest request = RequestOf(arguments, *handle);
  v1::RedeemHandleResponse answer;
  const auto stub = v1::ToolTokens::NewStub(ChannelTo(*peer));
  const grpc::Status status = Await(*peer, console, [&](grpc::ClientContext* context, auto done) {
    stub->async()->RedeemHandle(context, &request, &answer, std::move(done));
  });
  WipeString(*request.mutable_handle());
  return status.ok() ? PrintAnswer(answer, *delivery, console)
                     : PrintRefusal(status, peer->socket, console);
}

}  // namespace behalf::cli
