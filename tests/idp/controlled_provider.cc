#include "tests/idp/controlled_provider.h"

#include "tests/idp/admin_endpoint.h"
#include "tests/idp/errors.h"
#include "tests/idp/guid.h"
#include "tests/idp/replies.h"

namespace behalf::idp {
namespace {

// In place of what an error says about the request.
const std::vector<std::string> kDetails(3, "(on order)");

bool IsTokenRequest(const Request& request) {
  return request.method == "POST" && request.path.ends_with("/oauth2/v2.0/token");
}

Response Fail(const Fault& fault, const Request& request, absl::Time now) {
  const auto correlation = request.headers.find("client-request-id");
  const std::string name = "fault " + absl::FormatTime(now);
  const Trace trace{DerivedGuid(name), correlation == request.headers.end()
                                           ? DerivedGuid("correlation of " + name)
                                           : correlation->second};
  Response response = ErrorReply({fault.code, kDetails, fault.claims}, trace, now);
  if (fault.status != 0) response.status = fault.status;
  if (fault.retry_after > 0) {
    response.headers.emplace_back("Retry-After", std::to_string(fault.retry_after));
  }
  response.facts.emplace_back("fault", "injected");
  return response;
}

Response AnswerTokenRequest(const Controls& controls, const Request& request) {
  const std::optional<Form> form = Form::Parse(request.body);
  const auto fault = form.has_value() ? controls.faults.Take(*form) : std::nullopt;
  const absl::Time now = controls.clock.Now();
  Response response = fault.has_value() ? Fail(*fault, request, now)
                                        : controls.world.Now()->provider.Handle(request);
  controls.log.Add(request, response, now);
  return response;
}

}  // namespace

Response HandleControlled(const Controls& controls, const Request& request) {
  if (request.path.starts_with("/admin/")) return AnswerAdmin(controls, request);
  if (IsTokenRequest(request)) return AnswerTokenRequest(controls, request);
  return controls.world.Now()->provider.Handle(request);
}

}  // namespace behalf::idp
