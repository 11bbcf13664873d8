// File names as documents write them.
#pragma once

#include <string>
#include <string_view>

namespace behalf::loader {

// The directory part of a path; empty for a bare name.
std::string_view DirectoryOf(std::string_view path);

// `file` itself where it is absolute, otherwise below `directory`.
std::string Resolve(std::string_view directory, std::string_view file);

}  // namespace behalf::loader
