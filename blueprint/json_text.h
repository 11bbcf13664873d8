// A JSON value to be written, its members in the order they were added.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace behalf::loader {

class JsonText {
 public:
  static JsonText Object() { return JsonText(Form::kObject, {}); }
  static JsonText Array() { return JsonText(Form::kArray, {}); }
  static JsonText Text(std::string_view text);
  static JsonText Texts(const std::vector<std::string>& texts);
  static JsonText Number(std::int64_t number) {
    return JsonText(Form::kWord, std::to_string(number));
  }
  static JsonText Bool(bool value) { return JsonText(Form::kWord, value ? "true" : "false"); }

  JsonText& Set(std::string name, JsonText value);
  JsonText& Set(std::string name, std::string_view text) {
    return Set(std::move(name), Text(text));
  }
  JsonText& Add(JsonText item);
  JsonText& Extend(JsonText other);  // by the other's members

  // Indented by two blanks a level.
  std::string Print(int level = 0) const;

 private:
  enum class Form { kWord, kArray, kObject };
  JsonText(Form form, std::string word) : form_(form), word_(std::move(word)) {}

  Form form_;
  std::string word_;
  std::vector<std::pair<std::string, JsonText>> members_;
};

}  // namespace behalf::loader
