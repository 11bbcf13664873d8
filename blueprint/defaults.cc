// What the allowances and agents of a blueprint leave to its `defaults`; each
// value keeps the place it was written at.
#include <string>

#include "blueprint/inherit.h"
#include "blueprint/kinds.h"

namespace behalf::loader {
namespace {

const ShapeInfo& ShapeOf(const ShapeInfo& shape, std::string_view key) {
  const ShapeInfo* found = nullptr;
  for (const KeyInfo& info : shape.keys) {
    if (info.name == key) found = info.type.shape;
  }
  return *found;
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
    for (const Node::Entry& label : labels->entries) Give(*own, label);
  }

 private:
  void Fill(Node& heir, const char* key) const {
    const Node* value = FindMeant(defaults_, shape_, key);
    if (value == nullptr) return;
    Node::Entry entry{.key = {}, .value = *value};
    entry.key.text = key;
    Give(heir, entry);
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

void InheritDefaults(Node& spec) {
  const ShapeInfo& shape = BlueprintMapping().info();
  const Node* defaults = FindMeant(spec, shape, "defaults");
  if (defaults == nullptr) return;
  const Heirs heirs(*defaults, ShapeOf(shape, "defaults"));
  ForEachMapping(spec, "allow", [&](Node& allowance) { heirs.FillAllowance(allowance); });
  ForEachMapping(spec, "agents", [&](Node& agent) { heirs.FillAgent(agent); });
}

}  // namespace behalf::loader
