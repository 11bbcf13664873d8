// Collects issues while a set of files is loaded. Not thread-safe; one load
// has one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "blueprint/issue.h"
#include "blueprint/load.h"

namespace behalf::loader {

class Report {
 public:
  // `files` must outlive the report.
  explicit Report(const std::vector<SourceFile>& files);

  void Error(Place place, std::string message, std::string advice = {});
  // The text of this line may be a secret: no issue shows it.
  void HideLine(const Place& place) { hidden_.emplace(place.file, place.line); }
  void HostFact(Place place, std::string message, std::string advice);

  bool failed() const { return failed_; }
  // More issues than anybody reads were found; further ones are only counted.
  bool full() const;

  // All issues, sorted by place, each with the text of its line.
  std::vector<Issue> Take() &&;

 private:
  void Add(Issue issue);
  std::string LineOf(const Place& place);

  absl::flat_hash_map<std::string, std::vector<std::string_view>> lines_;
  absl::flat_hash_set<std::pair<std::string, int>> hidden_;
  std::vector<Issue> issues_;
  std::size_t untold_ = 0;
  bool failed_ = false;
};

}  // namespace behalf::loader
