#include "daemon/store/sqlite_rows.h"

#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/base/length_prefixed.h"

namespace behalf {
namespace {

constexpr std::int64_t kApplicationId = 0x62686c66;  // "bhlf"
constexpr std::int64_t kVersion = 1;
constexpr char kSchema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE state (revision INTEGER NOT NULL) STRICT;"
    "INSERT INTO state VALUES (0);"
    "CREATE TABLE revocation ("
    "  revision INTEGER PRIMARY KEY, kind INTEGER NOT NULL, targets BLOB NOT NULL,"
    "  said BLOB NOT NULL, reason BLOB NOT NULL, by BLOB NOT NULL, at INTEGER NOT NULL, until "
    "INTEGER NOT NULL"
    ") STRICT;"
    "PRAGMA application_id = 0x62686c66;"
    "PRAGMA user_version = 1;"
    "COMMIT;";

std::string Joined(const std::vector<std::string>& parts) {
  std::string joined;
  for (const std::string& part : parts) AppendPart(joined, part);
  return joined;
}

std::optional<std::vector<std::string>> Split(std::string_view joined) {
  std::vector<std::string> parts;
  while (!joined.empty()) {
    std::string_view part;
    if (!NextPart(joined, part)) return std::nullopt;
    parts.emplace_back(part);
  }
  return parts;
}

// The furthest times stand for themselves: SQLite's numbers have no infinity.
std::int64_t ToNumber(absl::Time time) {
  return time == absl::InfiniteFuture() ? INT64_MAX : absl::ToUnixMicros(time);
}
absl::Time ToTime(std::int64_t number) {
  return number == INT64_MAX ? absl::InfiniteFuture() : absl::FromUnixMicros(number);
}

std::optional<Revocation> ReadRow(const SqliteStatement& row) {
  const std::int64_t kind = row.Number(1);
  auto targets = Split(row.Bytes(2));
  const bool known = kind >= static_cast<std::int64_t>(RevocationKind::kAll) &&
                     kind <= static_cast<std::int64_t>(RevocationKind::kToken);
  if (!known || !targets) return std::nullopt;
  return Revocation{.revision = static_cast<std::uint64_t>(row.Number(0)),
                    .kind = static_cast<RevocationKind>(kind),
                    .targets = *std::move(targets),
                    .said = row.Bytes(3),
                    .reason = row.Bytes(4),
                    .by = row.Bytes(5),
                    .at = ToTime(row.Number(6)),
                    .until = ToTime(row.Number(7))};
}

}  // namespace

absl::Status CheckState(const std::string& path, SqliteDatabase& database) {
  const auto application = database.NumberOf("PRAGMA application_id");
  const auto version = database.NumberOf("PRAGMA user_version");
  const auto tables = database.NumberOf("SELECT count(*) FROM sqlite_schema");
  if (!application.ok() || !version.ok() || !tables.ok() || !IsWhole(database)) {
    return StateRefused(path, "is damaged");
  }
  if (*application == 0 && *version == 0 && *tables == 0) return database.Run(kSchema);
  if (*application != kApplicationId) return StateRefused(path, "is not a state of behalf");
  if (*version > kVersion) {
    return StateRefused(path, absl::StrCat("is of format ", *version, ", and this behalfd knows ",
                                           kVersion, ": run the newer one"));
  }
  return absl::OkStatus();
}

absl::StatusOr<StoredRevocations> ReadRevocations(SqliteDatabase& database) {
  StoredRevocations stored;
  const auto revision = database.NumberOf("SELECT revision FROM state");
  if (!revision.ok()) return revision.status();
  stored.revision = static_cast<std::uint64_t>(*revision);
  auto rows = database.Prepare("SELECT * FROM revocation ORDER BY revision");
  if (!rows.ok()) return rows.status();
  while (true) {
    const auto row = rows->Step();
    if (!row.ok()) return row.status();
    if (!*row) return stored;
    auto revocation = ReadRow(*rows);
    if (!revocation) {
      return MakeError(ErrorDetail{.reason = Reason::kStoreUnavailable,
                                   .metadata = {{"problem", "a revocation cannot be read"}}});
    }
    stored.all.push_back(*std::move(revocation));
  }
}

absl::Status InsertRevocation(SqliteDatabase& database, const Revocation& revocation,
                              std::uint64_t revision) {
  auto insert = database.Prepare("INSERT INTO revocation VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert.ok()) return insert.status();
  return insert->Bind(1, static_cast<std::int64_t>(revision))
      .Bind(2, static_cast<std::int64_t>(revocation.kind))
      .Bind(3, Joined(revocation.targets))
      .Bind(4, revocation.said)
      .Bind(5, revocation.reason)
      .Bind(6, revocation.by)
      .Bind(7, ToNumber(revocation.at))
      .Bind(8, ToNumber(revocation.until))
      .Run();
}

absl::Status DeleteRevocations(SqliteDatabase& database,
                               const std::vector<std::uint64_t>& revisions) {
  for (const std::uint64_t revision : revisions) {
    auto remove = database.Prepare("DELETE FROM revocation WHERE revision = ?");
    if (!remove.ok()) return remove.status();
    const absl::Status done = remove->Bind(1, static_cast<std::int64_t>(revision)).Run();
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

}  // namespace behalf
