#include "blueprint/type.h"

#include <regex>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace behalf::loader {

std::optional<std::string> ReadText(const Node& node, const TypeInfo& info, Binder& binder) {
  if (!IsText(node)) {
    binder.Mismatch(node, info, Describe(node));
  } else if (node.text.empty()) {
    binder.Mismatch(node, info, "empty");
  } else if (node.text.size() > info.most_bytes) {
    binder.Mismatch(node, info, absl::StrCat(Describe(node), ", longer than it can be"));
  } else {
    return node.text;
  }
  return std::nullopt;
}

namespace {

// A plain number or boolean that would be fine as a text.
bool LacksQuotes(const Node& node, const std::regex& pattern) {
  return node.kind == Node::Kind::kScalar && !IsText(node) && !node.text.empty() &&
         node.text.size() < 64 && std::regex_search(node.text, pattern);
}

std::string ReadMatching(const Node& node, const TypeInfo& info, const TextRules& rules,
                         const std::regex& pattern, Binder& binder) {
  if (LacksQuotes(node, pattern)) {
    binder.Error(node,
                 absl::StrCat(binder.subject(), " must be text, but this is ", Describe(node)),
                 absl::StrCat("put it in quotes: \"", node.text, "\""));
    return {};
  }
  std::optional<std::string> text = ReadText(node, info, binder);
  if (!text) return {};
  auto complaint = rules.complain ? rules.complain(*text) : std::nullopt;
  if (complaint) {
    binder.Error(node, std::move(complaint->message), std::move(complaint->advice));
    return {};
  }
  if (!std::regex_search(*text, pattern)) {
    binder.Mismatch(node, info, Describe(node));
    return {};
  }
  return rules.normalise ? rules.normalise(*std::move(text)) : *std::move(text);
}

void ReportTwice(const Node& item, const std::string& list, Binder& binder) {
  binder.Error(item, absl::StrCat(Quote(item.text), " stands twice in ", list), "write it once");
}

}  // namespace

Type<std::string> TextType(TypeInfo info, TextRules rules) {
  const auto pattern = std::make_shared<const std::regex>(
      info.pattern, std::regex::ECMAScript | std::regex::optimize);
  auto read = [info, rules, pattern](const Node& node, std::string& out, Binder& binder) {
    out = ReadMatching(node, info, rules, *pattern, binder);
  };
  auto write = [](const std::string& text, Canon& canon) { canon.Text(text); };
  return {std::move(info), std::move(read), std::move(write)};
}

bool IsListOf(const Node& node, const TypeInfo& info, Binder& binder) {
  if (node.kind != Node::Kind::kList) {
    TypeInfo expected = info;
    if (expected.example.empty()) expected.example = "- and the first item's keys, on lines below";
    binder.Mismatch(node, expected, Describe(node));
    return false;
  }
  if (node.items.empty() && !info.may_be_empty) {
    binder.Error(node, absl::StrCat(binder.subject(), " is an empty list"),
                 "name what it holds, or leave the key out where it is optional");
    return false;
  }
  return true;
}

Type<std::vector<std::string>> SetOf(Type<std::string> item, bool may_be_empty) {
  TypeInfo info{.form = TypeInfo::Form::kList,
                .what = absl::StrCat("a list, each item ", item.info.what),
                .example = absl::StrCat("[", item.info.example, "]"),
                .pattern = {},
                .item = std::make_shared<const TypeInfo>(item.info),
                .may_be_empty = may_be_empty,
                .is_set = true};
  auto read = [info, item](const Node& node, std::vector<std::string>& out, Binder& binder) {
    if (!IsListOf(node, info, binder)) return;
    absl::flat_hash_set<std::string> seen;
    const std::string outer = binder.Enter("an item of " + binder.subject());
    for (const Node& element : node.items) {
      std::string text;
      item.read(element, text, binder);
      if (text.empty()) continue;
      if (!seen.insert(text).second) ReportTwice(element, outer, binder);
      out.push_back(std::move(text));
    }
    binder.Enter(outer);
    std::sort(out.begin(), out.end());
  };
  auto write = [](const std::vector<std::string>& list, Canon& canon) {
    canon.Text(absl::StrCat(list.size()));
    for (const std::string& text : list) canon.Text(text);
  };
  return {std::move(info), std::move(read), std::move(write)};
}

}  // namespace behalf::loader
