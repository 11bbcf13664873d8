// HTTP requests and responses as plain values, so that everything behind the
// socket is a function from one to the other.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace behalf::idp {

// application/x-www-form-urlencoded names and values.
class Form {
 public:
  // Nothing when an escape is malformed or a name occurs twice.
  static std::optional<Form> Parse(std::string_view text);

  // Nothing when absent or empty, which Entra treats alike.
  std::optional<std::string_view> Get(std::string_view name) const;
  bool Has(std::string_view name) const { return values_.contains(name); }
  const std::map<std::string, std::string, std::less<>>& all() const { return values_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

struct Request {
  std::string method;
  std::string path;  // without the query
  std::string query;
  std::map<std::string, std::string, std::less<>> headers;  // lower-case names
  std::string body;
  std::string base_url;  // "https://host:port" as the client named it
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};  // JSON, or a page
  // For the log: what was resolved, never what was sent.
  std::vector<std::pair<std::string, std::string>> facts = {};
};

}  // namespace behalf::idp
