// What the table of handles holds.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/store/handle_store.h"
#include "daemon/store/sqlite.h"

namespace behalf {

// Makes the table of an empty database. False for one that is damaged, holds
// something else, or is of another format.
bool HoldsHandles(SqliteDatabase& database);

// To be run again and again, within the life of their database.
struct HandleStatements {
  static absl::StatusOr<HandleStatements> Prepare(SqliteDatabase& database);

  SqliteStatement insert;      // of an id that is taken it changes no row
  SqliteStatement find;        // by the id; its row is for ReadHandle
  SqliteStatement replace;     // of another version it changes no row
  SqliteStatement drop_ended;  // up to a time
};

// The parameters of `insert` and `replace` but for the version.
SqliteStatement& BindHandle(SqliteStatement& statement, const std::string& id,
                            const HandleRow& row);

// The row that `find` stands at. kHandleUnknown where it cannot be one.
absl::StatusOr<HandleRow> ReadHandle(const SqliteStatement& found);

}  // namespace behalf
