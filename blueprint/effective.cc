#include "blueprint/effective.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "blueprint/inherit.h"
#include "blueprint/mapping.h"
#include "blueprint/shape.h"
#include "blueprint/yaml_reader.h"

namespace behalf {
namespace {

using loader::KeyInfo;
using loader::KindInfo;
using loader::Node;
using loader::ShapeInfo;
using loader::TypeInfo;

using Form = EffectiveValue::Form;

// A key whose value means nothing once it was applied to what it is for.
constexpr char kApplied[] = "defaults";

Form FormOf(const Node& scalar) {
  switch (loader::KindOf(scalar)) {
    case loader::ScalarKind::kFlag:
      return Form::kFlag;
    case loader::ScalarKind::kNumber:
      return Form::kNumber;
    default:
      return Form::kText;
  }
}

// A mapping that may be left out as a whole, and then has its defaults.
bool HasDefaults(const ShapeInfo& shape) {
  return !shape.keys.empty() && std::ranges::all_of(shape.keys, [](const KeyInfo& key) {
    return !key.default_value.empty();
  });
}

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  EffectiveValue Document(const Node& root, const ShapeInfo& spec) const {
    Node head = root;
    std::erase_if(head.entries, [](const Node::Entry& entry) { return entry.key.text == "spec"; });
    EffectiveValue document = Mapping(head, loader::EnvelopeInfo());
    const Node* body = loader::FindValue(root, "spec");
    if (body != nullptr) document.members.push_back({"spec", Mapping(*body, spec)});
    return document;
  }

 private:
  std::string PlaceOf(const Node& node) const {
    if (node.shipped.file == nullptr) return absl::StrCat(file_, ":", node.line);
    return absl::StrCat(*node.shipped.file, ":", node.shipped.line);
  }

  EffectiveValue Value(const Node& node, const TypeInfo& type) const {
    if (node.kind == Node::Kind::kList) return List(node, *type.item);
    if (type.shape != nullptr) return Mapping(node, *type.shape);
    if (node.kind == Node::Kind::kMap) return TextMap(node);
    return {.form = FormOf(node), .text = node.text, .place = PlaceOf(node), .members = {}};
  }

  EffectiveValue List(const Node& node, const TypeInfo& item) const {
    EffectiveValue list{.form = Form::kList, .text = {}, .place = PlaceOf(node), .members = {}};
    for (const Node& element : node.items) list.members.push_back({"", Value(element, item)});
    return list;
  }

  EffectiveValue TextMap(const Node& node) const {
    EffectiveValue map{.form = Form::kMap, .text = {}, .place = PlaceOf(node), .members = {}};
    for (const Node::Entry& entry : node.entries) {
      map.members.push_back({entry.key.text, Value(entry.value, {})});
    }
    std::ranges::sort(map.members, {}, &EffectiveMember::key);
    return map;
  }

  EffectiveValue Mapping(const Node& node, const ShapeInfo& shape) const {
    EffectiveValue map{.form = Form::kMap, .text = {}, .place = PlaceOf(node), .members = {}};
    for (const KeyInfo& key : shape.keys) {
      const Node* value = loader::FindValue(node, key.name);
      if (key.name == kApplied) continue;
      if (value != nullptr) {
        map.members.push_back({key.name, Value(*value, key.type)});
      } else if (!key.default_value.empty()) {
        map.members.push_back({key.name, OfFormat(key)});
      } else if (key.type.shape != nullptr && HasDefaults(*key.type.shape)) {
        map.members.push_back({key.name, AllDefaults(*key.type.shape)});
      }
    }
    return map;
  }

  static EffectiveValue OfFormat(const KeyInfo& key) {
    const Node node = loader::PlainScalar({}, key.default_value);
    return {.form = FormOf(node), .text = node.text, .place = {}, .members = {}};
  }

  static EffectiveValue AllDefaults(const ShapeInfo& shape) {
    EffectiveValue map;
    for (const KeyInfo& key : shape.keys) map.members.push_back({key.name, OfFormat(key)});
    return map;
  }

  const std::string& file_;
};

std::string TextOf(const Node& map, std::string_view key) {
  const Node* value = loader::FindValue(map, key);
  return value == nullptr ? "" : value->text;
}

}  // namespace

std::vector<EffectiveValue> EffectiveDocuments(const std::vector<SourceFile>& files) {
  const std::vector<KindInfo>& kinds = loader::AllKinds();
  std::map<std::pair<std::size_t, std::string>, EffectiveValue> in_order;
  for (const SourceFile& file : files) {
    auto read = loader::ReadYaml(file.text);
    auto* documents = std::get_if<std::vector<Node>>(&read);
    if (documents == nullptr) continue;
    for (Node& root : *documents) {
      loader::Inherit(root);
      const auto kind = std::ranges::find(kinds, TextOf(root, "kind"), &KindInfo::name);
      const Node* metadata = loader::FindValue(root, "metadata");
      if (kind == kinds.end() || metadata == nullptr) continue;
      const auto order = static_cast<std::size_t>(kind - kinds.begin());
      in_order.try_emplace({order, TextOf(*metadata, "name")},
                           Reader(file.path).Document(root, *kind->spec));
    }
  }
  std::vector<EffectiveValue> all;
  for (auto& [order, document] : in_order) all.push_back(std::move(document));
  return all;
}

}  // namespace behalf
