#include "blueprint/yaml_events.h"

#include <array>
#include <cstdlib>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"

namespace behalf::loader {
namespace {

struct Translation {
  std::string_view context;  // what libyaml was doing, or nothing
  std::string_view problem;  // and what it found, by its first words
  bool at_start;             // the author looks where the thing began
  std::string_view message;
  std::string_view advice;
};

constexpr std::array kTranslations = std::to_array<Translation>({
    {"directive", "", true, "directives are not allowed", "remove this line"},
    {"alias", "", true, "aliases are not allowed", "write the value out, or quote it"},
    {"anchor", "", true, "anchors are not allowed", "remove it, or quote the value"},
    {"tag", "", true, "tags are not allowed", "remove it, or quote the value"},
    {"quoted scalar", "found unexpected", true, "this quote is never closed",
     "close it, or remove it"},
    {"quoted scalar", "", false, "this escape is not known in double quotes",
     "write `\\\\` for a backslash, or use single quotes"},
    {"block scalar", "", false, "the head of this block text is malformed",
     "write `|` or `>` alone, and the text on the lines below"},
    {"", "could not find expected ':'", true, "this line is neither `key: value` nor a list item",
     "write `key: value`"},
    {"", "mapping values are not allowed", false, "a `:` stands where no key can be",
     "indent the key like its neighbours, or quote a value that holds `: `"},
    {"", "block sequence entries are not allowed", false, "a list item stands where no list can be",
     "begin the list on a line of its own"},
    {"", "found character that cannot start", false, "a value cannot start with this character",
     "quote the value"},
    {"", "did not find expected node content", false, "a value is missing here", "write it"},
    {"flow sequence", "", true, "this list is never closed", "close it with `]`"},
    {"flow mapping", "", true, "this mapping is never closed", "close it with `}`"},
    {"block mapping", "", false, "this does not fit the mapping that it stands in",
     "indent keys of one mapping alike, and write `key: value`"},
    {"block collection", "", false, "this does not fit the list that it stands in",
     "indent the items of one list alike, and begin each with `- `"},
    {"", "did not find expected <document start>", false, "text stands where a new document begins",
     "separate documents by a line `---`"},
});

bool Holds(const char* text, std::string_view part) {
  return part.empty() ||
         (text != nullptr && std::string_view(text).find(part) != std::string_view::npos);
}

SyntaxError At(const yaml_mark_t& mark) {
  return {.line = static_cast<int>(mark.line) + 1,
          .column = static_cast<int>(mark.column) + 1,
          .message = {},
          .advice = {}};
}

}  // namespace

YamlParser::YamlParser(std::string_view text) {
  if (yaml_parser_initialize(&parser_) != 1) std::abort();
  yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
  yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
}

SyntaxError YamlParser::Error() const {
  if (parser_.error == YAML_READER_ERROR) {
    return {std::numeric_limits<int>::max(), 1, "this byte is not allowed", "save it as UTF-8"};
  }
  for (const Translation& row : kTranslations) {
    if (!Holds(parser_.context, row.context) || !Holds(parser_.problem, row.problem)) continue;
    const bool at_start = row.at_start && parser_.context != nullptr;
    SyntaxError error = At(at_start ? parser_.context_mark : parser_.problem_mark);
    error.message = row.message;
    error.advice = row.advice;
    return error;
  }
  SyntaxError error = At(parser_.problem_mark);
  error.message = absl::StrCat("malformed YAML: ",
                               parser_.problem != nullptr ? parser_.problem : "it cannot be read");
  return error;
}

}  // namespace behalf::loader
