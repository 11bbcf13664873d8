#include "tests/policies/property/evaluator.h"

#include <algorithm>
#include <stdexcept>

#include "blueprint/load.h"
#include "tests/policies/catalogs.h"

namespace behalf::model {
namespace {

std::set<std::string> SetOf(const Texts& texts) { return {texts.begin(), texts.end()}; }

void ReadChallenge(const SignInChallenge& challenge, Answer& answer) {
  if (challenge.max_age) answer.max_age = absl::ToInt64Seconds(*challenge.max_age);
  const std::string before = R"("acrs":{"essential":true,"value":")";
  const std::size_t at = challenge.claims.find(before);
  if (at == std::string::npos) return;
  const std::size_t begin = at + before.size();
  answer.auth_context = challenge.claims.substr(begin, challenge.claims.find('"', begin) - begin);
}

std::string Joined(const std::set<std::string>& texts) {
  std::string text;
  for (const std::string& item : texts) text += " " + item;
  return text;
}

}  // namespace

std::shared_ptr<const Catalog> CatalogOf(const std::vector<std::string>& texts) {
  std::vector<SourceFile> files;
  for (const std::string& text : texts) {
    files.push_back(
        {.path = std::string(1, static_cast<char>('a' + files.size())) + ".yaml", .text = text});
  }
  const LoadResult result = Load(files, NumbersOnly());
  if (result.catalog != nullptr) return result.catalog;
  std::string told;
  for (const Issue& issue : result.issues) told += behalf::Render(issue) + "\n";
  for (const std::string& text : texts) told += text;
  throw std::runtime_error(told);
}

Asked::Asked(const Request& request)
    : request_(request), groups_(request.caller.groups.begin(), request.caller.groups.end()) {
  const User& user = request_.user;
  question_.agent = request_.agent;
  Facts& facts = question_.facts;
  facts.caller = {.socket = request_.caller.socket, .uid = request_.caller.uid, .groups = groups_};
  facts.user = {.tenant = user.tenant,
                .object_id = "",
                .audience = user.audience,
                .client = user.client,
                .scopes = *Keep(user.scopes),
                .guest = user.guest,
                .groups = Keep(user.groups),
                .roles = Keep(user.roles),
                .amr = Keep(user.amr),
                .auth_contexts = Keep(user.auth_contexts),
                .acr = user.acr,
                .signed_in_at = std::nullopt};
  if (user.signed_in_at) facts.user.signed_in_at = absl::FromUnixSeconds(*user.signed_in_at);
  facts.tool = request_.tool;
  facts.api = request_.api;
  facts.access = request_.application ? Access::kApplication : Access::kDelegated;
  facts.scopes = request_.scopes;
  facts.within = Keep(request_.within);
  facts.declared = {.purpose = request_.purpose,
                    .tool_name = request_.tool_name,
                    .arguments_digest = request_.arguments_digest};
  facts.now = absl::FromUnixSeconds(request_.now);
  facts.disabled = request_.disabled;
  if (request_.revoked) facts.revoked = "the request was revoked";
}

OptionalList Asked::Keep(const std::optional<Texts>& texts) {
  if (!texts) return std::nullopt;
  Texts& kept = *kept_.emplace_back(std::make_unique<Texts>(*texts));
  std::ranges::sort(kept);
  return kept;
}

Decision Enforce(const Catalog& catalog, const Question& question) {
  const AgentChoice choice = ChooseAgent(catalog, question.facts.caller, question.agent);
  if (choice.denied) return Deny(*choice.denied, "caller", choice.detail);
  Facts facts = question.facts;
  facts.agent = choice.agent;
  return Decide(catalog, facts);
}

Answer AnswerOf(const Decision& decision) {
  Answer answer;
  for (const RuleInForce& rule : decision.applied) {
    answer.applied.insert(rule.policy->name + "/" + rule.rule->name);
  }
  if (decision.denied) {
    answer.reason = std::string(RowOf(*decision.denied).name);
    if (decision.challenge) ReadChallenge(*decision.challenge, answer);
    return answer;
  }
  answer.scopes = SetOf(decision.scopes);
  answer.withheld = SetOf(decision.withheld);
  answer.max_lifetime = absl::ToInt64Seconds(decision.max_lifetime);
  answer.reuse_for = absl::ToInt64Seconds(decision.reuse_for);
  return answer;
}

std::string Show(const Answer& answer) {
  const std::string applied = " applied:" + Joined(answer.applied);
  if (!answer.reason.empty()) {
    return "denied: " + answer.reason + " " + answer.auth_context + " " +
           (answer.max_age ? std::to_string(*answer.max_age) + "s" : "") + applied;
  }
  return "allowed:" + Joined(answer.scopes) + " withheld:" + Joined(answer.withheld) +
         " maxLifetime: " + std::to_string(answer.max_lifetime) +
         "s reuseFor: " + std::to_string(answer.reuse_for) + "s" + applied;
}

}  // namespace behalf::model
