// Where each member of a document's struct was read from, so that checks
// across documents can point at the text. Addresses must not change.
#pragma once

#include <string>
#include <string_view>
#include <typeindex>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "blueprint/documents.h"
#include "blueprint/node.h"

namespace behalf::loader {

struct Mark {
  const std::string* file = nullptr;
  const Node* node = nullptr;

  Place place() const;
  // The item of a list that says `text`; the mark itself when none does.
  Mark Item(std::string_view text) const;
};

class Marks {
 public:
  template <class V>
  void Set(const V* member, Mark mark) {
    marks_.insert_or_assign(KeyOf(member), mark);
  }

  // A member that is absent from the document has no mark: nullptr.
  template <class V>
  const Mark* Find(const V* member) const {
    const auto found = marks_.find(KeyOf(member));
    return found == marks_.end() ? nullptr : &found->second;
  }

 private:
  using Key = std::pair<const void*, std::size_t>;

  // A struct and its first member share an address, never a type.
  template <class V>
  static Key KeyOf(const V* member) {
    return {member, std::type_index(typeid(V)).hash_code()};
  }

  absl::flat_hash_map<Key, Mark> marks_;
};

inline Place Mark::place() const { return {*file, node->line, node->column}; }

inline Mark Mark::Item(std::string_view text) const {
  for (const Node& item : node->items) {
    if (absl::EqualsIgnoreCase(item.text, {text.data(), text.size()})) return {file, &item};
  }
  return *this;
}

}  // namespace behalf::loader
