#include "blueprint/mapping.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "blueprint/suggest.h"

namespace behalf::loader {
namespace {

std::vector<std::string> NamesOf(const std::vector<KeyInfo>& keys) {
  std::vector<std::string> names;
  for (const KeyInfo& key : keys) names.push_back(key.name);
  return names;
}

std::string InBackQuotes(const std::vector<std::string>& names, std::string_view separator) {
  return absl::StrCat("`", absl::StrJoin(names, absl::StrCat("`", std::string(separator), "`")),
                      "`");
}

}  // namespace

const Node* FindValue(const Node& map, std::string_view key) {
  for (const Node::Entry& entry : map.entries) {
    if (entry.key.text == key) return &entry.value;
  }
  return nullptr;
}

Node PlainScalar(const Node& map, std::string text) {
  Node node;
  node.line = map.line;
  node.column = map.column;
  node.quoted = text.starts_with('"');
  node.text = node.quoted ? text.substr(1, text.size() - 2) : std::move(text);
  return node;
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsMapping(const Node& node, const ShapeInfo& info, Binder& binder) {
  if (node.kind == Node::Kind::kMap) return true;
  if (info.confidential) {
    binder.Hide(node);
    const std::string name = info.title == "credential" ? "secret" : info.title;
    const bool systemd = name == "secret" || Contains(NamesOf(info.keys), "systemd");
    binder.Error(node, absl::StrCat(binder.subject(), " must say where the secret is"),
                 absl::StrCat("write ", name, ": {file: PATH}",
                              systemd ? absl::StrCat(" or ", name, ": {systemd: NAME}") : "",
                              "; a secret that stood in a document is no longer one"));
    return false;
  }
  binder.Error(
      node, absl::StrCat(binder.subject(), " must be a mapping, but this is ", Describe(node)),
      absl::StrCat("write `key: value` with keys among ", absl::StrJoin(NamesOf(info.keys), ", ")));
  return false;
}

std::vector<std::string> ReportUnknownKeys(const Node& map, const ShapeInfo& info, Binder& binder) {
  const std::vector<std::string> known = NamesOf(info.keys);
  std::vector<std::string> meant;
  for (const Node::Entry& entry : map.entries) {
    const std::string& key = entry.key.text;
    if (Contains(known, key)) continue;
    if (info.confidential) binder.Hide(entry.key);
    const std::string shown = info.confidential ? "a key" : absl::StrCat("the key ", Quote(key));
    binder.Error(entry.key, absl::StrCat(shown, " is not known here"), Suggest(key, known));
    if (const std::string* nearest = Nearest(key, known)) meant.push_back(*nearest);
  }
  return meant;
}

void ReportBrokenRules(const Node& map, const ShapeInfo& info, Binder& binder) {
  // One of them may be what was meant.
  const bool unknown = std::ranges::any_of(map.entries, [&](const Node::Entry& entry) {
    return !Contains(NamesOf(info.keys), entry.key.text);
  });
  for (const KeyRule& rule : info.rules) {
    const auto given = std::count_if(rule.keys.begin(), rule.keys.end(), [&](const auto& key) {
      return FindValue(map, key) != nullptr;
    });
    if (given == 0 && !unknown) {
      binder.Error(map, absl::StrCat("one of ", InBackQuotes(rule.keys, ", "), " is missing"),
                   absl::StrCat("add ", InBackQuotes(rule.keys, " or ")));
    } else if (given > 1 && rule.kind == KeyRule::Kind::kExactlyOne) {
      binder.Error(map,
                   absl::StrCat("only one of ", InBackQuotes(rule.keys, ", "), " may be given"),
                   "remove the others");
    }
  }
}

void ReportMissing(const Node& map, const KeyInfo& key, Binder& binder) {
  const std::string example =
      key.type.example.empty() ? ""
                               : absl::StrCat(", for example: ", key.name, ": ", key.type.example);
  const std::string elsewhere =
      key.left_to.empty() ? "" : absl::StrCat(" here or leave it to `", key.left_to, "`");
  binder.Error(map, absl::StrCat("the key `", key.name, "` is missing"),
               absl::StrCat("add it", elsewhere, example, " (", key.doc, ")"));
}

}  // namespace behalf::loader
