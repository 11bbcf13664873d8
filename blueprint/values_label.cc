#include "absl/strings/str_cat.h"
#include "blueprint/values.h"

namespace behalf::loader {
namespace {

constexpr char kKey[] = "[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?";
constexpr char kValue[] = "[A-Za-z0-9._-]{1,63}";

Type<std::string> LabelPart(std::string what, std::string example, const char* pattern) {
  return TextType({.form = TypeInfo::Form::kText,
                   .what = std::move(what),
                   .example = std::move(example),
                   .pattern = absl::StrCat("^", pattern, "$"),
                   .most_bytes = 63});
}

Type<std::string> LabelKey() {
  return LabelPart("lower-case letters, digits and inner dots and hyphens, up to 63", "team", kKey);
}

Type<std::string> LabelValue() {
  return LabelPart("letters, digits, dots, underscores and hyphens, up to 63", "finance", kValue);
}

TypeInfo LabelsInfo(const TypeInfo& key, const TypeInfo& value) {
  return {.form = TypeInfo::Form::kTextMap,
          .what = "a mapping of any keys to texts",
          .example = "{team: finance}",
          .pattern = {},
          .item = std::make_shared<const TypeInfo>(value),
          .key = std::make_shared<const TypeInfo>(key)};
}

bool IsFilledMapping(const Node& node, const TypeInfo& info, Binder& binder) {
  if (node.kind != Node::Kind::kMap) {
    binder.Mismatch(node, info, Describe(node));
    return false;
  }
  if (!node.entries.empty()) return true;
  binder.Error(node, binder.subject() + " is empty", "leave it out");
  return false;
}

}  // namespace

Type<std::string> Label(std::string example) {
  return TextType({.form = TypeInfo::Form::kText,
                   .what = "a label, as key=value",
                   .example = std::move(example),
                   .pattern = absl::StrCat("^", kKey, "=", kValue, "$"),
                   .most_bytes = 127});
}

Type<std::vector<std::string>> Labels() {
  const Type<std::string> key_type = LabelKey(), value_type = LabelValue();
  TypeInfo info = LabelsInfo(key_type.info, value_type.info);
  auto read = [=](const Node& node, std::vector<std::string>& out, Binder& binder) {
    if (!IsFilledMapping(node, info, binder)) return;
    const std::string outer = binder.Enter("a key of " + binder.subject());
    for (const Node::Entry& entry : node.entries) {
      std::string key, value;
      key_type.read(entry.key, key, binder);
      const std::string keys = binder.Enter("the label " + Quote(entry.key.text));
      value_type.read(entry.value, value, binder);
      binder.Enter(keys);
      if (!key.empty() && !value.empty()) out.push_back(absl::StrCat(key, "=", value));
    }
    binder.Enter(outer);
    std::ranges::sort(out);
  };
  auto write = [](const std::vector<std::string>& labels, Canon& canon) {
    canon.Text(absl::StrCat(labels.size()));
    for (const std::string& label : labels) canon.Text(label);
  };
  return {std::move(info), std::move(read), std::move(write)};
}

}  // namespace behalf::loader
