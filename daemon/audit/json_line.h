// One JSON object on one line, written strictly (RFC 8259): a reader can
// neither be made to see two lines in one record nor a record that is not
// there, whatever the values hold.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace behalf {

// Fields stand in the order of the calls. What is empty is left out: strings,
// lists, and objects without a field. Keys are literals and are not escaped.
// Not thread-safe.
class JsonLine {
 public:
  JsonLine& String(std::string_view key, std::string_view value);
  JsonLine& Strings(std::string_view key, std::span<const std::string> values);
  JsonLine& Number(std::string_view key, std::int64_t value);
  JsonLine& True(std::string_view key);

  // The fields until Close() belong to an object of this name.
  JsonLine& Open(std::string_view key);
  JsonLine& Close();

  // The line, newline included. All objects are closed.
  std::string Finish() &&;

 private:
  void Key(std::string_view key);

  std::string text_ = "{";
  std::size_t before_object_ = 0;  // where the open object's key starts
};

// Appends `text` as a JSON string. Controls (C0, DEL, C1), U+2028, U+2029 and
// the marks that turn the direction of text are escaped; what is not UTF-8
// becomes U+FFFD.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace behalf
