#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "blueprint/json_text.h"
#include "blueprint/reference.h"
#include "blueprint/shape.h"

namespace behalf {
namespace {

using loader::JsonText;
using loader::KeyInfo;
using loader::KeyRule;
using loader::KindInfo;
using loader::ShapeInfo;
using loader::TypeInfo;

JsonText SchemaOf(const ShapeInfo& shape);

void Collect(const ShapeInfo& shape, std::vector<const ShapeInfo*>& seen,
             std::vector<const ShapeInfo*>& shared) {
  if (std::ranges::find(seen, &shape) != seen.end()) {
    if (std::ranges::find(shared, &shape) == shared.end()) shared.push_back(&shape);
    return;
  }
  seen.push_back(&shape);
  for (const KeyInfo& key : shape.keys) {
    if (key.type.shape != nullptr) Collect(*key.type.shape, seen, shared);
  }
}

// Mappings that stand in several places: written once, under their titles.
const std::vector<const ShapeInfo*>& SharedShapes() {
  static const auto& shapes = *[] {
    std::vector<const ShapeInfo*> seen;
    auto* shared = new std::vector<const ShapeInfo*>;
    for (const KindInfo& kind : loader::AllKinds()) Collect(*kind.spec, seen, *shared);
    return shared;
  }();
  return shapes;
}

JsonText ReferenceTo(const std::string& definition) {
  return JsonText::Object().Set("$ref", absl::StrCat("#/$defs/", definition));
}

JsonText PlacedSchema(const ShapeInfo& shape) {
  const bool shared = std::ranges::find(SharedShapes(), &shape) != SharedShapes().end();
  return shared ? ReferenceTo(shape.title) : SchemaOf(shape);
}

JsonText TextSchema(const TypeInfo& type) {
  JsonText schema = JsonText::Object();
  schema.Set("type", "string");
  if (!type.choices.empty()) {
    schema.Set("enum", JsonText::Texts(type.choices));
    return schema;
  }
  schema.Set("pattern", type.pattern);
  schema.Set("maxLength", JsonText::Number(static_cast<std::int64_t>(type.most_bytes)));
  return schema;
}

// A text, or a number in its place.
JsonText TextOrNumberSchema(const TypeInfo& type, std::int64_t least) {
  JsonText schema = JsonText::Object();
  schema.Set("type", JsonText::Texts({"string", "integer"}));
  schema.Set("pattern", type.pattern);
  schema.Set("minimum", JsonText::Number(least));
  return schema;
}

JsonText ListSchema(const TypeInfo& type);
JsonText TextMapSchema(const TypeInfo& type);

JsonText SchemaOf(const TypeInfo& type) {
  JsonText schema = JsonText::Object();
  switch (type.form) {
    case TypeInfo::Form::kText:
      return TextSchema(type);
    case TypeInfo::Form::kFlag:
      return type.choices.empty() ? schema.Set("type", "boolean")
                                  : schema.Set("const", JsonText::Bool(true));
    case TypeInfo::Form::kCount:
      return schema.Set("type", "integer").Set("minimum", JsonText::Number(1));
    case TypeInfo::Form::kSize:
      return TextOrNumberSchema(type, 1);
    case TypeInfo::Form::kAccount:
      return TextOrNumberSchema(type, 0);
    case TypeInfo::Form::kList:
      return ListSchema(type);
    case TypeInfo::Form::kTextMap:
      return TextMapSchema(type);
    case TypeInfo::Form::kMap:
      return type.shape == nullptr ? schema.Set("type", "object") : PlacedSchema(*type.shape);
  }
  return schema;
}

JsonText ListSchema(const TypeInfo& type) {
  JsonText schema = JsonText::Object();
  schema.Set("type", "array");
  schema.Set("items", SchemaOf(*type.item));
  if (!type.may_be_empty) schema.Set("minItems", JsonText::Number(1));
  if (type.is_set) schema.Set("uniqueItems", JsonText::Bool(true));
  return schema;
}

JsonText TextMapSchema(const TypeInfo& type) {
  JsonText schema = JsonText::Object();
  schema.Set("type", "object").Set("minProperties", JsonText::Number(1));
  schema.Set("propertyNames", SchemaOf(*type.key));
  return schema.Set("additionalProperties", SchemaOf(*type.item));
}

JsonText KeySchema(const KeyInfo& key) {
  JsonText schema = SchemaOf(key.type);
  return schema.Set("description", key.default_value.empty()
                                       ? key.doc
                                       : absl::StrCat(key.doc, " Default: ", key.default_value));
}

JsonText RuleSchema(const KeyRule& rule) {
  JsonText choices = JsonText::Array();
  for (const std::string& key : rule.keys) {
    choices.Add(JsonText::Object().Set("required", JsonText::Texts({key})));
  }
  return choices;
}

// The key that required keys of the same mapping may be left to; null: none.
const KeyInfo* SaysForOthers(const ShapeInfo& shape) {
  const auto found = std::ranges::find_if(shape.keys, [&](const KeyInfo& other) {
    return std::ranges::any_of(
        shape.keys, [&](const KeyInfo& key) { return key.required && key.left_to == other.name; });
  });
  return found == shape.keys.end() ? nullptr : &*found;
}

JsonText LeftOrSaid(const KeyInfo& other, const ShapeInfo& shape) {
  std::vector<std::string> said;
  for (const KeyInfo& key : shape.keys) {
    if (key.required && key.left_to == other.name) said.push_back(key.name);
  }
  JsonText choices = JsonText::Array();
  for (const std::vector<std::string>& required : {std::vector{other.name}, said}) {
    choices.Add(JsonText::Object().Set("required", JsonText::Texts(required)));
  }
  return choices;
}

JsonText SchemaOf(const ShapeInfo& shape) {
  JsonText schema = JsonText::Object();
  JsonText properties = JsonText::Object();
  std::vector<std::string> required;
  for (const KeyInfo& key : shape.keys) {
    properties.Set(key.name, KeySchema(key));
    if (key.required && key.left_to.empty()) required.push_back(key.name);
  }
  schema.Set("type", "object").Set("additionalProperties", JsonText::Bool(false));
  if (!required.empty()) schema.Set("required", JsonText::Texts(required));
  schema.Set("properties", std::move(properties));
  if (const KeyInfo* other = SaysForOthers(shape)) schema.Set("anyOf", LeftOrSaid(*other, shape));
  for (const KeyRule& rule : shape.rules) {
    schema.Set(rule.kind == KeyRule::Kind::kExactlyOne ? "oneOf" : "anyOf", RuleSchema(rule));
  }
  return schema;
}

// "If the kind is this, then the spec is that."
JsonText SpecByKind(const KindInfo& kind) {
  JsonText is_kind = JsonText::Object();
  is_kind.Set("properties",
              JsonText::Object().Set("kind", JsonText::Object().Set("const", kind.name)));
  JsonText spec = JsonText::Object();
  spec.Set("properties", JsonText::Object().Set("spec", ReferenceTo(kind.name)));
  return JsonText::Object().Set("if", std::move(is_kind)).Set("then", std::move(spec));
}

}  // namespace

std::string JsonSchema() {
  JsonText by_kind = JsonText::Array();
  JsonText definitions = JsonText::Object();
  for (const KindInfo& kind : loader::AllKinds()) {
    by_kind.Add(SpecByKind(kind));
    definitions.Set(kind.name, SchemaOf(*kind.spec).Set("description", kind.doc));
  }
  for (const ShapeInfo* shape : SharedShapes()) definitions.Set(shape->title, SchemaOf(*shape));
  JsonText schema = JsonText::Object();
  schema.Set("$schema", "https://json-schema.org/draft/2020-12/schema");
  schema.Set("title", "behalf documents");
  schema.Extend(SchemaOf(loader::EnvelopeInfo()));
  schema.Set("allOf", std::move(by_kind));
  schema.Set("$defs", std::move(definitions));
  return schema.Print() + "\n";
}

}  // namespace behalf
