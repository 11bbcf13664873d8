// Pages for people: plain HTML without script, which nothing may frame.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tests/idp/message.h"

namespace behalf::idp {

std::string EscapeHtml(std::string_view text);

// `body` is HTML. Forms on the page may lead to this server and to
// `destination`, an origin or a scheme with its colon; empty: no other.
Response HtmlPage(int status, std::string_view title, std::string_view body,
                  std::string_view destination = "");

// A form that comes back to the URL it was got from.
struct SignInForm {
  std::string purpose;
  std::string user;
  std::string notice;  // what was wrong with the last answer
  bool second_factor = false;
  std::map<std::string, std::string> hidden = {};
  std::string destination = {};
};
Response SignInPage(const SignInForm& form);

// Takes `fields` to `uri` when the user says so: response_mode=form_post.
Response DeliveryPage(const std::string& uri, const std::map<std::string, std::string>& fields,
                      std::string_view destination);

}  // namespace behalf::idp
