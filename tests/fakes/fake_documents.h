// Documents that a test writes, and a host whose facts it states.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/broker/document_source.h"

namespace behalf {

// Not while somebody reads.
class FakeDocuments final : public DocumentSource {
 public:
  explicit FakeDocuments(std::string text) { Write(std::move(text)); }

  void Write(std::string text) { files_ = std::vector<SourceFile>{{"documents.yaml", text}}; }
  void Fail(absl::Status why) { files_ = std::move(why); }
  void SetHost(std::vector<Issue> issues) { issues_ = std::move(issues); }

  absl::StatusOr<std::vector<SourceFile>> Read() override { return files_; }
  std::vector<Issue> CheckHost(const Catalog&) override { return issues_; }

 private:
  absl::StatusOr<std::vector<SourceFile>> files_;
  std::vector<Issue> issues_;
};

}  // namespace behalf
