#include "tests/idp/conditional_access.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/guid.h"
#include "tests/idp/jwt.h"

namespace behalf::idp {
namespace {

using Texts = std::vector<std::string>;

std::string UserPolicyId(const Tenant& tenant) {
  return DerivedGuid(absl::StrCat("second factor policy of ", tenant.id));
}

bool Holds(const Texts& texts, std::string_view wanted) {
  return std::find(texts.begin(), texts.end(), wanted) != texts.end();
}

bool Names(const Texts& texts, std::string_view wanted) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return absl::EqualsIgnoreCase(text, {wanted.data(), wanted.size()});
  });
}

bool Applies(const Policy& policy, const Attempt& attempt) {
  const bool user = policy.users.empty() || Names(policy.users, attempt.user.id) ||
                    Names(policy.users, attempt.user.upn);
  const bool resource = policy.resources.empty() || Holds(policy.resources, attempt.resource.uri) ||
                        Names(policy.resources, attempt.resource.app_id);
  return user && resource && (policy.clients.empty() || Names(policy.clients, attempt.client_id));
}

json::object Essential(std::string_view key, json::value value) {
  return {{"essential", true}, {key, std::move(value)}};
}

std::string Challenge(const Texts& policies, const Texts& contexts) {
  json::object wanted;
  if (!policies.empty()) {
    wanted["capolids"] = Essential("values", json::array(policies.begin(), policies.end()));
  }
  if (contexts.size() == 1) wanted["acrs"] = Essential("value", json::value(contexts.front()));
  if (contexts.size() > 1) {
    wanted["acrs"] = Essential("values", json::array(contexts.begin(), contexts.end()));
  }
  return json::serialize(json::object{{"access_token", wanted}});
}

// `value` or `values` of one claim that is asked for.
Texts Asked(const json::object& claims, std::string_view name) {
  const json::value* request = claims.if_contains(name);
  if (request == nullptr || !request->is_object()) return {};
  Texts texts = TextsAt(request->get_object(), "values");
  if (auto value = TextAt(request->get_object(), "value")) texts.push_back(*std::move(value));
  return texts;
}

json::object AskedOfAccessToken(std::string_view claims) {
  json::error_code error;
  const json::value body = json::parse(claims, error);
  if (error || !body.is_object()) return {};
  const json::value* token = body.get_object().if_contains("access_token");
  return token != nullptr && token->is_object() ? token->get_object() : json::object();
}

bool IsContext(std::string_view text) {
  return text.size() >= 2 && text.size() <= 3 && text[0] == 'c' && text[1] != '0' &&
         std::all_of(text.begin() + 1, text.end(), [](char symbol) {
           return absl::ascii_isdigit(static_cast<unsigned char>(symbol));
         });
}

}  // namespace

Outcome<Evidence> Needed(const Attempt& attempt) {
  Evidence needed;
  for (const Policy& policy : attempt.tenant.conditional_access) {
    if (!Applies(policy, attempt)) continue;
    if (policy.require == kRequireBlock) return Refusal{53003};
    needed.second_factor = true;
    if (!policy.context.empty()) needed.contexts.push_back(policy.context);
  }
  return needed;
}

std::optional<Refusal> CheckPolicies(const Attempt& attempt, const Evidence& shown) {
  Texts policies;
  Texts contexts;
  for (const Policy& policy : attempt.tenant.conditional_access) {
    if (!Applies(policy, attempt)) continue;
    if (policy.require == kRequireBlock) return Refusal{53003};
    if (policy.context.empty()) {
      if (!shown.second_factor) policies.push_back(policy.id);
    } else if (!Holds(shown.contexts, policy.context) && !Holds(contexts, policy.context)) {
      contexts.push_back(policy.context);
    }
  }
  if (policies.empty() && contexts.empty()) return std::nullopt;
  return Refusal{50076, {attempt.resource.app_id}, Challenge(policies, contexts)};
}

Evidence Demanded(const Tenant& tenant, std::string_view claims) {
  const json::object asked = AskedOfAccessToken(claims);
  Texts ids = Asked(asked, "capolids");
  const Texts older = Asked(asked, "polids");
  ids.insert(ids.end(), older.begin(), older.end());
  const Texts contexts = Asked(asked, "acrs");
  Evidence demanded{.second_factor = Holds(ids, UserPolicyId(tenant))};
  for (const Policy& policy : tenant.conditional_access) {
    if (Holds(ids, policy.id)) demanded.second_factor = true;
    if (policy.context.empty() || !Holds(contexts, policy.context)) continue;
    demanded.second_factor = true;
    if (!Holds(demanded.contexts, policy.context)) demanded.contexts.push_back(policy.context);
  }
  return demanded;
}

std::string SecondFactorChallenge(const Tenant& tenant) {
  const json::object policies = Essential("values", json::array{UserPolicyId(tenant)});
  return json::serialize(json::object{{"access_token", json::object{{"polids", policies}}}});
}

std::string MistakeIn(const Policy& policy, const Tenant& tenant) {
  if (policy.require.empty() == policy.context.empty()) {
    return "`require` or `authContext` must be given, and not both";
  }
  const bool known = policy.require == kRequireMfa || policy.require == kRequireBlock;
  if (!policy.require.empty() && !known) return "`require` must be mfa or block";
  if (!policy.context.empty() && !IsContext(policy.context)) {
    return "`authContext` must be one of c1 to c99";
  }
  for (const std::string& user : policy.users) {
    if (tenant.FindUser(user) == nullptr) return "there is no user " + user;
  }
  for (const std::string& resource : policy.resources) {
    if (tenant.FindResource(resource) == nullptr) return "there is no resource " + resource;
  }
  for (const std::string& client : policy.clients) {
    if (!tenant.HasClient(client)) return "there is no client " + client;
  }
  return "";
}

}  // namespace behalf::idp
