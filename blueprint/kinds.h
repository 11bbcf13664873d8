// The description of each kind's spec. The keys of a kind stand in its own
// file, kinds_*.cc.
#pragma once

#include <string>

#include "blueprint/documents.h"
#include "blueprint/mapping.h"
#include "blueprint/policy.h"

namespace behalf::loader {

const Mapping<Provider>& ProviderMapping();
const Mapping<Api>& ApiMapping();
const Mapping<Tool>& ToolMapping();
const Mapping<Blueprint>& BlueprintMapping();
const Mapping<Policy>& PolicyMapping();
const Mapping<DaemonSpec>& DaemonMapping();

// `when` and `unless` of a rule.
const Mapping<Condition>& ConditionMapping();

const Mapping<Credential>& CredentialMapping();

// One entry of `callers`.
const Mapping<UnixSelector>& CallerMapping();

// What stands around every spec.
struct Envelope {
  std::string api_version;
  std::string kind;
  std::string name;
  std::vector<std::string> labels;
  const Node* spec = nullptr;
  Place place;
};
const Mapping<Envelope>& EnvelopeMapping();

}  // namespace behalf::loader
