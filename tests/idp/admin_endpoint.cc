#include "tests/idp/admin_endpoint.h"

#include <openssl/crypto.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "absl/strings/str_cat.h"
#include "tests/idp/admin_changes.h"
#include "tests/idp/base64url.h"
#include "tests/idp/replies.h"

namespace behalf::idp {
namespace {

using Handler = Response (*)(const Controls&, const json::object&);

struct Route {
  std::string_view method;
  std::string_view path;
  Handler handler;
};

Response Mistake(const absl::Status& status) {
  return JsonReply(400, {{"error", std::string(status.message())}});
}

Response Done(const absl::Status& status) {
  return status.ok() ? JsonReply(200, {{"done", true}}) : Mistake(status);
}

Response TellTime(const Controls& controls, const json::object&) {
  return JsonReply(
      200,
      {{"now", absl::FormatTime(absl::RFC3339_full, controls.clock.Now(), absl::UTCTimeZone())}});
}

Response AdvanceClock(const Controls& controls, const json::object& body) {
  const auto seconds = NumberAt(body, "advanceSeconds");
  if (!seconds.has_value()) return Mistake(absl::InvalidArgumentError("advanceSeconds is missing"));
  controls.clock.Advance(absl::Seconds(*seconds));
  return TellTime(controls, body);
}

Response AddFault(const Controls& controls, const json::object& body) {
  const absl::StatusOr<Fault> fault = FaultIn(body);
  if (!fault.ok()) return Mistake(fault.status());
  controls.faults.Add(*fault);
  return Done(absl::OkStatus());
}

Response ListFaults(const Controls& controls, const json::object&) {
  json::array faults;
  for (const Fault& fault : controls.faults.Pending()) {
    faults.push_back(json::object{{"code", fault.code}, {"times", fault.times}});
  }
  return JsonReply(200, {{"faults", faults}});
}

Response ClearFaults(const Controls& controls, const json::object&) {
  controls.faults.Clear();
  return Done(absl::OkStatus());
}

Response GrantConsent(const Controls& controls, const json::object& body) {
  return Done(controls.world.ChangeDirectory(
      [&](Directory& directory) { return ChangeConsent(directory, body, true); }));
}

Response RevokeConsent(const Controls& controls, const json::object& body) {
  return Done(controls.world.ChangeDirectory(
      [&](Directory& directory) { return ChangeConsent(directory, body, false); }));
}

Response EditUser(const Controls& controls, const json::object& body) {
  return Done(controls.world.ChangeDirectory(
      [&](Directory& directory) { return ChangeUser(directory, body); }));
}

Response AddPolicy(const Controls& controls, const json::object& body) {
  return Done(controls.world.ChangeDirectory(
      [&](Directory& directory) { return SetPolicy(directory, body); }));
}

Response DropPolicy(const Controls& controls, const json::object& body) {
  return Done(controls.world.ChangeDirectory(
      [&](Directory& directory) { return RemovePolicy(directory, body); }));
}

Response Limit(const Controls& controls, const json::object& body) {
  return Done(controls.world.ChangeDirectory(
      [&](Directory& directory) { return SetThrottle(directory, body); }));
}

Response Unlimit(const Controls& controls, const json::object& body) {
  return Done(controls.world.ChangeDirectory(
      [&](Directory& directory) { return RemoveThrottle(directory, body); }));
}

Response RotateKeys(const Controls& controls, const json::object&) {
  absl::StatusOr<SigningKeys> keys = controls.next_keys();
  if (!keys.ok()) return JsonReply(500, {{"error", std::string(keys.status().message())}});
  const std::string id = keys->current().id();
  controls.world.ReplaceKeys(*std::move(keys));
  return JsonReply(200, {{"kid", id}});
}

Response ListRequests(const Controls& controls, const json::object&) {
  return JsonReply(200, {{"requests", controls.log.All()}});
}

Response ClearRequests(const Controls& controls, const json::object&) {
  controls.log.Clear();
  return Done(absl::OkStatus());
}

constexpr auto kRoutes = std::to_array<Route>({
    {"GET", "/admin/clock", &TellTime},
    {"POST", "/admin/clock", &AdvanceClock},
    {"GET", "/admin/faults", &ListFaults},
    {"POST", "/admin/faults", &AddFault},
    {"DELETE", "/admin/faults", &ClearFaults},
    {"POST", "/admin/consents", &GrantConsent},
    {"DELETE", "/admin/consents", &RevokeConsent},
    {"POST", "/admin/users", &EditUser},
    {"POST", "/admin/policies", &AddPolicy},
    {"DELETE", "/admin/policies", &DropPolicy},
    {"POST", "/admin/throttle", &Limit},
    {"DELETE", "/admin/throttle", &Unlimit},
    {"POST", "/admin/keys", &RotateKeys},
    {"GET", "/admin/requests", &ListRequests},
    {"DELETE", "/admin/requests", &ClearRequests},
});

bool Authorized(const Controls& controls, const Request& request) {
  const auto header = request.headers.find("authorization");
  const std::string presented = header == request.headers.end() ? "" : header->second;
  const std::string wanted = Sha256("Bearer " + controls.token);
  return CRYPTO_memcmp(Sha256(presented).data(), wanted.data(), wanted.size()) == 0;
}

}  // namespace

Response AnswerAdmin(const Controls& controls, const Request& request) {
  if (!Authorized(controls, request)) return JsonReply(401, {{"error", "unauthorized"}});
  json::error_code error;
  const json::value body = json::parse(request.body.empty() ? "{}" : request.body, error);
  if (error || !body.is_object()) return Mistake(absl::InvalidArgumentError("no JSON object"));
  for (const Route& route : kRoutes) {
    if (route.method == request.method && route.path == request.path) {
      return route.handler(controls, body.get_object());
    }
  }
  return NotFound();
}

}  // namespace behalf::idp
