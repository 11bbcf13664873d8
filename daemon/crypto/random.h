// Unpredictable bytes.
#pragma once

#include <cstddef>
#include <string>

namespace behalf {

// `size` bytes of the operating system's strength. Thread-safe. Ends the
// process when the generator fails: nothing can go on without it.
std::string RandomBytes(std::size_t size);

// A random UUID (RFC 9562 section 5.4) in lower case. As RandomBytes.
std::string RandomUuid();

}  // namespace behalf
