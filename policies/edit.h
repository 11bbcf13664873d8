// The changes that an explanation may suggest: a closed, documented list
// (docs/explain.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "blueprint/documents.h"

namespace behalf {

enum class EditKind : std::uint8_t {
  // Of the request, or of the host.
  kNameAgent,       // name one of `values` as the agent
  kAskThroughTool,  // create a handle for the tool `item`
  kAskForScopes,    // name only the scopes `values`
  kSignIn,          // send a token that shows the sign-in asked for
  kRestore,         // restore what was revoked: `item` says what and why
  kMendHost,        // mend the fact of the host that disables blueprint `item`
  // Of the documents.
  kAddCaller,    // add the caller to the agent `item` at `place`
  kAddAudience,  // add `values` to the list at the blueprint `item`
  kAddClient,
  kAddSubjectScope,
  kAdmitGuests,   // set `guests: true` in the blueprint `item`
  kDefineApi,     // define an Api `item` that exposes the scopes `values`
  kExposeScopes,  // add the scopes `values` to the Api `item` at `place`
  kDefineTool,    // define a Tool `item`
  kAddAllowance,  // add to the blueprint `item` an allowance with the scopes `values`
  // the same with `access: application` and the roles `values`
  kAddApplicationAllowance,
  kAddScopes,        // add the scopes `values` to the allowance at `place`
  kRemoveRule,       // remove the rule `item` ("policy/rule") at `place`
  kRemoveAllowance,  // of an allowed request: remove the allowance at `place`
};

struct Edit {
  EditKind kind;
  std::string item = {};
  std::vector<std::string> values = {};  // sorted
  Place place = {};                      // empty: nowhere yet
};

// "name_agent" and so on, as in RPCs and JSON.
std::string_view EditName(EditKind kind);

// One imperative sentence, without the place.
std::string Describe(const Edit& edit);

}  // namespace behalf
