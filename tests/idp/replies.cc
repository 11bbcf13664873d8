#include "tests/idp/replies.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/str_cat.h"

namespace behalf::idp {

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

Response ErrorReply(const Refusal& refusal, const Trace& trace, absl::Time now) {
  const ErrorRow& row = RowOf(refusal.code);
  const std::string time = absl::FormatTime("%Y-%m-%d %H:%M:%SZ", now, absl::UTCTimeZone());
  json::object body{
      {"error", row.error},
      {"error_description",
       absl::StrCat(Describe(refusal), " Trace ID: ", trace.trace_id,
                    " Correlation ID: ", trace.correlation_id, " Timestamp: ", time)},
      {"error_codes", json::array{refusal.code}},
      {"timestamp", time},
      {"trace_id", trace.trace_id},
      {"correlation_id", trace.correlation_id},
      {"error_uri", absl::StrCat("https://login.microsoftonline.com/error?code=", refusal.code)}};
  if (!row.suberror.empty()) body["suberror"] = row.suberror;
  if (!refusal.claims.empty()) body["claims"] = refusal.claims;
  Response response = JsonReply(row.status, body);
  response.facts.emplace_back("error", absl::StrCat("AADSTS", refusal.code));
  return response;
}

}  // namespace behalf::idp
