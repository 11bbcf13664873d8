#include "tests/idp/device_endpoint.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/base64url.h"
#include "tests/idp/conditional_access.h"
#include "tests/idp/guid.h"
#include "tests/idp/pages.h"
#include "tests/idp/replies.h"
#include "tests/idp/scopes.h"
#include "tests/idp/sign_in.h"

namespace behalf::idp {
namespace {

// Consonants: nothing to mistake for another, and no words.
constexpr std::string_view kLetters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr int kUserCodeLetters = 9;

std::string NewUserCode(RandomSource& random) {
  std::string code;
  for (int i = 0; i < kUserCodeLetters; ++i) {
    code += kLetters[static_cast<std::size_t>(
        random.Between(0, static_cast<std::int64_t>(kLetters.size()) - 1))];
  }
  return code;
}

std::string Value(const Form& form, std::string_view name) {
  return std::string(form.Get(name).value_or(""));
}

Outcome<DeviceRequest> ReadDeviceRequest(const Visit& visit) {
  if (visit.request.method != "POST") return Refusal{900561, {visit.request.method}};
  const std::optional<Form> form = Form::Parse(visit.request.body);
  if (!form.has_value()) return Refusal{9002313, {"The body is not a form."}};
  for (const char* name : {"client_id", "scope"}) {
    if (!form->Get(name).has_value()) return Refusal{900144, {name}};
  }
  const std::string sent = Value(*form, "client_id");
  const std::string id = ParseGuid(sent).value_or(sent);
  if (visit.tenant.FindApp(id) == nullptr) return Refusal{700016, {id, visit.tenant.name}};
  const std::string scope = Value(*form, "scope");
  if (const auto asked = ReadScopes(scope, visit.tenant); !asked.ok()) return asked.refusal();
  return DeviceRequest{
      {.client_id = id, .tenant_id = visit.tenant.id, .user_id = {}, .scope = scope},
      Value(*form, "claims")};
}

Response AskForCode(std::string_view notice) {
  std::string body;
  if (!notice.empty()) {
    body = "<p role=\"alert\">" + EscapeHtml(notice) + "</p>\n";
  }
  body +=
      "<form method=\"post\">\n<p><label>Code <input name=\"user_code\"></label></p>\n"
      "<p><button>Next</button></p>\n</form>\n";
  return HtmlPage(200, "Enter the code that your device shows", body);
}

struct Answering {
  const Form& entered;
  const std::string& user_code;
  const DeviceRequest& request;
  Evidence demanded;
};

Response AskUser(const Visit& visit, const Answering& answering, const Refusal* refusal) {
  const App* app = visit.tenant.FindApp(answering.request.authorization.client_id);
  return SignInPage({.purpose = absl::StrCat("Sign in to ", app == nullptr ? "" : app->name),
                     .user = Value(answering.entered, "username"),
                     .notice = refusal == nullptr ? "" : Describe(*refusal),
                     .second_factor = !answering.demanded.empty() ||
                                      (refusal != nullptr && refusal->code == 50076),
                     .hidden = {{"user_code", answering.user_code}}});
}

Response SignIn(const Visit& visit, const Answering& answering) {
  DeviceCodes& devices = visit.memory.devices;
  if (answering.entered.Get("answer") == "cancel") {
    devices.Answer(answering.user_code, std::nullopt);
    return HtmlPage(200, "The sign-in was cancelled", "");
  }
  if (!answering.entered.Has("username")) return AskUser(visit, answering, nullptr);
  Authorization authorization = answering.request.authorization;
  const auto signed_in =
      ReadSignIn({visit.tenant, authorization.client_id, authorization.scope, answering.demanded},
                 answering.entered);
  if (!signed_in.ok()) {
    Response page = AskUser(visit, answering, &signed_in.refusal());
    page.facts.emplace_back("error", absl::StrCat("AADSTS", signed_in.refusal().code));
    return page;
  }
  authorization.user_id = signed_in->user->id;
  authorization.shown = signed_in->shown;
  devices.Answer(answering.user_code, std::move(authorization));
  return HtmlPage(200, "You have signed in on your device", "");
}

}  // namespace

Response AnswerDeviceCode(const Visit& visit) {
  const auto asked = ReadDeviceRequest(visit);
  if (!asked.ok()) return ErrorReply(asked.refusal(), visit.trace, visit.now);
  const std::string device_code = Base64Url(visit.random.Bytes(32));
  const std::string user_code = NewUserCode(visit.random);
  visit.memory.devices.Add(device_code, user_code, *asked, visit.now);
  const std::string page =
      absl::StrCat(visit.request.base_url, "/", visit.tenant.id, "/oauth2/deviceauth");
  return JsonReply(
      200, {{"user_code", user_code},
            {"device_code", device_code},
            {"verification_uri", page},
            {"expires_in", absl::ToInt64Seconds(kDeviceCodeLifetime)},
            {"interval", absl::ToInt64Seconds(kPollInterval)},
            {"message", absl::StrCat("To sign in, use a web browser to open the page ", page,
                                     " and enter the code ", user_code, " to authenticate.")}});
}

Response AnswerDevicePage(const Visit& visit) {
  if (visit.request.method == "GET") return AskForCode("");
  if (visit.request.method != "POST") return MethodNotAllowed();
  const std::optional<Form> entered = Form::Parse(visit.request.body);
  if (!entered.has_value()) return ErrorPage({9002313, {"The body is not a form."}}, visit);
  const std::string user_code = absl::AsciiStrToUpper(Value(*entered, "user_code"));
  const auto request = visit.memory.devices.Find(user_code, visit.tenant.id, visit.now);
  if (!request.has_value()) return AskForCode(Describe({70018}));
  return SignIn(visit, {*entered, user_code, *request, Demanded(visit.tenant, request->claims)});
}

}  // namespace behalf::idp
