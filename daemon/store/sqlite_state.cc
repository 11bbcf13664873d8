#include "daemon/store/sqlite_state.h"

#include <fcntl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "daemon/base/descriptor.h"
#include "daemon/base/error.h"
#include "daemon/store/sqlite_rows.h"
#include "daemon/store/state_files.h"

namespace behalf {
namespace {

constexpr off_t kReserveBytes = 1 << 20;

// What is given up when the disk is full. That there is none is no failure: the
// disk is full already, or cannot tell.
void SetAside(const std::string& path) {
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.valid() && ::posix_fallocate(file.get(), 0, kReserveBytes) != 0) ::unlink(path.c_str());
}

absl::Status WithWayBack(const absl::Status& why) {
  return absl::FailedPreconditionError(
      absl::StrCat(why.message(), "; see \"State\" in docs/operations.md for the way back"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteState>> SqliteState::Open(const std::string& directory) {
  auto lock = LockState(directory);
  if (!lock.ok()) return lock.status();
  const std::string path = absl::StrCat(directory, "/state.db");
  auto database = SqliteDatabase::Open(path);
  if (!database.ok()) return WithWayBack(database.status());
  if (absl::Status checked = CheckState(path, **database); !checked.ok())
    return WithWayBack(checked);
  std::string reserve = absl::StrCat(directory, "/state.reserve");
  SetAside(reserve);
  return std::unique_ptr<SqliteState>(
      new SqliteState(*std::move(lock), *std::move(database), std::move(reserve)));
}

SqliteState::SqliteState(Descriptor lock, std::unique_ptr<SqliteDatabase> database,
                         std::string reserve)
    : lock_(std::move(lock)), database_(std::move(database)), reserve_(std::move(reserve)) {}

absl::StatusOr<StoredRevocations> SqliteState::Load() { return ReadRevocations(*database_); }

Task<absl::StatusOr<std::uint64_t>> SqliteState::Put(Revocation revocation) {
  co_await thread_.Enter();
  co_return InTransaction(
      [&](std::uint64_t revision) { return InsertRevocation(*database_, revocation, revision); });
}

Task<absl::StatusOr<std::uint64_t>> SqliteState::Remove(std::vector<std::uint64_t> revisions) {
  co_await thread_.Enter();
  co_return InTransaction([&](std::uint64_t) { return DeleteRevocations(*database_, revisions); });
}

absl::StatusOr<std::uint64_t> SqliteState::InTransaction(const Change& change) {
  auto revision = Try(change);
  if (revision.ok()) {
    SetAside(reserve_);
    return revision;
  }
  if (disk_is_full_ && ::unlink(reserve_.c_str()) == 0) revision = Try(change);
  return revision;
}

absl::StatusOr<std::uint64_t> SqliteState::Try(const Change& change) {
  absl::Status done = database_->Run("BEGIN IMMEDIATE; UPDATE state SET revision = revision + 1");
  std::uint64_t revision = 0;
  if (done.ok()) {
    const auto next = database_->NumberOf("SELECT revision FROM state");
    if (next.ok()) revision = static_cast<std::uint64_t>(*next);
    done = next.status();
  }
  if (done.ok()) done = change(revision);
  const bool changed = done.ok();
  if (changed) done = database_->Run("COMMIT");
  if (done.ok()) return revision;
  disk_is_full_ = database_->DiskIsFull();
  database_->Run("ROLLBACK").IgnoreError();
  if (changed) Supersede();
  return done;
}

// A commit that could not be synced may stand in the log all the same, and a
// restart would find it, be it a restoration that was refused. Another commit
// takes its place there; SQLite writes none where nothing was changed.
void SqliteState::Supersede() {
  const absl::Status done = database_->Run(
      "BEGIN IMMEDIATE;"
      "UPDATE state SET revision = revision + 1;"
      "UPDATE state SET revision = revision - 1;"
      "COMMIT");
  if (!done.ok()) database_->Run("ROLLBACK").IgnoreError();
}

}  // namespace behalf
