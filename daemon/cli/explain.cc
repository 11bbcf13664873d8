#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/json.h"
#include "daemon/cli/question.h"
#include "daemon/cli/text.h"
#include "daemon/cli/tree.h"
#include "daemon/wire/times.h"

namespace behalf::cli {
namespace {

std::string ReasonText(const v1::Explanation& answer) {
  return v1::Reason_Name(answer.reason()).substr(std::string_view("REASON_").size());
}

std::string PlaceText(const v1::Place& place) {
  return place.file().empty() ? "" : absl::StrCat(place.file(), ":", place.line());
}

// "does not apply"
std::string VerdictText(v1::Verdict verdict) {
  const std::string name = v1::Verdict_Name(verdict).substr(std::string_view("VERDICT_").size());
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", " "}});
}

Branch BranchOf(const v1::Term& term) {
  Branch branch = {
      .mark = "·", .name = term.name(), .text = term.text(), .place = PlaceText(term.place())};
  switch (term.verdict()) {
    case v1::VERDICT_HOLDS:
      return branch.mark = "✓", branch.colour = Colour::kGood, branch;
    case v1::VERDICT_FAILS:
      return branch.mark = "✗", branch.colour = Colour::kBad, branch;
    case v1::VERDICT_RESTRICTS:
      return branch.mark = "▾", branch.colour = Colour::kGood, branch;
    case v1::VERDICT_WARNS:
      return branch.mark = "!", branch.colour = Colour::kBad, branch;
    default:
      return branch;
  }
}

void PrintVerdict(const v1::Explanation& answer, Console& console) {
  if (answer.allowed()) {
    console.out() << console.OnOut(Colour::kGood, "allowed:") << ' '
                  << Printable(absl::StrJoin(answer.scopes(), " ")) << '\n';
  } else {
    console.out() << console.OnOut(Colour::kBad, "denied:") << ' ' << ReasonText(answer) << '\n';
  }
  const std::string place = PlaceText(answer.decided_by());
  if (!place.empty()) console.out() << "decided by " << Printable(place) << '\n';
  if (!answer.withheld().empty()) {
    console.out() << "withheld by policies: " << Printable(absl::StrJoin(answer.withheld(), " "))
                  << '\n';
  }
  if (!answer.claims().empty()) {
    console.out() << "the sign-in must show: " << Printable(answer.claims()) << '\n';
  }
}

void PrintEdits(const v1::Explanation& answer, Console& console) {
  if (answer.edits().empty()) {
    console.out() << "no single edit of the documented list would change it\n";
    return;
  }
  console.out() << "what would change it:\n";
  for (const v1::Edit& edit : answer.edits()) {
    const std::string place = PlaceText(edit.place());
    console.out() << "  - " << Printable(edit.sentence());
    if (!place.empty()) {
      console.out() << console.OnOut(Colour::kQuiet, Concat({" (", Printable(place), ")"}));
    }
    console.out() << '\n';
  }
}

Json PlaceJson(const v1::Place& place) {
  if (place.file().empty()) return {};
  return Json::Object{{"file", place.file()}, {"line", place.line()}, {"column", place.column()}};
}

Json TermJson(const v1::Term& term) {
  return Json::Object{{"name", term.name()},
                      {"verdict", VerdictText(term.verdict())},
                      {"text", term.text()},
                      {"place", PlaceJson(term.place())}};
}

Json EditJson(const v1::Edit& edit) {
  return Json::Object{{"kind", edit.kind()},
                      {"sentence", edit.sentence()},
                      {"item", edit.item()},
                      {"values", JsonStrings(edit.values())},
                      {"place", PlaceJson(edit.place())}};
}

Json SecondsJson(bool present, const google::protobuf::Duration& duration) {
  return present ? Json(absl::ToInt64Seconds(FromMessage(duration))) : Json();
}

Json::Object AnswerJson(const v1::Explanation& answer) {
  return {{"allowed", answer.allowed()},
          {"reason", answer.allowed() ? Json() : Json(ReasonText(answer))}};
}

Json ExplanationJson(const v1::Explanation& answer, const std::string& decision_id) {
  Json::Array terms, edits;
  for (const v1::Term& term : answer.terms()) terms.push_back(TermJson(term));
  for (const v1::Edit& edit : answer.edits()) edits.push_back(EditJson(edit));
  Json::Object json = AnswerJson(answer);
  const Json::Object more = {
      {"failed_term", answer.failed_term()},
      {"detail", answer.detail()},
      {"decided_by", PlaceJson(answer.decided_by())},
      {"claims", answer.claims()},
      {"max_age_seconds", SecondsJson(answer.has_max_age(), answer.max_age())},
      {"scopes", JsonStrings(answer.scopes())},
      {"withheld", JsonStrings(answer.withheld())},
      {"max_lifetime_seconds", SecondsJson(answer.has_max_lifetime(), answer.max_lifetime())},
      {"reuse_for_seconds", SecondsJson(answer.has_reuse_for(), answer.reuse_for())},
      {"rules", JsonStrings(answer.rules())},
      {"terms", std::move(terms)},
      {"edits", std::move(edits)},
      {"catalog_digest", answer.catalog_digest()},
      {"decision_id", decision_id.empty() ? Json() : Json(decision_id)}};
  json.insert(json.end(), more.begin(), more.end());
  return json;
}

void PrintTable(const v1::Explanation& answer, const std::string& decision_id, Console& console) {
  PrintVerdict(answer, console);
  std::vector<Branch> branches;
  for (const v1::Term& term : answer.terms()) branches.push_back(BranchOf(term));
  PrintTree(branches, console);
  PrintEdits(answer, console);
  if (!decision_id.empty()) {
    console.out() << console.OnOut(Colour::kQuiet, Concat({"recorded as ", decision_id})) << '\n';
  }
}

}  // namespace

int ExplainDecision(const Arguments& arguments, Console& console) {
  int code = kOk;
  const auto answer = Ask(arguments, console, code);
  if (!answer) return code;
  const v1::Explanation& explanation = answer->explanation();
  if (console.format() == Format::kJson) {
    console.out() << ExplanationJson(explanation, answer->decision_id()).Dump() << '\n';
  } else {
    PrintTable(explanation, answer->decision_id(), console);
  }
  return explanation.allowed() ? kOk : kNegative;
}

int AskWhetherAllowed(const Arguments& arguments, Console& console) {
  int code = kOk;
  const auto answer = Ask(arguments, console, code);
  if (!answer) return code;
  const v1::Explanation& explanation = answer->explanation();
  if (console.format() == Format::kJson) {
    console.out() << Json(AnswerJson(explanation)).Dump() << '\n';
  } else if (explanation.allowed()) {
    console.out() << "yes\n";
  } else {
    console.out() << "no: " << ReasonText(explanation) << '\n';
  }
  return explanation.allowed() ? kOk : kNegative;
}

}  // namespace behalf::cli
