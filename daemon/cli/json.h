// JSON to write (RFC 8259); nothing here reads any.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace behalf::cli {

// A value. Objects keep the order they were given in.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;
  using Value =
      std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

  Json(std::nullptr_t = nullptr) {}
  Json(std::same_as<bool> auto value) : value_(value) {}
  Json(std::integral auto value)
    requires(!std::same_as<decltype(value), bool>)
      : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) : value_(value) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}

  const Value& value() const { return value_; }

  // On one line. What is not UTF-8 becomes U+FFFD.
  std::string Dump() const;

 private:
  Value value_ = nullptr;
};

// A range of strings as an array.
Json JsonStrings(const auto& strings) {
  Json::Array array;
  for (const std::string& text : strings) array.emplace_back(text);
  return array;
}

}  // namespace behalf::cli
