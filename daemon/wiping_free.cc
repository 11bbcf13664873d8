// free(3) and realloc(3) of the whole program, libraries included: memory that
// is given back is overwritten first. So no copy of a secret outlives its use,
// not even in buffers of gRPC, curl and OpenSSL that nobody here sees.
#include <malloc.h>
#include <string.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "daemon/process/sanitized.h"

// A sanitizer has its own, which find what is used after it was freed.
#if !BEHALF_SANITIZED

// glibc's own, by the names under which it exports them.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" void __libc_free(void* memory);
// NOLINTEND(bugprone-reserved-identifier)

extern "C" void free(void* memory) {
  if (memory != nullptr) explicit_bzero(memory, malloc_usable_size(memory));
  __libc_free(memory);
}

// Always moves, as glibc's would leave behind what it moves or cuts off.
extern "C" void* realloc(void* memory, std::size_t size) {
  if (memory == nullptr) return malloc(size);
  void* const moved = size == 0 ? nullptr : malloc(size);
  if (moved == nullptr && size != 0) return nullptr;
  if (moved != nullptr) memcpy(moved, memory, std::min(size, malloc_usable_size(memory)));
  free(memory);
  return moved;
}

#endif
