#include "blueprint/defaults.h"

#include <string>
#include <vector>

#include "blueprint/kinds.h"
#include "blueprint/suggest.h"

namespace behalf::loader {
namespace {

const ShapeInfo* ShapeOf(const ShapeInfo& shape, std::string_view key) {
  for (const KeyInfo& info : shape.keys) {
    if (info.name == key) return info.type.shape;
  }
  return nullptr;
}

Node* Find(Node& map, std::string_view key) { return const_cast<Node*>(FindValue(map, key)); }

// The value of a key of such a mapping, which may be misspelt.
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

void Inherit(Node& map, const Node::Entry& entry) {
  if (FindValue(map, entry.key.text) != nullptr) return;
  map.entries.push_back(entry);
  map.entries.back().value.inherited = true;
}

class Heirs {
 public:
  Heirs(const Node& defaults, const ShapeInfo& shape) : defaults_(defaults), shape_(shape) {}

  void FillAllowance(Node& allowance) const {
    allowance.excused = defaults_.kind != Node::Kind::kMap;
    for (const char* key : {"maxLifetime", "reuseFor", "accept"}) Fill(allowance, key);
  }

  // An agent's own labels stay.
  void FillAgent(Node& agent) const {
    Node* own = Find(agent, "labels");
    if (own == nullptr) return Fill(agent, "labels");
    const Node* labels = FindMeant(defaults_, shape_, "labels");
    if (labels == nullptr || own->kind != Node::Kind::kMap) return;
    for (const Node::Entry& label : labels->entries) Inherit(*own, label);
  }

 private:
  void Fill(Node& heir, const char* key) const {
    const Node* value = FindMeant(defaults_, shape_, key);
    if (value == nullptr) return;
    Node::Entry entry{.key = {}, .value = *value};
    entry.key.text = key;
    Inherit(heir, entry);
  }

  const Node& defaults_;
  const ShapeInfo& shape_;
};

template <class Visit>
void ForEachMapping(Node& spec, std::string_view key, Visit visit) {
  Node* list = Find(spec, key);
  if (list == nullptr) return;
  for (Node& item : list->items) {
    if (item.kind == Node::Kind::kMap) visit(item);
  }
}

}  // namespace

void InheritDefaults(Node& document) {
  const ShapeInfo& shape = BlueprintMapping().info();
  const Node* kind = FindValue(document, "kind");
  Node* spec = Find(document, "spec");
  if (kind == nullptr || kind->text != shape.title || spec == nullptr) return;
  const Node* defaults = FindMeant(*spec, shape, "defaults");
  if (defaults == nullptr) return;
  const Heirs heirs(*defaults, *ShapeOf(shape, "defaults"));
  ForEachMapping(*spec, "allow", [&](Node& allowance) { heirs.FillAllowance(allowance); });
  ForEachMapping(*spec, "agents", [&](Node& agent) { heirs.FillAgent(agent); });
}

}  // namespace behalf::loader
