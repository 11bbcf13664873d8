#include "behalf/v1/token_broker.grpc.pb.h"
#include "daemon/cli/acting_for.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/call.h"
#include "daemon/cli/delivery.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/record.h"
#include "daemon/cli/refusal.h"

namespace behalf::cli {
namespace {

v1::GetTokenRequest RequestOf(const Arguments& arguments, const ActingFor& acting_for) {
  v1::GetTokenRequest request;
  request.set_access(acting_for.access);
  request.set_subject_token(std::string(acting_for.subject_token.Reveal()));
  request.set_agent(arguments.Value("agent"));
  request.set_api(arguments.Value("api"));
  for (const std::string& scope : arguments.Values("scope")) request.add_scopes(scope);
  return request;
}

int PrintAnswer(v1::GetTokenResponse& answer, Delivery& delivery, Console& console) {
  const SecretString token(std::move(*answer.mutable_access_token()));
  Json::Object record = {{"token_type", answer.token_type()},
                         {"expires_at", TimeText(answer.expires_at())},
                         {"scopes", JsonStrings(answer.scopes())},
                         {"decision_id", answer.decision_id()}};
  if (absl::Status status = delivery.Deliver(token, record, console); !status.ok()) {
    return console.Fail(status);
  }
  PrintRecord(record, console);
  return kOk;
}

}  // namespace

int GetToken(const Arguments& arguments, Console& console) {
  const absl::StatusOr<Peer> peer = PeerOf(arguments, console);
  if (!peer.ok()) return console.Fail(peer.status());
  const absl::StatusOr<ActingFor> acting_for = ActingForOf(arguments, console);
  if (!acting_for.ok()) return console.Fail(acting_for.status());
  absl::StatusOr<Delivery> delivery = Delivery::Prepare(arguments);
  if (!delivery.ok()) return console.Fail(delivery.status());

  v1::GetTokenRequest request = RequestOf(arguments, *acting_for);
  v1::GetTokenResponse answer;
  const auto stub = v1::TokenBroker::NewStub(ChannelTo(*peer));
  const grpc::Status status = Await(*peer, console, [&](grpc::ClientContext* context, auto done) {
    stub->async()->GetToken(context, &request, &answer, std::move(done));
  });
  WipeString(*request.mutable_subject_token());
  return status.ok() ? PrintAnswer(answer, *delivery, console)
                     : PrintRefusal(status, peer->socket, console);
}

}  // namespace behalf::cli
