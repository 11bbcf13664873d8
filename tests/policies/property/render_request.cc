// A request, for whom a failure is shown to.
#include "tests/policies/property/render.h"

namespace behalf::model {
namespace {

std::string Joined(const Texts& texts) {
  std::string text;
  for (const std::string& item : texts) text += (text.empty() ? "" : ", ") + item;
  return "[" + text + "]";
}

std::string Shown(const std::optional<Texts>& texts) { return texts ? Joined(*texts) : "absent"; }
std::string Shown(const std::optional<std::string>& text) { return text.value_or("absent"); }

std::string Shown(const Process& process) {
  std::string text = process.socket + " uid " + std::to_string(process.uid) + " groups";
  for (const unsigned group : process.groups) text += " " + std::to_string(group);
  return text;
}

std::string Shown(const User& user) {
  return "tenant " + user.tenant + "\n  audience " + user.audience + "\n  client " + user.client +
         "\n  scopes " + Joined(user.scopes) + (user.guest ? "\n  guest" : "") + "\n  groups " +
         Shown(user.groups) + "\n  roles " + Shown(user.roles) + "\n  amr " + Shown(user.amr) +
         "\n  acrs " + Shown(user.auth_contexts) + "\n  acr " + Shown(user.acr) + "\n  auth_time " +
         (user.signed_in_at ? std::to_string(*user.signed_in_at) : "absent");
}

}  // namespace

std::string Render(const Request& request) {
  return "caller " + Shown(request.caller) + "\nagent `" + request.agent + "` tool `" +
         request.tool + "` api `" + request.api + "` scopes " + Joined(request.scopes) +
         " within " + Shown(request.within) + "\nuser " + Shown(request.user) + "\npurpose " +
         Shown(request.purpose) + " toolName " + Shown(request.tool_name) + " argumentsDigest " +
         Shown(request.arguments_digest) + "\nnow " + std::to_string(request.now) +
         (request.application ? "\napplication access" : "") +
         (request.disabled ? "\nblueprint disabled" : "") + (request.revoked ? "\nrevoked" : "") +
         "\n";
}

}  // namespace behalf::model
