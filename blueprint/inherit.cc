#include "blueprint/inherit.h"

#include <vector>

#include "blueprint/kinds.h"
#include "blueprint/suggest.h"

namespace behalf::loader {

Node* Find(Node& map, std::string_view key) { return const_cast<Node*>(FindValue(map, key)); }

const Node* FindMeant(const Node& map, const ShapeInfo& shape, const std::string& key) {
  if (const Node* value = FindValue(map, key)) return value;
  std::vector<std::string> known;
  for (const KeyInfo& info : shape.keys) known.push_back(info.name);
  for (const Node::Entry& entry : map.entries) {
    if (Contains(known, entry.key.text)) continue;
    const std::string* nearest = Nearest(entry.key.text, known);
    if (nearest != nullptr && *nearest == key) return &entry.value;
  }
  return nullptr;
}

void Give(Node& map, const Node::Entry& entry) {
  if (FindValue(map, entry.key.text) != nullptr) return;
  map.entries.push_back(entry);
  map.entries.back().value.inherited = true;
}

void Inherit(Node& document) {
  const Node* kind = FindValue(document, "kind");
  Node* spec = Find(document, "spec");
  if (kind == nullptr || spec == nullptr) return;
  if (kind->text == BlueprintMapping().info().title) InheritDefaults(*spec);
  if (kind->text == ApiMapping().info().title) InheritWellKnown(*spec);
}

}  // namespace behalf::loader
