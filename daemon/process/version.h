// The version, as CMakeLists.txt states it.
#pragma once

namespace behalf {

inline constexpr char kVersion[] = BEHALF_VERSION;

}  // namespace behalf
