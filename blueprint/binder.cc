#include "blueprint/binder.h"

#include "absl/strings/str_cat.h"

namespace behalf::loader {

void Binder::Error(const Node& at, std::string message, std::string advice) {
  failed_ = true;
  report_.Error(PlaceOf(at), std::move(message), std::move(advice));
}

void Binder::Mismatch(const Node& at, const TypeInfo& type, const std::string& found) {
  Error(at, absl::StrCat(subject_, " must be ", type.what, ", but this is ", found),
        type.example.empty() ? "" : absl::StrCat("write, for example: ", type.example));
}

}  // namespace behalf::loader
