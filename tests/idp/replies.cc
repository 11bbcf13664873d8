#include "tests/idp/replies.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/str_cat.h"
#include "tests/idp/pages.h"

namespace behalf::idp {
namespace {

std::string Time(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace

Response JsonReply(int status, const json::object& body) {
  Response response{.status = status};
  response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  response.headers.emplace_back("Cache-Control", "no-store, no-cache");
  response.headers.emplace_back("Pragma", "no-cache");
  response.body = json::serialize(body);
  return response;
}

Response NotFound() { return JsonReply(404, {{"error", "not_found"}}); }

Response MethodNotAllowed() { return JsonReply(405, {{"error", "method_not_allowed"}}); }

std::string TracedText(const Refusal& refusal, const Trace& trace, absl::Time now) {
  return absl::StrCat(Describe(refusal), " Trace ID: ", trace.trace_id,
                      " Correlation ID: ", trace.correlation_id, " Timestamp: ", Time(now));
}

std::string ErrorUri(const Refusal& refusal) {
  return absl::StrCat("https://login.microsoftonline.com/error?code=", refusal.code);
}

Response ErrorPage(const Refusal& refusal, const Visit& visit) {
  const std::string text = TracedText(refusal, visit.trace, visit.now);
  Response response =
      HtmlPage(400, "You cannot sign in here", absl::StrCat("<p>", EscapeHtml(text), "</p>\n"));
  response.facts.emplace_back("error", absl::StrCat("AADSTS", refusal.code));
  return response;
}

Response ErrorReply(const Refusal& refusal, const Trace& trace, absl::Time now) {
  const ErrorRow& row = RowOf(refusal.code);
  const std::string time = Time(now);
  json::object body{{"error", row.error},
                    {"error_description", TracedText(refusal, trace, now)},
                    {"error_codes", json::array{refusal.code}},
                    {"timestamp", time},
                    {"trace_id", trace.trace_id},
                    {"correlation_id", trace.correlation_id},
                    {"error_uri", ErrorUri(refusal)}};
  if (!row.suberror.empty()) body["suberror"] = row.suberror;
  if (!refusal.claims.empty()) body["claims"] = refusal.claims;
  Response response = JsonReply(row.status, body);
  response.facts.emplace_back("error", absl::StrCat("AADSTS", refusal.code));
  return response;
}

}  // namespace behalf::idp
