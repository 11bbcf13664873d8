// Strict YAML: libyaml's events under the rules of text_check.h, and without
// directives, anchors, aliases, tags, merge keys, keys that are not text,
// duplicate keys or deep nesting. Reads no files; keeps no state.
#pragma once

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "blueprint/node.h"
#include "blueprint/text_check.h"

namespace behalf::loader {

inline constexpr int kMostNesting = 16;

// The documents of a file, at least one, or its first syntax error.
std::variant<std::vector<Node>, SyntaxError> ReadYaml(std::string_view text);

}  // namespace behalf::loader
