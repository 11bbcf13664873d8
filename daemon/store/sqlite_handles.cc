#include "daemon/store/sqlite_handles.h"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

constexpr std::int64_t kApplicationId = 0x62686c68;  // "bhlh"
constexpr std::int64_t kVersion = 1;
constexpr char kSchema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE handle ("
    "  id BLOB PRIMARY KEY, version INTEGER NOT NULL, state INTEGER NOT NULL,"
    "  sealed BLOB NOT NULL, request_digest BLOB NOT NULL, sealed_answer BLOB NOT NULL,"
    "  expires_at INTEGER NOT NULL, changed_at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX handle_end ON handle (expires_at);"
    "PRAGMA application_id = 0x62686c68;"
    "PRAGMA user_version = 1;"
    "COMMIT;";

constexpr char kCount[] = "SELECT count(*) FROM handle";
constexpr absl::Duration kBetweenDrops = absl::Seconds(1);

bool IsOurs(SqliteDatabase& database) {
  const auto tables = database.NumberOf("SELECT count(*) FROM sqlite_schema");
  if (tables.ok() && *tables == 0) return database.Run(kSchema).ok();
  const auto application = database.NumberOf("PRAGMA application_id");
  const auto version = database.NumberOf("PRAGMA user_version");
  return application.ok() && *application == kApplicationId && version.ok() &&
         *version == kVersion && IsWhole(database);
}

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
  if (database.ok() && IsOurs(**database)) return database;
  database = absl::UnknownError("closed");
  if (absl::Status aside = PutAside(path); !aside.ok()) return aside;
  database = SqliteDatabase::Open(path);
  if (database.ok() && !IsOurs(**database)) {
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

absl::StatusOr<HandleRow> ReadRow(const SqliteStatement& found) {
  const std::int64_t state = found.Number(1);
  if (state < 0 || state > static_cast<std::int64_t>(HandleState::kSpent)) {
    return MakeError(Reason::kHandleUnknown, "a row that cannot be read");
  }
  HandleRow row;
  row.version = static_cast<std::uint64_t>(found.Number(0));
  row.state = static_cast<HandleState>(state);
  row.sealed = found.Bytes(2);
  row.request_digest = found.Bytes(3);
  row.sealed_answer = found.Bytes(4);
  row.expires_at = absl::FromUnixNanos(found.Number(5));
  row.changed_at = absl::FromUnixNanos(found.Number(6));
  return row;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteHandles>> SqliteHandles::Open(const std::string& directory,
                                                                   int max_handles,
                                                                   const Clock& clock,
                                                                   Executor& resume) {
  const std::string path = absl::StrCat(directory, "/handles.db");
  auto database = OpenOrBegin(path);
  if (!database.ok()) return database.status();
  auto statements = Prepare(**database);
  const auto size = (*database)->NumberOf(kCount);
  if (!statements.ok() || !size.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": cannot be read"));
  }
  return std::unique_ptr<SqliteHandles>(
      new SqliteHandles(*std::move(database), *std::move(statements), static_cast<int>(*size),
                        max_handles, clock, resume));
}

absl::StatusOr<SqliteHandles::Statements> SqliteHandles::Prepare(SqliteDatabase& database) {
  auto insert = database.Prepare(
      "INSERT INTO handle (id, version, state, sealed, request_digest, sealed_answer, expires_at,"
      " changed_at) VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING");
  auto find = database.Prepare(
      "SELECT version, state, sealed, request_digest, sealed_answer, expires_at, changed_at"
      " FROM handle WHERE id = ?1");
  auto replace = database.Prepare(
      "UPDATE handle SET version = version + 1, state = ?2, sealed = ?3, request_digest = ?4,"
      " sealed_answer = ?5, expires_at = ?6, changed_at = ?7 WHERE id = ?1 AND version = ?8");
  auto drop_ended = database.Prepare("DELETE FROM handle WHERE expires_at <= ?1");
  for (const auto* statement : {&insert, &find, &replace, &drop_ended}) {
    if (!statement->ok()) return statement->status();
  }
  return Statements{*std::move(insert), *std::move(find), *std::move(replace),
                    *std::move(drop_ended)};
}

SqliteHandles::SqliteHandles(std::unique_ptr<SqliteDatabase> database, Statements statements,
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
  statements_.insert.Bind(1, id)
      .Bind(2, static_cast<std::int64_t>(row.state))
      .Bind(3, row.sealed)
      .Bind(4, row.request_digest)
      .Bind(5, row.sealed_answer)
      .Bind(6, absl::ToUnixNanos(row.expires_at))
      .Bind(7, absl::ToUnixNanos(row.changed_at));
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
  if (there.ok() && *there) row = ReadRow(statements_.find);
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
  statements_.replace.Bind(1, id)
      .Bind(2, static_cast<std::int64_t>(row.state))
      .Bind(3, row.sealed)
      .Bind(4, row.request_digest)
      .Bind(5, row.sealed_answer)
      .Bind(6, absl::ToUnixNanos(row.expires_at))
      .Bind(7, absl::ToUnixNanos(row.changed_at))
      .Bind(8, static_cast<std::int64_t>(expected_version));
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
