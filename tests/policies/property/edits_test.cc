// What an explanation suggests, done: the answer must flip.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/policies/property/apply_edit.h"
#include "tests/policies/property/render.h"
#include "tests/policies/property/trial.h"

namespace behalf::model {
namespace {

// Documents are loaded again at most so often a trial, for edits of kinds that
// the trial has not seen together.
constexpr std::size_t kReloads = 5;

bool IsNear(const std::vector<Selector>& selectors, const Process& process) {
  return std::ranges::any_of(selectors, [&](const Selector& selector) {
    return selector.socket == process.socket ||
           Matches(selector, {selector.socket, process.uid, process.groups});
  });
}

bool IsOfASeparateTool(const Documents& documents, const Process& process) {
  return std::ranges::any_of(documents.tools, [&](const auto& tool) {
    return tool.second.separate &&
           std::ranges::any_of(tool.second.callers, [&](const Selector& selector) {
             return *selector.user == process.uid;
           });
  });
}

// Which agent the caller could be added to: the one that it names, else one
// that is near.
bool SomeAgentCouldBeIts(const Documents& documents, const Request& request) {
  for (const auto& [unused, blueprint] : documents.blueprints) {
    for (const auto& [name, agent] : blueprint.agents) {
      if (request.agent.empty() ? IsNear(agent.callers, request.caller) : name == request.agent) {
        return true;
      }
    }
  }
  return false;
}

// Why the caller cannot be added to an agent that it is not.
std::string HopelessCaller(const Documents& documents, const Request& request) {
  const std::set<std::string> own = AgentsOf(documents, request.caller);
  if (!own.empty()) return "";  // it may name one
  if (request.caller.uid == kNobody) return "the caller is nobody";
  if (request.caller.socket == "admin") return "the socket is for admins";
  if (IsOfASeparateTool(documents, request.caller)) return "the account is a tool's";
  if (SomeAgentCouldBeIts(documents, request)) return "";
  return request.agent.empty() ? "no agent is near the caller" : "no agent has the name";
}

// Why no edit of the list can help, by what nothing of it changes; empty: one
// should have been found. These are all.
std::string Hopeless(const Documents& documents, const Request& request) {
  const std::string caller = HopelessCaller(documents, request);
  if (!caller.empty()) return caller;
  if (request.application) return "";
  if (request.user.tenant != kTenant) return "the tenant is not the provider's";
  if (request.user.scopes.empty()) return "the token carries no scope";
  if (documents.apis.count(request.api) == 0 && request.scopes.empty()) {
    return "an unknown API, of which no scope is named";
  }
  return "";
}

bool OfTheRequestAlone(const std::vector<Edit>& edits) {
  return std::ranges::all_of(edits, [](const Edit& edit) { return IsOfTheRequest(edit.kind); });
}

std::string NamesOf(const std::vector<Edit>& edits) {
  std::string names;
  for (const Edit& edit : edits) names += std::string(EditName(edit.kind)) + " ";
  return names;
}

std::string Show(const std::vector<Edit>& edits) {
  std::string text;
  for (const Edit& edit : edits) {
    text += "  " + std::string(EditName(edit.kind)) + ": " + Describe(edit) + "\n";
  }
  return text;
}

// The documents and the request after the edits; the answer must be another.
Violation Flip(const Trial& trial, const Request& asked, const Explanation& explained) {
  Documents documents = trial.documents;
  Request request = asked;
  for (const Edit& edit : explained.edits) {
    Apply(edit, *trial.catalog, documents, request);
  }
  const auto catalog =
      OfTheRequestAlone(explained.edits) ? trial.catalog : CatalogOf({Render(documents)});
  const Answer after = AnswerOf(Enforce(*catalog, Asked(request).question()));
  Coverage unused;
  const Answer expected = Evaluate(documents, request, unused);
  const bool flipped = after.reason.empty() != explained.decision.allowed();
  if (flipped && after == expected) return std::nullopt;
  return "edits:\n" + Show(explained.edits) + "before " + Show(AnswerOf(explained.decision)) +
         "\nafter " + Show(after) + "\nshould be " + Show(expected) + "\nthe edited request:\n" +
         Render(request) + "before the edits:";
}

class Edits : public testing::Test {
 protected:
  void StartTrial() { seen_.clear(); }

  Violation Check(const Trial& trial, Request request) {
    request.within.reset();  // a redemption has nothing to edit
    const Asked asked(request);
    const Explanation explained = Explain(*trial.catalog, asked.question());
    if (explained.edits.empty()) return CheckHopeless(trial, request, explained);
    if (!OfTheRequestAlone(explained.edits)) {
      if (seen_.size() == kReloads || !seen_.insert(NamesOf(explained.edits)).second) {
        return std::nullopt;
      }
    }
    for (const Edit& edit : explained.edits) coverage_.Count(std::string(EditName(edit.kind)));
    return Flip(trial, request, explained);
  }

  Violation CheckHopeless(const Trial& trial, const Request& request,
                          const Explanation& explained) {
    if (explained.decision.allowed()) return "an allowed request, and nothing would deny it";
    const std::string why = Hopeless(trial.documents, request);
    if (why.empty()) {
      return "no edit is suggested, and one might help: " + Show(AnswerOf(explained.decision)) +
             "\n";
    }
    coverage_.Count(why);
    return std::nullopt;
  }

  std::set<std::string> seen_;  // names of edits, of the trial
  Coverage coverage_;
};

TEST_F(Edits, WhatIsSuggestedFlipsTheAnswer) {
  ForRandomRequests([this](Trial& trial, const Request& request) { return Check(trial, request); },
                    [this](Trial&) -> Violation {
                      StartTrial();
                      return std::nullopt;
                    });
  for (const auto& [what, count] : coverage_.counts()) {
    if (std::getenv("BEHALF_COVERAGE") != nullptr) std::printf("%8d %s\n", count, what.c_str());
  }
  if (std::getenv("BEHALF_SEED") != nullptr) return;
  for (int kind = 0; kind <= static_cast<int>(EditKind::kRemoveAllowance); ++kind) {
    const std::string name(EditName(static_cast<EditKind>(kind)));
    EXPECT_GE(coverage_.Of(name), Decisions() / 2500) << "suggested too rarely: " << name;
  }
}

}  // namespace
}  // namespace behalf::model
