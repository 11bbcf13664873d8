// The keys of one YAML map: every key is known or a mistake, and every
// mistake is told with its place.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "blueprint/node.h"

namespace behalf::idp {

using loader::Node;

// "path:line:column: message", in the order in which they were found.
class Mistakes {
 public:
  explicit Mistakes(std::string path) : path_(std::move(path)) {}
  void Add(int line, int column, std::string_view message);
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::string path_;
  std::vector<std::string> all_;
};

// Keys that were never asked for are mistakes when this goes away. Refers to
// the node and the mistakes.
class Fields {
 public:
  Fields(const Node& node, Mistakes& mistakes);
  ~Fields();
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  std::string Text(std::string_view key);
  std::string Text(std::string_view key, std::string_view otherwise);
  std::string Guid(std::string_view key);  // lower case
  std::string Guid(std::string_view key, std::string_view otherwise);
  bool Flag(std::string_view key, bool otherwise);
  int Count(std::string_view key);                   // 1 or more
  int Version(std::string_view key, int otherwise);  // 1 or 2
  std::vector<std::string> Texts(std::string_view key, std::vector<std::string> otherwise);
  // Calls `read` with each map of a list; an absent key is an empty list.
  void Each(std::string_view key, const std::function<void(Fields&)>& read);

  // Calls `read` with the map under `key`, when there is one.
  void Map(std::string_view key, const std::function<void(Fields&)>& read);

  // A mistake in what stands under `key`, or in the map itself.
  void Reject(std::string_view key, std::string_view message);

 private:
  const Node* Find(std::string_view key);
  const Node* FindText(std::string_view key);

  const Node& node_;
  Mistakes& mistakes_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace behalf::idp
