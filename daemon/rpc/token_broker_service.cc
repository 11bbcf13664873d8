#include "daemon/rpc/token_broker_service.h"

#include <string>

#include "daemon/rpc/call.h"
#include "daemon/rpc/connections.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/request_messages.h"
#include "daemon/rpc/trace_context.h"
#include "daemon/wire/explanation.h"

namespace behalf {

grpc::ServerUnaryReactor* TokenBrokerService::GetToken(grpc::CallbackServerContext* context,
                                                       const v1::GetTokenRequest* request,
                                                       v1::GetTokenResponse* response) {
  const auto fill = [response](const IssuedToken& issued) {
    response->set_access_token(std::string(issued.token->value.Reveal()));
    response->set_token_type("Bearer");
    SetTimestamp(issued.token->expires_at, *response->mutable_expires_at());
    AddAll(issued.token->scopes, response->mutable_scopes());
    response->set_decision_id(issued.decision_id);
  };
  return RunCall<IssuedToken>(context, fill, [&](CallContext& call) {
    return broker_.GetToken(Traced(FromMessage(*request, CallerOf(*context, peers_)), *context,
                                   "behalf.v1.TokenBroker/GetToken"),
                            call);
  });
}

grpc::ServerUnaryReactor* TokenBrokerService::CreateHandle(grpc::CallbackServerContext* context,
                                                           const v1::CreateHandleRequest* request,
                                                           v1::CreateHandleResponse* response) {
  const auto fill = [response](const CreatedHandle& created) {
    response->set_handle(std::string(created.handle.Reveal()));
    SetTimestamp(created.expires_at, *response->mutable_expires_at());
    AddAll(created.scopes, response->mutable_scopes());
    response->set_decision_id(created.decision_id);
  };
  return RunCall<CreatedHandle>(context, fill, [&](CallContext& call) {
    return broker_.CreateHandle(Traced(FromMessage(*request, CallerOf(*context, peers_)), *context,
                                       "behalf.v1.TokenBroker/CreateHandle"),
                                call);
  });
}

grpc::ServerUnaryReactor* TokenBrokerService::Explain(grpc::CallbackServerContext* context,
                                                      const v1::ExplainRequest* request,
                                                      v1::ExplainResponse* response) {
  const auto fill = [response](const Explained& explained) {
    ToMessageForCaller(explained.explanation, *response->mutable_explanation());
    response->set_decision_id(explained.decision_id);
  };
  return RunCall<Explained>(context, fill, [&](CallContext& call) {
    return explainer_.ForAgent(Traced(FromMessage(*request, CallerOf(*context, peers_)), *context,
                                      "behalf.v1.TokenBroker/Explain"),
                               call);
  });
}

}  // namespace behalf
