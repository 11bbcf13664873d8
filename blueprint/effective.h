// The documents as they are in force: with everything that they leave to
// defaults, and where each value stands. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "blueprint/load.h"

namespace behalf {

struct EffectiveMember;

struct EffectiveValue {
  enum class Form : std::uint8_t { kText, kFlag, kNumber, kList, kMap };

  Form form = Form::kMap;
  std::string text;                      // kText, kFlag, kNumber
  std::string place;                     // "FILE:LINE"; empty: a default of the format
  std::vector<EffectiveMember> members;  // kMap, in the order of the key reference; kList
};

struct EffectiveMember {
  std::string key;  // empty in lists
  EffectiveValue value;
};

// All documents of a set that loads, by kind and name. Secrets never stand in
// documents; what names them is shown.
std::vector<EffectiveValue> EffectiveDocuments(const std::vector<SourceFile>& files);

// As YAML that means the same, a comment on each line saying where it stands.
std::string EffectiveYaml(const std::vector<EffectiveValue>& documents);

}  // namespace behalf
