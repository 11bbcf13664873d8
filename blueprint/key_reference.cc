#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "blueprint/reference.h"
#include "blueprint/shape.h"

namespace behalf {
namespace {

using loader::KeyInfo;
using loader::KeyRule;
using loader::KindInfo;
using loader::ShapeInfo;
using loader::TypeInfo;

constexpr char kIntroduction[] =
    "<!-- Made from the loader's description of the kinds; not edited by hand. -->\n"
    "# Keys of the documents\n\n"
    "Every document has these keys. A key that is not listed here is an error; an optional key "
    "that is absent has its strictest value.\n\n";

std::string Presence(const KeyInfo& key) {
  const bool may_be_left = !key.left_to.empty();
  const std::string other = absl::StrCat("that of `", key.left_to, "`");
  if (key.required) return may_be_left ? absl::StrCat("required, else ", other) : "required";
  if (key.default_value.empty()) return may_be_left ? other : "optional";
  const std::string value = absl::StrCat("`", key.default_value, "`");
  return may_be_left ? absl::StrCat(other, ", else ", value) : value;
}

bool ExampleHelps(const TypeInfo& type) {
  const bool obvious = type.form == TypeInfo::Form::kFlag || type.form == TypeInfo::Form::kCount ||
                       !type.choices.empty();
  return !obvious && !type.example.empty() && type.shape == nullptr;
}

// A cell must not end its row.
std::string Cell(const std::string& text) { return absl::StrReplaceAll(text, {{"|", "\\|"}}); }

// The tables of one kind. A mapping that stands in two places is explained
// where it stands first.
class KindTables {
 public:
  // All keys of a mapping, then those of the mappings within, by their path.
  void AppendTable(const std::string& prefix, const ShapeInfo& shape, std::string& out) {
    out += "| key | value | default | meaning |\n|---|---|---|---|\n";
    AppendRows(prefix, shape, out);
  }

  std::string Rules(const std::string& path, const ShapeInfo& shape) const {
    std::string out;
    for (const KeyRule& rule : shape.rules) {
      const bool one = rule.kind == KeyRule::Kind::kExactlyOne;
      absl::StrAppend(&out, "* `", path, one ? "`: exactly one of `" : "`: at least one of `",
                      absl::StrJoin(rule.keys, "`, `"), "`.\n");
    }
    for (const KeyInfo& key : shape.keys) {
      const std::string below = absl::StrCat(path, ".", key.name);
      const auto first = first_.find(key.type.shape);
      if (first != first_.end() && first->second.rules == below) {
        absl::StrAppend(&out, Rules(below, *key.type.shape));
      }
    }
    return out;
  }

 private:
  // Where a mapping is explained, as its rows and as its rules name it.
  struct Explained {
    std::string rows, rules;
  };

  void AppendRows(const std::string& prefix, const ShapeInfo& shape, std::string& out) {
    for (const KeyInfo& key : shape.keys) {
      const std::string path = prefix + key.name;
      const bool is_list = key.type.form == TypeInfo::Form::kList;
      const bool is_new =
          Explains(key.type) &&
          first_.try_emplace(key.type.shape, Explained{path, WithoutBrackets(path)}).second;
      AppendRow(path, key, out);
      if (is_new) AppendRows(absl::StrCat(path, is_list ? "[]." : "."), *key.type.shape, out);
    }
  }

  static bool Explains(const TypeInfo& type) { return type.shape != nullptr && !type.shape->brief; }

  static std::string WithoutBrackets(const std::string& path) {
    return absl::StrReplaceAll(path, {{"[]", ""}});
  }

  void AppendRow(const std::string& path, const KeyInfo& key, std::string& out) const {
    const std::string example =
        ExampleHelps(key.type) ? absl::StrCat(" For example `", key.type.example, "`.") : "";
    absl::StrAppend(&out, "| `", path, "` | ", Cell(Values(path, key.type)), " | ", Presence(key),
                    " | ", Cell(key.doc + example), " |\n");
  }

  std::string Values(const std::string& path, const TypeInfo& type) const {
    if (!Explains(type)) return type.what;
    const std::string& first = first_.at(type.shape).rows;
    const std::string where = first == path ? "below" : absl::StrCat("as `", first, "`");
    return absl::StrCat(type.form == TypeInfo::Form::kList ? "list of mappings, " : "mapping, ",
                        where);
  }

  absl::flat_hash_map<const ShapeInfo*, Explained> first_;
};

}  // namespace

std::string KeyReference() {
  std::string out = kIntroduction;
  KindTables().AppendTable("", loader::EnvelopeInfo(), out);
  for (const KindInfo& kind : loader::AllKinds()) {
    absl::StrAppend(&out, "\n## ", kind.name, "\n\n", kind.doc, "\n\n");
    KindTables tables;
    tables.AppendTable("spec.", *kind.spec, out);
    const std::string rules = tables.Rules("spec", *kind.spec);
    if (!rules.empty()) absl::StrAppend(&out, "\n", rules);
  }
  return out;
}

}  // namespace behalf
