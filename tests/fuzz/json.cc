// The reader of JSON, beside a second one that reads the grammar to the letter.
#include "daemon/jose/json.h"

#include <string>

#include "tests/fuzz/promise.h"
#include "tests/fuzz/strict_json.h"

namespace behalf::fuzz {
namespace {

using Kind = JsonMember::Kind;

void CompareList(const JsonObject& object, const std::string& key, const JsonMember& member) {
  const auto texts = object.Strings(key);
  const auto integers = object.Integers(key);
  const auto objects = object.Objects(key);
  const bool is_some = texts || integers || objects;
  Promise(!is_some || member.kind == Kind::kList, "what is no list has no elements");
  const bool is_two = (texts && integers) || (texts && objects) || (integers && objects);
  const bool is_empty = is_two && (texts ? texts->empty() : objects->empty());
  Promise(!is_two || is_empty, "elements are of one kind");
}

void Compare(const JsonObject& object, const std::string& key, const JsonMember& member) {
  Promise(object.Has(key), "a member that stands there is found");
  const auto text = object.String(key);
  Promise(text.has_value() == (member.kind == Kind::kText), "a text is a text");
  Promise(!text || *text == member.text, "a text is read as it was meant");
  const auto flag = object.Bool(key);
  Promise(flag.has_value() == (member.kind == Kind::kFlag), "a flag is a flag");
  Promise(!flag || *flag == (member.text == "true"), "a flag is read as it was meant");
  const auto number = object.Integer(key);
  Promise(!number || member.kind == Kind::kNumber, "an integer is a number");
  const bool plain = member.text.find_first_of(".eE") == std::string::npos;
  Promise(!number || plain, "a fraction is no integer");
  const bool same = !number || std::to_string(*number) == member.text || member.text == "-0";
  Promise(same, "an integer is read as it was meant");
  Promise(object.Object(key).has_value() == (member.kind == Kind::kObject), "an object is one");
  CompareList(object, key, member);
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using behalf::fuzz::Promise;
  const std::string_view text = behalf::fuzz::TextOf(data, size);
  const auto object = behalf::JsonObject::Parse(text);
  const behalf::fuzz::JsonReading reading = behalf::fuzz::ReadJson(text);
  Promise(!object.ok() || reading.is_plain, "what is accepted is a plain JSON object");
  Promise(object.ok() || !reading.is_plain || reading.has_large_number,
          "a plain JSON object is accepted");
  if (!object.ok()) return 0;
  Promise(object->Has("a") == reading.members.contains("a"), "what is not there is not found");
  for (const auto& [key, member] : reading.members) behalf::fuzz::Compare(*object, key, member);
  return 0;
}
