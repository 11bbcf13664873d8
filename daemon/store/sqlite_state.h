// The state that survives a power cut, in one SQLite database.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/base/descriptor.h"
#include "daemon/base/executor.h"
#include "daemon/store/revocation.h"
#include "daemon/store/sqlite.h"

namespace behalf {

// Thread-safe: one thread of its own does all the work, in the order in which
// it was asked for. Tasks end on that thread. Where the disk is full, a
// reserve that was set aside is given up, so that a revocation still gets in.
class SqliteState final : public RevocationStore {
 public:
  // `directory`/state.db, made when absent. Refuses what is damaged, is no
  // state of behalf, is of a newer behalfd, or is used by another. Fails with a plain
  // FailedPrecondition whose message is for an operator.
  static absl::StatusOr<std::unique_ptr<SqliteState>> Open(const std::string& directory);
  ~SqliteState() override { Stop(); }

  absl::StatusOr<StoredRevocations> Load() override;
  Task<absl::StatusOr<std::uint64_t>> Put(Revocation revocation) override;
  Task<absl::StatusOr<std::uint64_t>> Remove(std::vector<std::uint64_t> revisions) override;

  // Nobody else changes it while this has it.
  void Follow(RevocationObserver&) override {}
  absl::Status Knows() const override { return absl::OkStatus(); }
  void Stop() override { thread_.Stop(); }

 private:
  using Change = std::function<absl::Status(std::uint64_t revision)>;

  SqliteState(Descriptor lock, std::unique_ptr<SqliteDatabase> database, std::string reserve);

  absl::StatusOr<std::uint64_t> InTransaction(const Change& change);
  absl::StatusOr<std::uint64_t> Try(const Change& change);
  void Supersede();

  const Descriptor lock_;
  const std::unique_ptr<SqliteDatabase> database_;  // of thread_, once it serves
  const std::string reserve_;
  bool disk_is_full_ = false;  // at the last failure
  Executor thread_{1};
};

}  // namespace behalf
