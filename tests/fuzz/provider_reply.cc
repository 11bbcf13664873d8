// What a provider answers: good and bad replies, and the tokens in them.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/base/error.h"
#include "daemon/base/executor.h"
#include "daemon/http/response_header.h"
#include "daemon/jose/base64url.h"
#include "daemon/jose/jwt.h"
#include "daemon/oauth/entra_errors.h"
#include "daemon/oauth/entra_reply.h"
#include "daemon/oauth/signing_keys.h"
#include "daemon/oauth/subject_verifier.h"
#include "daemon/oauth/token_response.h"
#include "tests/daemon/base/coroutines.h"
#include "tests/fakes/contoso.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_entra.h"
#include "tests/fakes/fake_http.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/promise.h"

namespace behalf::fuzz {
namespace {

// What invoice-bot asks for: Graph for alice, and invoices for itself.
class Asked {
 public:
  Asked() {
    CallContext call(absl::InfiniteFuture());
    alice_ = *RunToEnd(verifier_.Verify(SecretString(FakeEntra::Signed(AliceV2(clock_.Now()))),
                                        *catalog_->providers().front(), clock_.Now(), call));
    delegated_.emplace(catalog_, Agent(), *Allowance("graph", Access::kDelegated), alice_);
    delegated_->scopes = {"Mail.Read", "Mail.Send"};
    application_.emplace(catalog_, Agent(), *Allowance("invoices", Access::kApplication), nullptr);
    application_->scopes = {"Invoices.Post"};
  }

  const ExchangeRequest& Of(Access access) const {
    return access == Access::kDelegated ? *delegated_ : *application_;
  }
  absl::Time now() const { return clock_.Now(); }

 private:
  const behalf::Agent& Agent() const { return *catalog_->FindAgent("invoice-bot"); }
  const behalf::Allowance* Allowance(std::string_view api, Access access) const {
    const Tool* const tool =
        access == Access::kDelegated ? catalog_->FindTool("mail-search") : nullptr;
    return catalog_->FindAllowance(Agent(), tool, *catalog_->FindApi(api), access);
  }

  FakeClock clock_;
  Executor executor_{1};
  FakeHttp http_{executor_};
  std::shared_ptr<const Catalog> catalog_ = ContosoCatalog(WithApplications());
  FakeEntra entra_{http_, clock_, *catalog_->providers().front()};
  SigningKeys keys_{http_, executor_, clock_};
  SubjectVerifier verifier_{keys_, 1 << 20};
  SubjectPtr alice_;
  std::optional<ExchangeRequest> delegated_;
  std::optional<ExchangeRequest> application_;
};

// A 200 whose token has these claims.
std::string ReplyAround(std::string_view claims) {
  const std::string token =
      Base64UrlEncode(R"({"alg":"RS256","typ":"JWT"})") + "." + Base64UrlEncode(claims) + ".AA";
  return R"({"token_type":"Bearer","expires_in":3600,"access_token":")" + token + "\"}";
}

std::string LowerText(const JsonObject& claims, std::string_view name) {
  return absl::AsciiStrToLower(std::string(claims.String(name).value_or("")));
}

bool Holds(const std::vector<std::string>& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

// Read once more from the token itself: what was asked for, and nothing else.
void CheckAccepted(const ApiToken& token, const ExchangeRequest& request, absl::Time now) {
  const auto jwt = UnverifiedJwt::Parse(token.value.Reveal());
  Promise(jwt.ok(), "an accepted token is a JWT");
  const JsonObject& claims = jwt->claims();
  const bool delegated = request.access() == Access::kDelegated;
  Promise(LowerText(claims, "tid") == kTenant, "the tenant is the provider's");
  Promise(Holds(request.api().audiences, claims.String("aud").value_or("")), "the API is the one");
  Promise(LowerText(claims, claims.String("ver") == "1.0" ? "appid" : "azp") == request.agent->id,
          "the agent is the one");
  Promise(!delegated || LowerText(claims, "oid") == kAliceId, "the user is the one");
  Promise(delegated || !claims.Has("scp"), "an application has no user's scopes");
  for (const std::string& scope : request.scopes) {
    Promise(Holds(token.scopes, scope), "all that was asked for is there");
  }
  for (const std::string& scope : token.scopes) {
    Promise(Holds(request.scopes, scope) || Holds(request.allowance->accept, scope),
            "nothing is there that was not accepted");
  }
  const std::int64_t exp = claims.Integer("exp").value_or(0);
  Promise(token.expires_at <= absl::FromUnixSeconds(exp), "it is not used past its end");
  Promise(token.expires_at > now, "it has time left");
  Promise(absl::FromUnixSeconds(exp) - now <= request.max_lifetime, "it does not live too long");
  Promise(CheckLimits(token, request, now).ok(), "what is accepted is accepted from the cache");
}

void CheckFailure(const absl::Status& failure) {
  const ErrorDetail detail = DetailOf(failure);
  Promise(detail.reason != Reason::kInternal, "a bad answer has a reason");
  const absl::Duration wait = detail.retry_after.value_or(absl::Seconds(1));
  Promise(wait >= absl::Seconds(1) && wait <= absl::Minutes(5), "a wait is bounded");
  for (const auto& [name, value] : detail.metadata) {
    Promise(name == "claims" ? value.size() <= 4096 : value.size() <= 64, "a fact is short");
  }
}

bool IsTrimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  return text.empty() ||
         (kBlank.find(text.front()) == kBlank.npos && kBlank.find(text.back()) == kBlank.npos);
}

void CheckHeader(std::string_view line, HttpResponse& response) {
  ReadHeader(line, response);
  Promise(response.date.empty() || response.retry_after.empty(), "a line is one header");
  for (const std::string* value : {&response.date, &response.retry_after}) {
    Promise(IsTrimmed(*value) && line.find(*value) != line.npos, "a value stands in its line");
  }
  const auto date = ParseHttpDate(response.date);
  if (!date) return;
  const std::int64_t seconds = absl::ToUnixSeconds(*date);
  Promise(seconds >= 0 && seconds < 253'402'300'800, "a date is before the year 10000");
  Promise(response.date.size() == 29 && response.date.ends_with(" GMT"), "a date has one form");
}

}  // namespace
}  // namespace behalf::fuzz

// One byte: status, access, form. A line of the head. The rest: the body, or
// the claims of the token in a good reply.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf;
  static const auto* const asked = new fuzz::Asked();
  fuzz::Choices choices(fuzz::TextOf(data, size));
  const std::uint8_t kind = choices.Byte();
  const Access access = (kind & 1) != 0 ? Access::kApplication : Access::kDelegated;
  HttpResponse response;
  if ((kind & 2) != 0) {
    response.status = 200;
    response.body = SecretString(fuzz::ReplyAround(choices.Rest()));
  } else {
    constexpr std::array kStatuses = {200, 400, 401, 403, 429, 500, 503, 302};
    response.status = kStatuses[kind >> 2U & 7U];
    fuzz::CheckHeader(choices.View(), response);
    response.body = SecretString(choices.Rest());
  }
  for (const EntraLeg leg : {EntraLeg::kCredential, EntraLeg::kOnBehalfOf}) {
    fuzz::CheckFailure(EntraError(response, leg));
  }
  auto reply = ParseTokenResponse(response);
  if (!reply.ok()) return 0;
  fuzz::Promise(!reply->access_token.empty(), "a reply holds a token");
  const ExchangeRequest& request = asked->Of(access);
  const auto token = CheckEntraReply(*std::move(reply), request, asked->now());
  if (token.ok()) fuzz::CheckAccepted(*token, request, asked->now());
  return 0;
}
