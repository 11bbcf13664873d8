// What an author may have meant by a word that is not known.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace behalf::loader {

// The known word that is near (edit distance, case ignored); null: none is.
const std::string* Nearest(std::string_view unknown, std::span<const std::string> known);

// "did you mean `x`?" where a known word is near, else "known: a, b, c", shortened.
std::string Suggest(std::string_view unknown, std::span<const std::string> known);

}  // namespace behalf::loader
