#include "daemon/oauth/exchange_key.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "daemon/base/length_prefixed.h"
#include "daemon/crypto/digest.h"

namespace behalf {
namespace {

void AppendList(std::string& text, const std::vector<std::string>& list) {
  absl::StrAppend(&text, list.size(), "[");
  for (const std::string& member : list) AppendPart(text, member);
}

std::string_view VersionText(TokenVersion version) {
  if (version == TokenVersion::kEither) return "either";
  return version == TokenVersion::k1 ? "1" : "2";
}

}  // namespace

std::string ExchangeKey(const ExchangeRequest& request) {
  const Provider& provider = request.provider();
  const Api& api = request.api();
  std::string text;
  text.reserve(1024);
  AppendPart(text, provider.issuer_v1);
  AppendPart(text, provider.issuer_v2);
  AppendPart(text, provider.token_endpoint);
  AppendPart(text, provider.tenant);
  AppendPart(text, request.blueprint().client_id);
  AppendPart(text, request.agent->id);
  AppendPart(text, NameOf(request.access()));
  AppendPart(text, api.resource);
  AppendList(text, api.audiences);
  AppendPart(text, VersionText(api.token_version));
  AppendPart(text, api.request == ScopeRequest::kDefault ? "default" : "named");
  AppendList(text, request.scopes);
  AppendPart(text, request.subject ? request.subject->digest() : "");
  AppendList(text, request.allowance->accept);
  AppendList(text, request.withheld);
  absl::StrAppend(&text, absl::ToInt64Seconds(request.max_lifetime), ";");
  // Who wants a fresh token each time does not join those who reuse one.
  AppendPart(text, request.reuse_for > absl::ZeroDuration() ? "reuse" : "once");
  return Sha256(text);
}

}  // namespace behalf
