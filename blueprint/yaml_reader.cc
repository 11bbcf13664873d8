#include "blueprint/yaml_reader.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "blueprint/yaml_events.h"

namespace behalf::loader {
namespace {

// The value of a node event, which carries these by three structs.
struct Decoration {
  const unsigned char* anchor = nullptr;
  const unsigned char* tag = nullptr;
};

Decoration DecorationOf(const yaml_event_t& event) {
  switch (event.type) {
    case YAML_SCALAR_EVENT:
      return {event.data.scalar.anchor, event.data.scalar.tag};
    case YAML_SEQUENCE_START_EVENT:
      return {event.data.sequence_start.anchor, event.data.sequence_start.tag};
    case YAML_MAPPING_START_EVENT:
      return {event.data.mapping_start.anchor, event.data.mapping_start.tag};
    default:
      return {};
  }
}

class TreeReader {
 public:
  explicit TreeReader(std::string_view text) : parser_(text) {}

  std::variant<std::vector<Node>, SyntaxError> Read() {
    std::vector<Node> documents;
    while (Next() && type() != YAML_STREAM_END_EVENT) {
      if (type() == YAML_DOCUMENT_START_EVENT && !ReadDocument(documents)) break;
    }
    if (error_) return *std::move(error_);
    return documents;
  }

 private:
  using Event = std::optional<YamlEvent>;

  yaml_event_type_t type() const { return (*event_)->type; }

  bool Next() {
    event_.emplace();
    if (parser_.Next(*event_)) return true;
    error_ = parser_.Error();
    return false;
  }

  bool Fail(std::string message, std::string advice) {
    const yaml_mark_t& mark = (*event_)->start_mark;
    return FailAt(static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1,
                  std::move(message), std::move(advice));
  }

  bool FailAt(int line, int column, std::string message, std::string advice) {
    error_ = SyntaxError{line, column, std::move(message), std::move(advice)};
    return false;
  }

  bool ReadDocument(std::vector<Node>& documents) {
    const auto& start = (*event_)->data.document_start;
    const bool directives = start.version_directive != nullptr ||
                            start.tag_directives.start != start.tag_directives.end;
    if (directives) return Fail("directives are not allowed", "remove the line that starts with %");
    return Next() && ReadNode(documents.emplace_back(), 0);
  }

  bool ReadNode(Node& node, int depth) {
    if (!Plain()) return false;
    node.line = static_cast<int>((*event_)->start_mark.line) + 1;
    node.column = static_cast<int>((*event_)->start_mark.column) + 1;
    if (type() == YAML_SCALAR_EVENT) return ReadScalar(node);
    if (depth == kMostNesting) {
      return Fail(absl::StrCat("more than ", kMostNesting, " levels of lists and mappings"),
                  "no document needs that many");
    }
    return type() == YAML_SEQUENCE_START_EVENT ? ReadList(node, depth) : ReadMap(node, depth);
  }

  // Nothing but the value itself.
  bool Plain() {
    if (type() == YAML_ALIAS_EVENT) {
      return Fail("aliases are not allowed", "write the value out, or quote a text that holds `*`");
    }
    const Decoration decoration = DecorationOf(**event_);
    if (decoration.anchor != nullptr) return Fail("anchors are not allowed", "remove it");
    if (decoration.tag != nullptr) {
      return Fail("tags are not allowed", "remove it, or quote a text that holds `!`");
    }
    return true;
  }

  bool ReadScalar(Node& node) {
    const auto& scalar = (*event_)->data.scalar;
    node.kind = Node::Kind::kScalar;
    node.quoted = scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node.text.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
    for (const char c : node.text) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte < ' ' && c != '\n') || byte == 0x7F) {
        return Fail("a control character stands in this text", "remove the escape");
      }
    }
    return true;
  }

  bool ReadList(Node& node, int depth) {
    node.kind = Node::Kind::kList;
    while (Next()) {
      if (type() == YAML_SEQUENCE_END_EVENT) return true;
      if (!ReadNode(node.items.emplace_back(), depth + 1)) return false;
    }
    return false;
  }

  bool ReadMap(Node& node, int depth) {
    node.kind = Node::Kind::kMap;
    absl::flat_hash_map<std::string, int> seen;
    while (Next()) {
      if (type() == YAML_MAPPING_END_EVENT) return true;
      Node::Entry& entry = node.entries.emplace_back();
      if (!ReadKey(entry.key, seen) || !Next() || !ReadNode(entry.value, depth + 1)) return false;
    }
    return false;
  }

  bool ReadKey(Node& key, absl::flat_hash_map<std::string, int>& seen) {
    if (type() == YAML_SEQUENCE_START_EVENT || type() == YAML_MAPPING_START_EVENT) {
      return Fail("a key must be text", "write `key: value`");
    }
    if (!ReadNode(key, kMostNesting)) return false;
    if (key.text == "<<") {
      return FailAt(key.line, key.column, "merge keys are not allowed", "write the keys out");
    }
    const auto [first, is_new] = seen.try_emplace(key.text, key.line);
    if (is_new) return true;
    return FailAt(key.line, key.column,
                  absl::StrCat("the key ", Quote(key.text), " stands twice in one mapping"),
                  absl::StrCat("it stands in line ", first->second, " already: remove one"));
  }

  YamlParser parser_;
  Event event_;
  std::optional<SyntaxError> error_;
};

// Nothing but blanks, comments and the end mark.
bool HoldsNothing(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::size_t first = line.find_first_not_of(' ');
    if (first != std::string_view::npos && line[first] != '#' && line != "...") return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

bool Before(const SyntaxError& a, const SyntaxError& b) {
  return std::tie(a.line, a.column) < std::tie(b.line, b.column);
}

}  // namespace

std::variant<std::vector<Node>, SyntaxError> ReadYaml(std::string_view text) {
  std::optional<SyntaxError> first = CheckCharacters(text);
  if (text.size() > kMostFileBytes) return *std::move(first);
  std::optional<SyntaxError> end = CheckEndMark(text);
  if (end && (!first || Before(*end, *first))) first = std::move(end);

  if (!first && HoldsNothing(text)) {
    return SyntaxError{1, 1, "the file holds no document", "write one, or delete the file"};
  }

  auto documents = TreeReader(text).Read();
  if (auto* error = std::get_if<SyntaxError>(&documents)) {
    if (!first || Before(*error, *first)) first = std::move(*error);
  }
  if (first) return *std::move(first);
  return documents;
}

}  // namespace behalf::loader
