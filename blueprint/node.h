// A YAML document as a tree of values with places. No tags, anchors or merge
// keys: the reader refuses them. Immutable once read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace behalf::loader {

// Where a value stands in a document that comes with the program.
struct Shipped {
  const std::string* file = nullptr;  // lives forever; null: not a value of such a document
  int line = 0;
};

struct Node {
  enum class Kind : std::uint8_t { kScalar, kList, kMap };
  struct Entry;

  Kind kind = Kind::kScalar;
  bool quoted = false;  // a scalar in quotes, or a block scalar
  int line = 0;         // from 1, as in Place
  int column = 0;
  bool inherited = false;   // a value that was left to `defaults` or `wellKnown`
  bool excused = false;     // a mapping that inherits what cannot be read: no key of it is missing
  Shipped shipped;          // line and column are then of the name that it was taken by
  std::string text;         // kScalar
  std::vector<Node> items;  // kList
  std::vector<Entry> entries;  // kMap; keys are scalars, each once
};

struct Node::Entry {
  Node key;
  Node value;
};

// What a scalar is by YAML's core schema. Words that YAML 1.1 takes for
// booleans (yes, no, on, off) are kFlagLike: neither text nor a flag to us.
enum class ScalarKind : std::uint8_t { kText, kNothing, kFlag, kFlagLike, kNumber };
ScalarKind KindOf(const Node& scalar);

bool IsText(const Node& node);

// "a list", "the number 12", "nothing": to tell the author what was found.
std::string Describe(const Node& node);

// The text for a message: in back quotes, shortened, control characters escaped.
std::string Quote(std::string_view text);

}  // namespace behalf::loader
