#include "daemon/broker/explainer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "daemon/broker/errand.h"
#include "daemon/broker/steps.h"
#include "daemon/broker/validate.h"
#include "policies/identify.h"
#include "policies/nearest_caller.h"

namespace behalf {
namespace {

std::vector<std::string> DisabledBlueprints(const CatalogInForce& in_force) {
  std::vector<std::string> names;
  for (const auto& blueprint : in_force.catalog->blueprints()) {
    if (!in_force.IsEnabled(*blueprint)) names.push_back(blueprint->name);
  }
  return names;
}

// The question as the request that it is about, for checks and for the record.
TokenRequest RequestOf(const OperatorsQuestion& question) {
  TokenRequest request(question.caller);
  request.agent = question.asked.agent;
  request.subject_token = question.subject_token.Clone();
  request.tool = question.asked.tool;
  request.api = question.asked.api;
  request.access = question.asked.access;
  request.scopes = question.asked.scopes;
  request.declared.purpose = question.asked.purpose;
  request.declared.tool_name = question.asked.tool_name;
  request.declared.arguments_digest = question.asked.arguments_digest;
  return request;
}

// Claims are free text: what cannot be an id does not come on record.
std::string IdOrNothing(const std::string& text) {
  const bool id = text.size() == 36 && std::all_of(text.begin(), text.end(), [](char c) {
                    return absl::ascii_isxdigit(static_cast<unsigned char>(c)) || c == '-';
                  });
  return id ? text : "";
}

// Whose blueprint the token would be for. Null: nobody's.
const Agent* AgentInQuestion(const Catalog& catalog, const Question& question) {
  const UnixPeer& peer = question.facts.caller;
  const AgentChoice choice = ChooseAgent(catalog, peer, question.agent);
  if (choice.agent != nullptr) return choice.agent;
  if (question.agent.empty() && choice.denied == Reason::kAgentAmbiguous) {
    return catalog.AgentsOf(peer).front();
  }
  return NearestAgent(catalog, peer, question.agent);
}

}  // namespace

Task<absl::StatusOr<Explained>> Explainer::ForAgent(TokenRequest request, CallContext& call) {
  Attempt attempt(parts_.catalogs.Current(), request.caller, parts_.clock.Now());
  Describe(request, attempt.record);
  auto answer = co_await Answer(attempt, request, call);
  co_return Record(attempt, call, std::move(answer));
}

Task<absl::StatusOr<Explained>> Explainer::ForOperator(CatalogInForcePtr in_force,
                                                       OperatorsQuestion question,
                                                       CallContext& call) {
  Attempt attempt(std::move(in_force), question.caller, parts_.clock.Now());
  Describe(RequestOf(question), attempt.record);
  question.asked.disabled = DisabledBlueprints(attempt.in_force());
  auto answer = co_await Answer(attempt, question, call);
  co_return Record(attempt, call, std::move(answer));
}

std::function<std::string(const Agent&)> Explainer::RevokedOf(const Attempt& attempt,
                                                              absl::Time at) const {
  return [this, &attempt, at](const Agent& agent) {
    const auto found = parts_.revocations.Find(InvolvedIn(attempt.record, &agent), at);
    return found ? DescriptionOf(*found) : "";
  };
}

// A disabled blueprint is refused before its user is looked at, as it is when
// a token is asked for.
Task<absl::StatusOr<Explanation>> Explainer::Answer(Attempt& attempt, const TokenRequest& request,
                                                    CallContext& call) {
  const auto agent = Identify(attempt, request.caller, request.agent);
  if (!agent.ok()) co_return agent.status();
  const absl::Status valid = request.tool.empty() ? Validate(request) : ValidateForHandle(request);
  if (!valid.ok()) co_return valid;

  Errand errand = ErrandOf(request, **agent);
  Question question = {.agent = request.agent, .facts = FactsBeforeUser(attempt, errand)};
  question.revoked = RevokedOf(attempt, attempt.now());
  if (question.facts.disabled || !question.revoked(**agent).empty() ||
      errand.access == Access::kApplication) {
    co_return Explain(attempt.catalog(), question);
  }
  const auto subject =
      co_await VerifyUser(attempt, parts_.subjects, parts_.namer, std::move(errand.subject_token),
                          *errand.agent->blueprint->provider, call);
  if (!subject.ok()) co_return subject.status();
  question.facts.user = FactsOf(**subject);
  co_return Explain(attempt.catalog(), question);
}

Task<absl::StatusOr<Explanation>> Explainer::Answer(Attempt& attempt,
                                                    const OperatorsQuestion& question,
                                                    CallContext& call) {
  const Asked& asked = question.asked;
  const absl::Status valid = ValidateQuestion(RequestOf(question), asked.socket);
  if (!valid.ok()) co_return valid;
  attempt.record.about = {.socket = asked.socket, .uid = asked.uid};
  attempt.record.user = {.tid = IdOrNothing(asked.user.tenant),
                         .oid = IdOrNothing(asked.user.object_id)};

  Question what = QuestionOf(asked);
  what.revoked = RevokedOf(attempt, asked.at);
  const Agent* const agent = AgentInQuestion(attempt.catalog(), what);
  SubjectPtr user;
  const bool for_user = asked.access == Access::kDelegated;
  if (for_user && !question.subject_token.empty() && agent != nullptr) {
    auto subject =
        co_await VerifyUser(attempt, parts_.subjects, parts_.namer, question.subject_token.Clone(),
                            *agent->blueprint->provider, call);
    if (!subject.ok()) co_return subject.status();
    user = *std::move(subject);
    what.facts.user = FactsOf(*user);
  }
  co_return Explain(attempt.catalog(), what);
}

// The answer stands whether or not it could be written, as a refusal does.
absl::StatusOr<Explained> Explainer::Record(Attempt& attempt, const CallContext& call,
                                            absl::StatusOr<Explanation> answer) {
  if (!answer.ok()) return Refuse(attempt, call, answer.status(), parts_.audit, parts_.clock);
  attempt.Saw(answer->decision);
  attempt.record.event = AuditEvent::kExplained;
  attempt.record.reason = answer->decision.denied;
  parts_.audit.Record(attempt.record).IgnoreError();
  return Explained{.catalog = attempt.catalog_ptr(),
                   .explanation = *std::move(answer),
                   .decision_id = attempt.decision_id()};
}

}  // namespace behalf
