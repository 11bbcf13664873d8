#include "blueprint/json_text.h"

#include "absl/strings/str_cat.h"

namespace behalf::loader {
namespace {

// For texts of ours, which are printable.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

}  // namespace

JsonText JsonText::Text(std::string_view text) { return JsonText(Form::kWord, Quoted(text)); }

JsonText JsonText::Texts(const std::vector<std::string>& texts) {
  JsonText array = Array();
  for (const std::string& text : texts) array.Add(Text(text));
  return array;
}

JsonText& JsonText::Set(std::string name, JsonText value) {
  members_.emplace_back(std::move(name), std::move(value));
  return *this;
}

JsonText& JsonText::Add(JsonText item) { return Set({}, std::move(item)); }

JsonText& JsonText::Extend(JsonText other) {
  for (auto& member : other.members_) members_.push_back(std::move(member));
  return *this;
}

std::string JsonText::Print(int level) const {
  if (form_ == Form::kWord) return word_;
  const bool object = form_ == Form::kObject;
  if (members_.empty()) return object ? "{}" : "[]";
  const std::string indent(static_cast<std::size_t>(level) * 2, ' ');
  std::string out = object ? "{" : "[";
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const auto& [name, value] = members_[i];
    absl::StrAppend(&out, i == 0 ? "\n" : ",\n", indent, "  ", object ? Quoted(name) + ": " : "",
                    value.Print(level + 1));
  }
  absl::StrAppend(&out, "\n", indent, object ? "}" : "]");
  return out;
}

}  // namespace behalf::loader
