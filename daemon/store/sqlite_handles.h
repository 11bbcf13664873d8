// Handles on the disk of one daemon: they outlive it, and what was spent stays
// spent through a power cut.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/base/clock.h"
#include "daemon/base/executor.h"
#include "daemon/store/handle_store.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/sqlite_batches.h"
#include "daemon/store/sqlite_handle_rows.h"

namespace behalf {

// Thread-safe; one thread does all the work, and a change is on disk when its
// task ends. A file of its own, so that no revocation waits behind handles or
// shares a disk's last room with them. Holds at most `max_handles` rows; ended
// ones make room.
class SqliteHandles final : public HandleStore {
 public:
  // `directory`/handles.db, made when absent. One that is damaged or of another
  // format is put aside as handles.db.damaged and begun anew: the handles in it
  // are lost, which their tools hear as HANDLE_UNKNOWN. Tasks end on `resume`.
  // Fails with a plain FailedPrecondition whose message is for an operator.
  static absl::StatusOr<std::unique_ptr<SqliteHandles>> Open(const std::string& directory,
                                                             int max_handles, const Clock& clock,
                                                             Executor& resume);

  Task<absl::Status> Insert(std::string id, HandleRow row) override;
  Task<absl::StatusOr<HandleRow>> Find(std::string id) override;
  Task<absl::StatusOr<bool>> Replace(std::string id, std::uint64_t expected_version,
                                     HandleRow row) override;

  // Rows held, ended ones included.
  int size() const override { return size_.load(std::memory_order_relaxed); }

  // Does what was asked for, and nothing after. Idempotent.
  void Stop() override { batches_.Stop(); }

 private:
  SqliteHandles(std::unique_ptr<SqliteDatabase> database, HandleStatements statements, int size,
                int max_handles, const Clock& clock, Executor& resume);

  absl::Status InsertNow(const std::string& id, const HandleRow& row);
  absl::StatusOr<HandleRow> FindNow(const std::string& id);
  absl::StatusOr<bool> ReplaceNow(const std::string& id, std::uint64_t expected_version,
                                  const HandleRow& row);
  absl::Status DropEnded(absl::Time now);

  const std::unique_ptr<SqliteDatabase> database_;
  HandleStatements statements_;  // of the batches' thread, as all below but size_
  const int max_handles_;
  const Clock& clock_;
  absl::Time dropped_at_ = absl::InfinitePast();
  std::atomic<int> size_;
  SqliteBatches batches_;  // last: its thread uses all above
};

}  // namespace behalf
