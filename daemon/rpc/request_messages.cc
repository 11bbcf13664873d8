#include "daemon/rpc/request_messages.h"

#include <string_view>
#include <utility>

#include "daemon/rpc/messages.h"
#include "daemon/wire/access.h"

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
TokenRequest Read(const Message& message, CallerPtr caller) {
  TokenRequest request(std::move(caller));
  request.subject_token = SecretString(std::string_view(message.subject_token()));
  request.agent = message.agent();
  request.api = message.api();
  request.access = FromMessage(message.access());
  request.scopes = ToVector(message.scopes());
  request.declared = Read(message.declared());
  return request;
}

}  // namespace

TokenRequest FromMessage(const v1::GetTokenRequest& message, CallerPtr caller) {
  return Read(message, std::move(caller));
}

TokenRequest FromMessage(const v1::CreateHandleRequest& message, CallerPtr caller) {
  TokenRequest request = Read(message, std::move(caller));
  request.for_handle = true;
  request.tool = message.tool();
  if (message.has_lifetime()) request.lifetime = FromMessage(message.lifetime());
  return request;
}

TokenRequest FromMessage(const v1::ExplainRequest& message, CallerPtr caller) {
  TokenRequest request = Read(message, std::move(caller));
  request.tool = message.tool();
  return request;
}

RedeemRequest FromMessage(const v1::RedeemHandleRequest& message, CallerPtr caller) {
  RedeemRequest request(std::move(caller));
  request.handle = SecretString(std::string_view(message.handle()));
  request.request_id = message.request_id();
  request.scopes = ToVector(message.scopes());
  return request;
}

}  // namespace behalf
