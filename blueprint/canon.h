// The meaning of documents as bytes: the same for any order of files,
// documents, keys and list items, and different for different meanings.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace behalf::loader {

class Canon {
 public:
  // `directory` is the document's: names of files below it count relative to it.
  explicit Canon(std::string_view directory) : directory_(directory) {}

  void Text(std::string_view text);  // length-prefixed
  void FileName(std::string_view resolved);
  void Part(const Canon& part) { Text(part.bytes_); }
  void Parts(std::vector<Canon> parts);  // in any order

  Canon Empty() const { return Canon(directory_); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string directory_;
  std::string bytes_;
};

}  // namespace behalf::loader
