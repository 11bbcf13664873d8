#include "blueprint/well_known.h"

#include <algorithm>
#include <map>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "blueprint/inherit.h"
#include "blueprint/kinds.h"
#include "blueprint/well_known_files.h"
#include "blueprint/yaml_reader.h"

namespace behalf {
namespace loader {
namespace {

void MarkShipped(Node& node, const std::string& file) {
  node.shipped = {&file, node.line};
  for (Node& item : node.items) MarkShipped(item, file);
  for (Node::Entry& entry : node.entries) MarkShipped(entry.value, file);
}

// The spec of the one document of a shipped file. A test holds all of them to it.
Node SpecOf(const WellKnownApi& api) {
  auto documents = std::get<std::vector<Node>>(ReadYaml(api.file.text));
  Node spec = std::move(*Find(documents.front(), "spec"));
  MarkShipped(spec, api.file.path);
  return spec;
}

const Node* FindSpec(std::string_view name) {
  static const auto& specs = *[] {
    auto* all = new std::map<std::string, Node, std::less<>>;
    for (const WellKnownApi& api : WellKnownApis()) all->emplace(api.name, SpecOf(api));
    return all;
  }();
  const auto found = specs.find(name);
  return found == specs.end() ? nullptr : &found->second;
}

// Errors about what is inherited point at the name that it was taken by.
void MoveTo(const Node& place, Node& node) {
  node.line = place.line;
  node.column = place.column;
  for (Node& item : node.items) MoveTo(place, item);
  for (Node::Entry& entry : node.entries) MoveTo(place, entry.value);
}

// How sure the shipped document is says nothing of what the author wrote.
void ForgetOwn(const Node& spec, Node& evidence) {
  std::erase_if(evidence.entries, [&](const Node::Entry& entry) {
    return FindValue(spec, entry.key.text) != nullptr;
  });
}

}  // namespace

void InheritWellKnown(Node& spec) {
  const Node* found = FindMeant(spec, ApiMapping().info(), "wellKnown");
  if (found == nullptr) return;
  const Node name = *found;
  const Node* shipped = FindSpec(name.text);
  spec.excused = shipped == nullptr;
  if (shipped == nullptr) return;
  Node inherited = *shipped;
  MoveTo(name, inherited);
  if (Node* evidence = Find(inherited, "evidence")) {
    ForgetOwn(spec, *evidence);
    Node* own = Find(spec, "evidence");
    for (const Node::Entry& entry : evidence->entries) {
      if (own != nullptr && own->kind == Node::Kind::kMap) Give(*own, entry);
    }
  }
  for (const Node::Entry& entry : inherited.entries) Give(spec, entry);
}

}  // namespace loader

std::span<const WellKnownApi> WellKnownApis() {
  static const auto& apis = *[] {
    auto* all = new std::vector<WellKnownApi>;
    for (const loader::ShippedFile& file : loader::WellKnownFiles()) {
      const std::string name(file.name);
      all->push_back({name, {absl::StrCat("wellKnown/", name, ".yaml"), std::string(file.text)}});
    }
    std::ranges::sort(*all, {}, &WellKnownApi::name);
    return all;
  }();
  return apis;
}

const WellKnownApi* FindWellKnownApi(std::string_view name) {
  const auto all = WellKnownApis();
  const auto found = std::ranges::find(all, name, &WellKnownApi::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace behalf
