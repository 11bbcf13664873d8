#include "tests/idp/pages.h"

#include "absl/strings/str_cat.h"

namespace behalf::idp {
namespace {

std::string Hidden(const std::map<std::string, std::string>& fields) {
  std::string inputs;
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&inputs, R"(<input type="hidden" name=")", EscapeHtml(name), R"(" value=")",
                    EscapeHtml(value), "\">\n");
  }
  return inputs;
}

std::string Policy(std::string_view destination) {
  std::string policy =
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
  if (!destination.empty()) policy.append(" ").append(destination);
  return policy;
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  for (const char symbol : text) {
    switch (symbol) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += symbol;
    }
  }
  return escaped;
}

Response HtmlPage(int status, std::string_view title, std::string_view body,
                  std::string_view destination) {
  Response response{.status = status};
  response.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
  response.headers.emplace_back("Cache-Control", "no-store, no-cache");
  response.headers.emplace_back("Content-Security-Policy", Policy(destination));
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.body = absl::StrCat("<!DOCTYPE html>\n<html lang=\"en\">\n<title>", EscapeHtml(title),
                               "</title>\n<h1>", EscapeHtml(title), "</h1>\n");
  response.body.append(body).append("</html>\n");
  return response;
}

Response SignInPage(const SignInForm& form) {
  std::string body;
  if (!form.notice.empty()) {
    body = absl::StrCat("<p role=\"alert\">", EscapeHtml(form.notice), "</p>\n");
  }
  absl::StrAppend(&body, "<form method=\"post\">\n", Hidden(form.hidden),
                  "<p><label>User <input name=\"username\" value=\"", EscapeHtml(form.user),
                  "\"></label></p>\n<p><label>Password "
                  "<input name=\"password\" type=\"password\"></label></p>\n");
  if (form.second_factor) {
    body +=
        "<p><label><input name=\"secondFactor\" type=\"checkbox\" value=\"shown\"> "
        "second factor shown</label></p>\n";
  }
  body +=
      "<p><button>Sign in</button> "
      "<button name=\"answer\" value=\"cancel\">Cancel</button></p>\n</form>\n";
  return HtmlPage(200, form.purpose, body, form.destination);
}

Response DeliveryPage(const std::string& uri, const std::map<std::string, std::string>& fields,
                      std::string_view destination) {
  const std::string body =
      absl::StrCat("<form method=\"post\" action=\"", EscapeHtml(uri), "\">\n", Hidden(fields),
                   "<p><button>Continue</button></p>\n</form>\n");
  return HtmlPage(200, "Continue to the application", body, destination);
}

}  // namespace behalf::idp
