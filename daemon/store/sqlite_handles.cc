#include "daemon/store/sqlite_handles.h"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

constexpr char kCount[] = "SELECT count(*) FROM handle";
constexpr absl::Duration kBetweenDrops = absl::Seconds(1);

// Stops at the first failure: a database that stays without its log would have
// handles open again that are spent.
absl::Status PutAside(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const std::string from = absl::StrCat(path, suffix);
    const std::string to = absl::StrCat(path, ".damaged", suffix);
    if (std::rename(from.c_str(), to.c_str()) == 0 || errno == ENOENT) continue;
    return StateRefused(from, absl::StrCat("cannot be used as it is, nor be put aside as ", to,
                                           ": ", std::generic_category().message(errno)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<SqliteDatabase>> OpenOrBegin(const std::string& path) {
  auto database = SqliteDatabase::Open(path);
  if (database.ok() && HoldsHandles(**database)) return database;
  database = absl::UnknownError("closed");
  if (absl::Status aside = PutAside(path); !aside.ok()) return aside;
  database = SqliteDatabase::Open(path);
  if (database.ok() && !HoldsHandles(**database)) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": cannot be made"));
  }
  return database;
}

// Runs `statement` and leaves it ready for the next time, also when it fails.
absl::Status RunAndReset(SqliteStatement& statement) {
  const absl::Status done = statement.Run();
  statement.Reset();
  return done;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteHandles>> SqliteHandles::Open(const std::string& directory,
                                                                   int max_handles,
                                                                   const Clock& clock,
                                                                   Executor& resume) {
  const std::string path = absl::StrCat(directory, "/handles.db");
  auto database = OpenOrBegin(path);
  if (!database.ok()) return database.status();
  auto statements = HandleStatements::Prepare(**database);
  const auto size = (*database)->NumberOf(kCount);
  if (!statements.ok() || !size.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": cannot be read"));
  }
  return std::unique_ptr<SqliteHandles>(
      new SqliteHandles(*std::move(database), *std::move(statements), static_cast<int>(*size),
                        max_handles, clock, resume));
}

SqliteHandles::SqliteHandles(std::unique_ptr<SqliteDatabase> database, HandleStatements statements,
                             int size, int max_handles, const Clock& clock, Executor& resume)
    : database_(std::move(database)),
      statements_(std::move(statements)),
      max_handles_(max_handles),
      clock_(clock),
      size_(size),
      batches_(*database_, resume) {}

Task<absl::Status> SqliteHandles::Insert(std::string id, HandleRow row) {
  co_return co_await batches_.Do([&] { return InsertNow(id, row); });
}

Task<absl::StatusOr<HandleRow>> SqliteHandles::Find(std::string id) {
  absl::StatusOr<HandleRow> found = absl::UnknownError("");
  const absl::Status done = co_await batches_.Do([&] {
    found = FindNow(id);
    return found.status();
  });
  if (!done.ok()) co_return done;
  co_return std::move(found);
}

Task<absl::StatusOr<bool>> SqliteHandles::Replace(std::string id, std::uint64_t expected_version,
                                                  HandleRow row) {
  absl::StatusOr<bool> replaced = absl::UnknownError("");
  const absl::Status done = co_await batches_.Do([&] {
    replaced = ReplaceNow(id, expected_version, row);
    return replaced.status();
  });
  if (!done.ok()) co_return done;
  co_return replaced;
}

absl::Status SqliteHandles::InsertNow(const std::string& id, const HandleRow& row) {
  if (absl::Status dropped = DropEnded(clock_.Now()); !dropped.ok()) return dropped;
  if (size_.load() >= max_handles_) return TooManyHandles();
  BindHandle(statements_.insert, id, row);
  if (absl::Status done = RunAndReset(statements_.insert); !done.ok()) return done;
  if (database_->Changed() == 0) return TwoHandlesOfOneId();
  size_.fetch_add(1);
  return absl::OkStatus();
}

absl::StatusOr<HandleRow> SqliteHandles::FindNow(const std::string& id) {
  statements_.find.Bind(1, id);
  const auto there = statements_.find.Step();
  absl::StatusOr<HandleRow> row = MakeError(Reason::kHandleUnknown);
  if (!there.ok()) row = there.status();
  if (there.ok() && *there) row = ReadHandle(statements_.find);
  statements_.find.Reset();
  if (row.ok() && row->expires_at + kHandleRowGrace <= clock_.Now()) {
    return MakeError(Reason::kHandleUnknown);
  }
  return row;
}

absl::StatusOr<bool> SqliteHandles::ReplaceNow(const std::string& id,
                                               std::uint64_t expected_version,
                                               const HandleRow& row) {
  const auto found = FindNow(id);
  if (!found.ok()) return found.status();
  BindHandle(statements_.replace, id, row).Bind(8, static_cast<std::int64_t>(expected_version));
  if (absl::Status done = RunAndReset(statements_.replace); !done.ok()) return done;
  return database_->Changed() == 1;
}

absl::Status SqliteHandles::DropEnded(absl::Time now) {
  if (now < dropped_at_ + kBetweenDrops && size_.load() < max_handles_) return absl::OkStatus();
  statements_.drop_ended.Bind(1, absl::ToUnixNanos(now - kHandleRowGrace));
  if (absl::Status done = RunAndReset(statements_.drop_ended); !done.ok()) return done;
  // Counted anew: a commit that failed took back what was counted meanwhile.
  const auto left = database_->NumberOf(kCount);
  if (!left.ok()) return left.status();
  size_ = static_cast<int>(*left);
  dropped_at_ = now;
  return absl::OkStatus();
}

}  // namespace behalf
