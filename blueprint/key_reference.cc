#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "blueprint/reference.h"
#include "blueprint/shape.h"

namespace behalf {
namespace {

using loader::KeyInfo;
using loader::KindInfo;
using loader::Rule;
using loader::ShapeInfo;
using loader::TypeInfo;

constexpr char kIntroduction[] =
    "<!-- Made from the loader's description of the kinds; not edited by hand. -->\n"
    "# Keys of the documents\n\n"
    "Every document has these keys. A key that is not listed here is an error; an optional key "
    "that is absent has its strictest value.\n\n";

std::string Values(const TypeInfo& type) {
  if (type.shape != nullptr) {
    return type.form == TypeInfo::Form::kList ? "list of mappings, below" : "mapping, below";
  }
  return type.what;
}

std::string Presence(const KeyInfo& key) {
  if (key.required) return "required";
  return key.default_value.empty() ? "optional" : absl::StrCat("`", key.default_value, "`");
}

bool ExampleHelps(const TypeInfo& type) {
  const bool obvious = type.form == TypeInfo::Form::kFlag || type.form == TypeInfo::Form::kCount ||
                       !type.choices.empty();
  return !obvious && !type.example.empty() && type.shape == nullptr;
}

// A cell must not end its row.
std::string Cell(const std::string& text) { return absl::StrReplaceAll(text, {{"|", "\\|"}}); }

void AppendRow(const std::string& prefix, const KeyInfo& key, std::string& out) {
  const std::string example =
      ExampleHelps(key.type) ? absl::StrCat(" For example `", key.type.example, "`.") : "";
  absl::StrAppend(&out, "| `", prefix, key.name, "` | ", Cell(Values(key.type)), " | ",
                  Presence(key), " | ", Cell(key.doc + example), " |\n");
}

// All keys of a mapping, then those of the mappings within, by their path.
void AppendRows(const std::string& prefix, const ShapeInfo& shape, std::string& out) {
  for (const KeyInfo& key : shape.keys) {
    AppendRow(prefix, key, out);
    if (const ShapeInfo* inner = key.type.shape) {
      const bool list = key.type.form == TypeInfo::Form::kList;
      AppendRows(absl::StrCat(prefix, key.name, list ? "[]." : "."), *inner, out);
    }
  }
}

void AppendRules(const std::string& path, const ShapeInfo& shape, std::string& out) {
  for (const Rule& rule : shape.rules) {
    absl::StrAppend(&out, "* `", path, "`: ",
                    rule.kind == Rule::Kind::kExactlyOne ? "exactly one of `" : "at least one of `",
                    absl::StrJoin(rule.keys, "`, `"), "`.\n");
  }
  for (const KeyInfo& key : shape.keys) {
    if (const ShapeInfo* inner = key.type.shape) {
      AppendRules(absl::StrCat(path, ".", key.name), *inner, out);
    }
  }
}

void AppendTable(const std::string& prefix, const ShapeInfo& shape, std::string& out) {
  out += "| key | value | default | meaning |\n|---|---|---|---|\n";
  AppendRows(prefix, shape, out);
}

}  // namespace

std::string KeyReference() {
  std::string out = kIntroduction;
  AppendTable("", loader::EnvelopeInfo(), out);
  for (const KindInfo& kind : loader::AllKinds()) {
    absl::StrAppend(&out, "\n## ", kind.name, "\n\n", kind.doc, "\n\n");
    AppendTable("spec.", *kind.spec, out);
    std::string rules;
    AppendRules("spec", *kind.spec, rules);
    if (!rules.empty()) absl::StrAppend(&out, "\n", rules);
  }
  return out;
}

}  // namespace behalf
