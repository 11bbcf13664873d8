#include "daemon/rpc/token_broker_service.h"

#include <string>
#include <utility>

#include "daemon/rpc/call.h"
#include "daemon/rpc/connections.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/trace_context.h"
#include "daemon/wire/access.h"
#include "daemon/wire/explanation.h"

namespace behalf {
namespace {

Declared Read(const v1::Declared& message) {
  Declared declared;
  declared.purpose = message.purpose();
  declared.tool_name = message.tool_name();
  declared.arguments_digest = message.arguments_digest();
  return declared;
}

// What all requests have in common.
template <typename Message>
TokenRequest Read(const Message& message, CallerPtr caller,
                  const grpc::CallbackServerContext& context) {
  TokenRequest request(std::move(caller));
  request.trace = TraceOf(context);
  request.subject_token = SecretString(std::string_view(message.subject_token()));
  request.agent = message.agent();
  request.api = message.api();
  request.access = FromMessage(message.access());
  request.scopes = ToVector(message.scopes());
  request.declared = Read(message.declared());
  return request;
}

}  // namespace

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
    return broker_.GetToken(Read(*request, CallerOf(*context, peers_), *context), call);
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
    TokenRequest read = Read(*request, CallerOf(*context, peers_), *context);
    read.for_handle = true;
    read.tool = request->tool();
    if (request->has_lifetime()) read.lifetime = FromMessage(request->lifetime());
    return broker_.CreateHandle(std::move(read), call);
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
    TokenRequest read = Read(*request, CallerOf(*context, peers_), *context);
    read.tool = request->tool();
    return explainer_.ForAgent(std::move(read), call);
  });
}

}  // namespace behalf
