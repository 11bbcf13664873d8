#include "daemon/rpc/tool_tokens_service.h"

#include <string>

#include "daemon/rpc/call.h"
#include "daemon/rpc/connections.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/request_messages.h"
#include "daemon/rpc/trace_context.h"

namespace behalf {

grpc::ServerUnaryReactor* ToolTokensService::RedeemHandle(grpc::CallbackServerContext* context,
                                                          const v1::RedeemHandleRequest* request,
                                                          v1::RedeemHandleResponse* response) {
  const auto fill = [response](const IssuedToken& issued) {
    response->set_access_token(std::string(issued.token->value.Reveal()));
    response->set_token_type("Bearer");
    SetTimestamp(issued.token->expires_at, *response->mutable_expires_at());
    AddAll(issued.token->scopes, response->mutable_scopes());
    response->set_api(issued.api);
    response->set_subject_ref(issued.subject_ref);
    response->set_decision_id(issued.decision_id);
  };
  return RunCall<IssuedToken>(context, fill, [&](CallContext& call) {
    return broker_.RedeemHandle(Traced(FromMessage(*request, CallerOf(*context, peers_)), *context,
                                       "behalf.v1.ToolTokens/RedeemHandle"),
                                call);
  });
}

}  // namespace behalf
