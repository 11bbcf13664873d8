#include "tests/idp/authorize_endpoint.h"

#include "absl/strings/str_cat.h"
#include "tests/idp/authorize_request.h"
#include "tests/idp/base64url.h"
#include "tests/idp/conditional_access.h"
#include "tests/idp/pages.h"
#include "tests/idp/replies.h"
#include "tests/idp/sign_in.h"

namespace behalf::idp {
namespace {

Response SendError(const Visit& visit, const ReplyAddress& address, const Refusal& refusal,
                   std::string_view error) {
  Response response =
      SendBack(address, {{"error", std::string(error)},
                         {"error_description", TracedText(refusal, visit.trace, visit.now)},
                         {"error_uri", ErrorUri(refusal)}});
  response.facts.emplace_back("error", absl::StrCat("AADSTS", refusal.code));
  return response;
}

struct Question {
  const Asking& asking;
  Evidence demanded;
};

Response AskUser(const Question& question, std::string_view user, const Refusal* refusal) {
  return SignInPage({.purpose = "Sign in to " + question.asking.app->name,
                     .user = std::string(user),
                     .notice = refusal == nullptr ? "" : Describe(*refusal),
                     .second_factor = !question.demanded.empty() ||
                                      (refusal != nullptr && refusal->code == 50076),
                     .destination = Destination(question.asking.address.uri)});
}

Response ReadAnswer(const Visit& visit, const Question& question, Authorization authorization) {
  const std::optional<Form> entered = Form::Parse(visit.request.body);
  if (!entered.has_value()) return ErrorPage({9002313, {"The body is not a form."}}, visit);
  const ReplyAddress& address = question.asking.address;
  if (entered->Get("answer") == "cancel")
    return SendError(visit, address, {65004}, "access_denied");
  const auto signed_in = ReadSignIn(
      {visit.tenant, authorization.client_id, authorization.scope, question.demanded}, *entered);
  if (!signed_in.ok()) {
    Response page = AskUser(question, entered->Get("username").value_or(""), &signed_in.refusal());
    page.facts.emplace_back("error", absl::StrCat("AADSTS", signed_in.refusal().code));
    return page;
  }
  authorization.user_id = signed_in->user->id;
  authorization.shown = signed_in->shown;
  const std::string code = absl::StrCat("0.", Base64Url(visit.random.Bytes(32)));
  visit.memory.codes.Add(code, std::move(authorization), visit.now);
  return SendBack(address, {{"code", code}});
}

}  // namespace

Response AnswerAuthorize(const Visit& visit) {
  if (visit.request.method != "GET" && visit.request.method != "POST") return MethodNotAllowed();
  const std::optional<Form> query = Form::Parse(visit.request.query);
  if (!query.has_value()) return ErrorPage({9002313, {"The query is malformed."}}, visit);
  const Outcome<Asking> asking = ReadAsking(*query, visit.tenant);
  if (!asking.ok()) return ErrorPage(asking.refusal(), visit);
  const auto authorization = ReadAuthorizeRequest(*query, visit.tenant, *asking);
  if (!authorization.ok()) {
    const Refusal& refusal = authorization.refusal();
    return SendError(visit, asking->address, refusal, RowOf(refusal.code).error);
  }
  const Question question{*asking, Demanded(visit.tenant, query->Get("claims").value_or(""))};
  if (visit.request.method == "POST") return ReadAnswer(visit, question, *authorization);
  return AskUser(question, query->Get("login_hint").value_or(""), nullptr);
}

}  // namespace behalf::idp
