// What the tables of a state hold.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/store/revocation.h"
#include "daemon/store/sqlite.h"

namespace behalf {

// Makes the tables of an empty database. Refuses one that is damaged, is no
// state of behalf, or is of a newer format, by a plain FailedPrecondition whose
// message is for an operator and begins with `path`.
absl::Status CheckState(const std::string& path, SqliteDatabase& database);

absl::StatusOr<StoredRevocations> ReadRevocations(SqliteDatabase& database);
absl::Status InsertRevocation(SqliteDatabase& database, const Revocation& revocation,
                              std::uint64_t revision);
absl::Status DeleteRevocations(SqliteDatabase& database,
                               const std::vector<std::uint64_t>& revisions);

}  // namespace behalf
