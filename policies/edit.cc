#include "policies/edit.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace behalf {
namespace {

struct Row {
  EditKind kind;
  std::string_view name;
  std::string_view sentence;  // %i: the item; the values: %v, where none means any, or %r
};

constexpr std::array kRows = std::to_array<Row>({
    {EditKind::kNameAgent, "name_agent", "name the agent in the request: %v"},
    {EditKind::kAskThroughTool, "ask_through_tool", "create a handle for the tool %i"},
    {EditKind::kAskForScopes, "ask_for_scopes", "ask for these scopes only: %v"},
    {EditKind::kSignIn, "sign_in", "send a token of a fresh sign-in (authentication context: %v)"},
    {EditKind::kRestore, "restore", "restore it: %i"},
    {EditKind::kMendHost, "mend_host", "mend what disables the blueprint %i on this host"},
    {EditKind::kAddCaller, "add_caller", "add the caller to those of the agent %i: %v"},
    {EditKind::kAddAudience, "add_audience", "add %v to `subjects.audiences` of %i"},
    {EditKind::kAddClient, "add_client", "add %v to `subjects.clients` of %i"},
    {EditKind::kAddSubjectScope, "add_subject_scope", "add %v to `subjects.scopes` of %i"},
    {EditKind::kAdmitGuests, "admit_guests", "write `guests: true` in `subjects` of %i"},
    {EditKind::kDefineApi, "define_api", "define an Api %i that exposes %v"},
    {EditKind::kExposeScopes, "expose_scopes", "add %v to the scopes of the Api %i"},
    {EditKind::kDefineTool, "define_tool", "define a Tool %i"},
    {EditKind::kAddAllowance, "add_allowance", "add an allowance with the scopes %v to %i"},
    {EditKind::kAddApplicationAllowance, "add_application_allowance",
     "add an allowance with `access: application` and the roles %r to %i"},
    {EditKind::kAddScopes, "add_scopes", "add %v to the scopes of the allowance"},
    {EditKind::kRemoveRule, "remove_rule", "remove the rule %i"},
    {EditKind::kRemoveAllowance, "remove_allowance", "remove the allowance from %i"},
});

std::string AsList(const std::vector<std::string>& values) {
  return absl::StrCat("[", absl::StrJoin(values, ", "), "]");
}

const Row& RowOf(EditKind kind) { return kRows[static_cast<std::size_t>(kind)]; }

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].kind) != i) return false;
  }
  return true;
}
static_assert(InOrder());

}  // namespace

std::string_view EditName(EditKind kind) { return RowOf(kind).name; }

std::string Describe(const Edit& edit) {
  const std::string values = edit.values.empty() ? "any" : absl::StrJoin(edit.values, ", ");
  const std::string_view sentence = RowOf(edit.kind).sentence;
  return absl::StrReplaceAll(absl::string_view(sentence.data(), sentence.size()),
                             {{"%i", edit.item}, {"%v", values}, {"%r", AsList(edit.values)}});
}

}  // namespace behalf
