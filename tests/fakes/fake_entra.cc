#include "tests/fakes/fake_entra.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/jose/base64url.h"
#include "daemon/jose/json.h"
#include "tests/fakes/contoso.h"

namespace behalf {
namespace {

EntraLeg LegOf(const Form& form) {
  return form.at("grant_type") == "client_credentials" ? EntraLeg::kCredential
                                                       : EntraLeg::kOnBehalfOf;
}

HttpResponse TokenAnswer(int expires_in, const std::string& token) {
  return Answered(200, absl::StrCat(R"({"token_type":"Bearer","expires_in":)", expires_in,
                                    R"(,"access_token":")", token, R"("})"));
}

// Whom the user's token is about; nobody checks it here.
std::string UserOf(const std::string& assertion) {
  const std::vector<std::string> parts = absl::StrSplit(assertion, '.');
  const auto payload = JsonObject::Parse(Base64UrlDecode(parts.at(1)).value_or(""));
  return payload.ok() ? std::string(payload->String("oid").value_or("")) : "";
}

// "RESOURCE/A RESOURCE/B": the resource, and the scopes "A B".
std::pair<std::string, std::string> Split(const std::string& parameter) {
  std::string resource, scopes;
  const std::vector<std::string> parts = absl::StrSplit(parameter, ' ');
  for (const std::string& part : parts) {
    const auto slash = part.rfind('/');
    resource = part.substr(0, slash);
    absl::StrAppend(&scopes, scopes.empty() ? "" : " ", part.substr(slash + 1));
  }
  return {resource, scopes};
}

}  // namespace

FakeEntra::FakeEntra(FakeHttp& http, const Clock& clock, const Provider& provider)
    : http_(http),
      clock_(clock),
      metadata_url_(provider.metadata_url),
      keys_url_(absl::StrCat(provider.authority, "/", provider.tenant, "/discovery/v2.0/keys")),
      token_url_(provider.token_endpoint) {
  PublishMetadata(
      absl::StrCat(R"({"issuer":")", provider.issuer_v2, R"(","jwks_uri":")", keys_url_, R"("})"));
  PublishKeys(JwkSet({TestKey::Rsa2048().PublicJwk("rsa"), TestKey::P256().PublicJwk("ec")}));
  http_.On(token_url_, [this](const SeenRequest& request) {
    return absl::StatusOr<HttpResponse>(Answer(request));
  });
}

void FakeEntra::PublishKeys(std::string jwk_set) { http_.On(keys_url_, 200, std::move(jwk_set)); }

void FakeEntra::PublishMetadata(std::string json) { http_.On(metadata_url_, 200, std::move(json)); }

void FakeEntra::Next(EntraLeg leg, int status, std::string body, std::string retry_after) {
  const absl::MutexLock lock(&mutex_);
  scripted_.push_back({leg, status, std::move(body), std::move(retry_after)});
}

void FakeEntra::Change(std::function<void(Claims&)> change) {
  const absl::MutexLock lock(&mutex_);
  change_ = std::move(change);
}

std::vector<Form> FakeEntra::FormsOf(EntraLeg leg) const {
  std::vector<Form> forms;
  for (SeenRequest& request : http_.seen()) {
    if (request.url == token_url_ && LegOf(request.form) == leg) {
      forms.push_back(std::move(request.form));
    }
  }
  return forms;
}

HttpResponse FakeEntra::Answer(const SeenRequest& request) {
  const EntraLeg leg = LegOf(request.form);
  const absl::MutexLock lock(&mutex_);
  const auto next = std::ranges::find(scripted_, leg, &Scripted::leg);
  if (next != scripted_.end()) {
    HttpResponse response = Answered(next->status, next->body);
    response.retry_after = next->retry_after;
    scripted_.erase(next);
    return response;
  }
  if (leg == EntraLeg::kOnBehalfOf) return OnBehalfOf(request.form);
  return request.form.contains("fmi_path") ? Proof(request.form) : Own(request.form);
}

HttpResponse FakeEntra::Proof(const Form& form) {
  return TokenAnswer(3899, absl::StrCat("proof-", ++tokens_, "-of-", form.at("fmi_path")));
}

// Invoice-bot's token or the ledger's, as themselves.
HttpResponse FakeEntra::Own(const Form& form) {
  const std::string& client = form.at("client_id");
  Claims claims =
      client == kLedgerId ? LedgersOwnReply(clock_.Now()) : AgentsOwnReply(clock_.Now());
  claims.Text("aud", Split(form.at("scope")).first);
  if (form.at("scope") == absl::StrCat(kGraph, "/.default")) {
    claims.Json("roles", R"(["Mail.Read.All"])");
  }
  claims.Text("uti", absl::StrCat("uti-", ++tokens_));
  if (change_) change_(claims);
  return TokenAnswer(75 * 60, UnsignedToken(claims));
}

HttpResponse FakeEntra::OnBehalfOf(const Form& form) {
  const auto [resource, scopes] = Split(form.at("scope"));
  const std::string& client = form.at("client_id");
  Claims claims = client == kLedgerId ? GraphReplyV2(clock_.Now()) : GraphReply(clock_.Now());
  claims.Text("aud", resource)
      .Text(client == kLedgerId ? "azp" : "appid", client)
      .Text("oid", UserOf(form.at("assertion")))
      .Text("scp", scopes)
      .Text("uti", absl::StrCat("uti-", ++tokens_));
  if (change_) change_(claims);
  return TokenAnswer(75 * 60, UnsignedToken(claims));
}

}  // namespace behalf
