#include "daemon/jose/json.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

namespace behalf {
namespace {

namespace dom = simdjson::dom;

// Parsers keep their scratch memory: for texts of usual size one per thread
// is reused, larger texts bring their own.
constexpr std::size_t kUsualBytes = 64 * 1024;

absl::Status Refused(const char* why) { return absl::InvalidArgumentError(why); }

simdjson::error_code ParseInto(dom::document& document, const simdjson::padded_string& text,
                               dom::element& root) {
  if (text.size() > kUsualBytes) {
    dom::parser parser;
    return parser.parse_into_document(document, text).get(root);
  }
  thread_local dom::parser parser(kUsualBytes);
  return parser.parse_into_document(document, text).get(root);
}

bool HasTwins(std::vector<std::string_view>& keys) {
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

// Null when nothing is wrong. Recursion ends at the depth limit.
const char* Objection(dom::element value, int depth_left);

const char* ObjectionIn(dom::object object, int depth_left) {
  std::vector<std::string_view> keys;
  keys.reserve(object.size());
  for (const auto [key, value] : object) {
    keys.push_back(key);
    if (const char* why = Objection(value, depth_left); why != nullptr) return why;
  }
  return HasTwins(keys) ? "a key of a JSON object stands twice" : nullptr;
}

const char* ObjectionIn(dom::array array, int depth_left) {
  for (const dom::element value : array) {
    if (const char* why = Objection(value, depth_left); why != nullptr) return why;
  }
  return nullptr;
}

const char* Objection(dom::element value, int depth_left) {
  if (!value.is_object() && !value.is_array()) return nullptr;
  if (depth_left == 0) return "the JSON text is nested too deeply";
  dom::object object;
  if (value.get(object) == simdjson::SUCCESS) return ObjectionIn(object, depth_left - 1);
  return ObjectionIn(dom::array(value), depth_left - 1);
}

// simdjson converts no number with a fraction or an exponent to an integer.
template <typename T>
std::optional<T> As(dom::element value) {
  T result;
  if (value.get(result) != simdjson::SUCCESS) return std::nullopt;
  return result;
}

template <typename T>
std::optional<std::vector<T>> Elements(std::optional<dom::array> array) {
  if (!array) return std::nullopt;
  std::vector<T> result;
  result.reserve(array->size());
  for (const dom::element element : *array) {
    const std::optional<T> value = As<T>(element);
    if (!value) return std::nullopt;
    result.push_back(*value);
  }
  return result;
}

}  // namespace

struct JsonObject::Node {
  std::shared_ptr<const dom::document> document;
  dom::object object;

  template <typename T>
  std::optional<T> Get(std::string_view key) const {
    dom::element value;
    if (object.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
    return As<T>(value);
  }
};

JsonObject::JsonObject(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

absl::StatusOr<JsonObject> JsonObject::Parse(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.max_bytes) return Refused("the JSON text is too large");
  if (text.starts_with("\xEF\xBB\xBF")) return Refused("the JSON text has a byte order mark");
  auto document = std::make_shared<dom::document>();
  dom::element root;
  if (ParseInto(*document, simdjson::padded_string(text), root) != simdjson::SUCCESS) {
    return Refused("the text is not JSON");
  }
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) return Refused("the JSON text is not an object");
  if (const char* why = Objection(root, limits.max_depth); why != nullptr) return Refused(why);
  return JsonObject(std::make_shared<const Node>(Node{std::move(document), object}));
}

bool JsonObject::Has(std::string_view key) const {
  return node_->object.at_key(key).error() == simdjson::SUCCESS;
}

std::optional<std::string_view> JsonObject::String(std::string_view key) const {
  return node_->Get<std::string_view>(key);
}

std::optional<std::int64_t> JsonObject::Integer(std::string_view key) const {
  return node_->Get<std::int64_t>(key);
}

std::optional<bool> JsonObject::Bool(std::string_view key) const { return node_->Get<bool>(key); }

std::optional<JsonObject> JsonObject::Object(std::string_view key) const {
  const auto object = node_->Get<dom::object>(key);
  if (!object) return std::nullopt;
  return JsonObject(std::make_shared<const Node>(Node{node_->document, *object}));
}

std::optional<std::vector<std::string_view>> JsonObject::Strings(std::string_view key) const {
  return Elements<std::string_view>(node_->Get<dom::array>(key));
}

std::optional<std::vector<std::int64_t>> JsonObject::Integers(std::string_view key) const {
  return Elements<std::int64_t>(node_->Get<dom::array>(key));
}

std::optional<std::vector<JsonObject>> JsonObject::Objects(std::string_view key) const {
  const auto objects = Elements<dom::object>(node_->Get<dom::array>(key));
  if (!objects) return std::nullopt;
  std::vector<JsonObject> result;
  result.reserve(objects->size());
  for (const dom::object object : *objects) {
    result.push_back(JsonObject(std::make_shared<const Node>(Node{node_->document, object})));
  }
  return result;
}

}  // namespace behalf
