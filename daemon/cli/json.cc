#include "daemon/cli/json.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

void AppendCharacter(std::string& out, std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (first == '"' || first == '\\') {
    out.push_back('\\');
    out.append(sequence);
  } else if (first == '\n') {
    out.append("\\n");
  } else if (first < 0x20 || first == 0x7F) {
    absl::StrAppendFormat(&out, "\\u%04x", first);
  } else {
    out.append(sequence);
  }
}

void AppendString(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    if (length == 0) {
      out.append("\\ufffd");
    } else {
      AppendCharacter(out, text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out.push_back('"');
}

struct Writer {
  std::string& out;

  void operator()(std::nullptr_t) { out.append("null"); }
  void operator()(bool value) { out.append(value ? "true" : "false"); }
  void operator()(std::int64_t value) { absl::StrAppend(&out, value); }
  void operator()(double value) { absl::StrAppend(&out, value); }
  void operator()(const std::string& value) { AppendString(out, value); }

  void operator()(const Json::Array& array) {
    const char* separator = "";
    out.push_back('[');
    for (const Json& element : array) {
      out.append(std::exchange(separator, ","));
      std::visit(*this, element.value());
    }
    out.push_back(']');
  }

  void operator()(const Json::Object& object) {
    const char* separator = "";
    out.push_back('{');
    for (const auto& [key, member] : object) {
      out.append(std::exchange(separator, ","));
      AppendString(out, key);
      out.push_back(':');
      std::visit(*this, member.value());
    }
    out.push_back('}');
  }
};

}  // namespace

std::string Json::Dump() const {
  std::string out;
  std::visit(Writer{out}, value_);
  return out;
}

}  // namespace behalf::cli
