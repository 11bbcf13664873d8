#include "daemon/store/sqlite_handle_rows.h"

#include <utility>

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

}  // namespace

bool HoldsHandles(SqliteDatabase& database) {
  const auto tables = database.NumberOf("SELECT count(*) FROM sqlite_schema");
  if (tables.ok() && *tables == 0) return database.Run(kSchema).ok();
  const auto application = database.NumberOf("PRAGMA application_id");
  const auto version = database.NumberOf("PRAGMA user_version");
  return application.ok() && *application == kApplicationId && version.ok() &&
         *version == kVersion && IsWhole(database);
}

absl::StatusOr<HandleStatements> HandleStatements::Prepare(SqliteDatabase& database) {
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
  return HandleStatements{*std::move(insert), *std::move(find), *std::move(replace),
                          *std::move(drop_ended)};
}

SqliteStatement& BindHandle(SqliteStatement& statement, const std::string& id,
                            const HandleRow& row) {
  return statement.Bind(1, id)
      .Bind(2, static_cast<std::int64_t>(row.state))
      .Bind(3, row.sealed)
      .Bind(4, row.request_digest)
      .Bind(5, row.sealed_answer)
      .Bind(6, absl::ToUnixNanos(row.expires_at))
      .Bind(7, absl::ToUnixNanos(row.changed_at));
}

absl::StatusOr<HandleRow> ReadHandle(const SqliteStatement& found) {
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

}  // namespace behalf
