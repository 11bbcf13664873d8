// SQLite (https://sqlite.org/c3ref), one database and its statements.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace behalf {

// One statement, to be run once or, after Reset, again. Not thread-safe;
// within the life of its database. Parameters count from 1, columns from 0.
class SqliteStatement {
 public:
  SqliteStatement& Bind(int parameter, std::int64_t value);
  SqliteStatement& Bind(int parameter, std::string_view bytes);     // copied; as a blob
  SqliteStatement& BindText(int parameter, std::string_view text);  // copied; UTF-8

  // True: a row is there; false: the end. kStoreUnavailable.
  absl::StatusOr<bool> Step();
  // To the end, whatever the rows.
  absl::Status Run();
  // Ready to be run again; parameters stay bound.
  void Reset() { sqlite3_reset(statement_.get()); }

  std::int64_t Number(int column) const;
  std::string Bytes(int column) const;

 private:
  friend class SqliteDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Not thread-safe. A commit is on disk when it returns (WAL, synchronous FULL).
class SqliteDatabase {
 public:
  // Made when absent, readable by the owner only. Fails with a plain
  // FailedPrecondition whose message is for an operator.
  static absl::StatusOr<std::unique_ptr<SqliteDatabase>> Open(const std::string& path);

  // kStoreUnavailable, with SQLite's words.
  absl::Status Run(const char* sql);
  absl::StatusOr<SqliteStatement> Prepare(const char* sql);
  // The one number that the statement gives.
  absl::StatusOr<std::int64_t> NumberOf(const char* sql);

  // Between BEGIN and its end, which some failures bring about by themselves.
  bool InTransaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }
  // Rows that the last statement changed.
  int Changed() const { return sqlite3_changes(database_.get()); }

  // Whether the last failure was for want of room on the disk.
  bool DiskIsFull() const { return sqlite3_errcode(database_.get()) == SQLITE_FULL; }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  explicit SqliteDatabase(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

// Whether SQLite finds no damage in it.
bool IsWhole(SqliteDatabase& database);

// For operators: a plain FailedPrecondition, "PATH: why".
absl::Status StateRefused(std::string_view path, std::string_view why);

}  // namespace behalf
