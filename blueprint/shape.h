// The description of the kinds as data: what the JSON Schema and the key
// reference are made of. The same objects bind YAML; see type.h and kinds.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace behalf::loader {

struct ShapeInfo;

// What a value may be.
struct TypeInfo {
  enum class Form : std::uint8_t { kText, kFlag, kCount, kSize, kAccount, kList, kMap, kTextMap };

  Form form = Form::kText;
  std::string what;               // "a GUID": continues "must be"
  std::string example;            // as it stands in YAML
  std::string pattern;            // texts: an ECMAScript regular expression, also JSON Schema's
  std::size_t most_bytes = 1024;  // texts
  std::vector<std::string> choices = {};  // texts: a closed set; flags: all but `true` is refused
  std::string refers = {};                // texts: the kind of the document named
  std::shared_ptr<const TypeInfo> item = {};  // lists; the values of a map of texts
  std::shared_ptr<const TypeInfo> key = {};   // maps of texts
  bool may_be_empty = false;                  // lists
  bool is_set = false;                        // lists: no item twice, in any order
  const ShapeInfo* shape = nullptr;           // mappings, and lists of them
};

struct KeyInfo {
  std::string name;
  TypeInfo type;
  bool required = false;
  std::string left_to = {};   // the key that its value may be left to; empty: none
  std::string default_value;  // as in YAML; empty: none
  std::string doc;            // one or more sentences
};

// Which keys go together beyond each one's own `required`.
struct KeyRule {
  enum class Kind : std::uint8_t { kExactlyOne, kAtLeastOne };
  Kind kind;
  std::vector<std::string> keys;
};

// A mapping with a closed set of keys.
struct ShapeInfo {
  std::string title;
  std::string doc;
  std::vector<KeyInfo> keys;
  std::vector<KeyRule> rules;
  bool confidential = false;  // errors do not show what stands there
  bool brief = false;         // its keys are explained where it is named, not one by one
};

// A kind of document.
struct KindInfo {
  std::string name;
  std::string doc;
  const ShapeInfo* spec = nullptr;
};

// All kinds, in the order in which they are explained.
const std::vector<KindInfo>& AllKinds();

// The keys around every kind's spec.
const ShapeInfo& EnvelopeInfo();

}  // namespace behalf::loader
