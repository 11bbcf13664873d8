// The texts of blueprint/well_known, put into the program by the build.
#pragma once

#include <span>
#include <string_view>

namespace behalf::loader {

struct ShippedFile {
  std::string_view name;  // without ".yaml"
  std::string_view text;
};

// In the order of their names.
std::span<const ShippedFile> WellKnownFiles();

}  // namespace behalf::loader
