#include <algorithm>

#include "absl/strings/str_cat.h"
#include "blueprint/effective.h"
#include "blueprint/json_text.h"
#include "blueprint/node.h"

namespace behalf {
namespace {

using Form = EffectiveValue::Form;

constexpr std::size_t kWidestCode = 64;  // comments of longer lines are not aligned

bool IsTimeOfDay(std::string_view text) {
  return text.size() == 5 && text[2] == ':' && text.find_first_not_of("0123456789:") == text.npos;
}

// Whether a text is read as the same text without quotes, wherever it stands.
bool NeedsNoQuotes(const EffectiveValue& value) {
  if (value.form != Form::kText) return true;
  loader::Node plain;
  plain.text = value.text;
  return loader::IsText(plain) && !IsTimeOfDay(value.text) &&
         value.text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
             "0123456789_./=+-:") == std::string::npos &&
         value.text.find_first_of("-:=+.") != 0 && !value.text.ends_with(':');
}

std::string Scalar(const EffectiveValue& value) {
  return NeedsNoQuotes(value) ? value.text : loader::JsonText::Text(value.text).Print();
}

bool IsScalar(const EffectiveValue& value) {
  return value.form != Form::kList && value.form != Form::kMap;
}

// A list of scalars, on one line.
std::string Flow(const EffectiveValue& list) {
  std::string out = "[";
  for (const EffectiveMember& item : list.members) {
    absl::StrAppend(&out, out.size() > 1 ? ", " : "", Scalar(item.value));
  }
  return out + "]";
}

bool IsFlow(const EffectiveValue& value) {
  return value.form == Form::kList &&
         std::ranges::all_of(value.members, [](auto& item) { return IsScalar(item.value); });
}

struct Line {
  std::string code;
  std::string place;
};

class Writer {
 public:
  void Write(const EffectiveValue& map, const std::string& indent) {
    for (const EffectiveMember& member : map.members) WriteMember(member, indent);
  }

  std::string Text() const {
    std::size_t width = 0;
    for (const Line& line : lines_) {
      if (line.code.size() <= kWidestCode) width = std::max(width, line.code.size());
    }
    std::string out;
    for (const Line& line : lines_) {
      const std::size_t gap = width > line.code.size() ? width - line.code.size() : 0;
      absl::StrAppend(&out, line.code, std::string(gap, ' '), "  # ",
                      line.place.empty() ? "default" : line.place, "\n");
    }
    return out;
  }

 private:
  void WriteMember(const EffectiveMember& member, const std::string& indent) {
    const EffectiveValue& value = member.value;
    const std::string key = absl::StrCat(indent, member.key, ":");
    if (IsScalar(value)) return Add(absl::StrCat(key, " ", Scalar(value)), value);
    if (IsFlow(value)) return Add(absl::StrCat(key, " ", Flow(value)), value);
    Add(key, value);
    if (value.form == Form::kMap) return Write(value, indent + "  ");
    for (const EffectiveMember& item : value.members) WriteItem(item.value, indent + "  ");
  }

  // The first key of a mapping stands behind the dash.
  void WriteItem(const EffectiveValue& map, const std::string& indent) {
    const std::size_t first = lines_.size();
    Write(map, indent + "  ");
    lines_[first].code[indent.size()] = '-';
  }

  void Add(std::string code, const EffectiveValue& value) {
    lines_.push_back({std::move(code), value.place});
  }

  std::vector<Line> lines_;
};

}  // namespace

std::string EffectiveYaml(const std::vector<EffectiveValue>& documents) {
  std::string out;
  for (const EffectiveValue& document : documents) {
    Writer writer;
    writer.Write(document, "");
    absl::StrAppend(&out, "---\n", writer.Text());
  }
  return out + "...\n";
}

}  // namespace behalf
