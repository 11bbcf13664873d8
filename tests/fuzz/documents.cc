// The loader: any bytes are issues or a catalog.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "blueprint/load.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const accounts = behalf::SystemAccounts().release();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const behalf::LoadResult loaded = behalf::Load({{.path = "fuzz.yaml", .text = text}}, *accounts);
  for (const behalf::Issue& issue : loaded.issues) behalf::Render(issue);
  return 0;
}
