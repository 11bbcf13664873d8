#include "daemon/cli/effective_json.h"

#include <algorithm>

#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

using Form = EffectiveValue::Form;

Json ScalarJson(const EffectiveValue& value) {
  if (value.form == Form::kFlag) return value.text == "true";
  const bool number = value.form == Form::kNumber && value.text.size() <= 18 &&
                      value.text.find_first_not_of("0123456789") == std::string::npos;
  return number ? Json(std::stoll(value.text)) : Json(value.text);
}

}  // namespace

const EffectiveValue* Find(const EffectiveValue& map, std::string_view key) {
  const auto member = std::ranges::find(map.members, key, &EffectiveMember::key);
  return member == map.members.end() ? nullptr : &member->value;
}

Json ValueJson(const EffectiveValue& value, const std::string& path, Json::Object& places) {
  if (value.form != Form::kMap && !value.place.empty()) places.emplace_back(path, value.place);
  if (value.form == Form::kMap) {
    Json::Object object;
    for (const EffectiveMember& member : value.members) {
      const std::string below = path.empty() ? member.key : Concat({path, ".", member.key});
      object.emplace_back(member.key, ValueJson(member.value, below, places));
    }
    return object;
  }
  if (value.form != Form::kList) return ScalarJson(value);
  Json::Array array;
  for (const EffectiveMember& item : value.members) {
    const std::string below = Concat({path, "[", std::to_string(array.size()), "]"});
    array.push_back(ValueJson(item.value, below, places));
  }
  return array;
}

}  // namespace behalf::cli
