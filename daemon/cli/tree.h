// A short tree for people: what was decided, and below it why.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/console.h"

namespace behalf::cli {

// One line below the heading.
struct Branch {
  std::string mark = {};  // one character; empty: none
  Colour colour = Colour::kQuiet;
  std::string name = {};
  std::string text = {};
  std::string place = {};  // "file:line"; may be empty
};

// The branches in columns. What others wrote is made printable.
void PrintTree(const std::vector<Branch>& branches, Console& console);

}  // namespace behalf::cli
