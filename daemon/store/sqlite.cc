#include "daemon/store/sqlite.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "daemon/base/descriptor.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

absl::Status Unavailable(sqlite3* database) {
  return MakeError(ErrorDetail{.reason = Reason::kStoreUnavailable,
                               .metadata = {{"problem", sqlite3_errmsg(database)}}});
}

// So that SQLite never makes the file with the mode of the umask.
absl::Status MakeFile(const std::string& path) {
  const Descriptor file(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600));
  struct stat facts = {};
  if (!file.valid() || ::fstat(file.get(), &facts) != 0) {
    return StateRefused(path, "cannot be opened");
  }
  if (!S_ISREG(facts.st_mode) || facts.st_uid != ::geteuid() || (facts.st_mode & 0077) != 0) {
    return StateRefused(path, "must be a file of the daemon's user that nobody else has access to");
  }
  return absl::OkStatus();
}

constexpr char kSettings[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;";

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteDatabase>> SqliteDatabase::Open(const std::string& path) {
  if (absl::Status made = MakeFile(path); !made.ok()) return made;
  sqlite3* raw = nullptr;
  const int opened =
      sqlite3_open_v2(path.c_str(), &raw,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(raw));
  if (opened != SQLITE_OK) return StateRefused(path, sqlite3_errstr(opened));
  sqlite3_busy_timeout(raw, 1000);
  if (!database->Run(kSettings).ok()) {
    return StateRefused(path, absl::StrCat("is damaged: ", sqlite3_errmsg(raw)));
  }
  return database;
}

absl::Status SqliteDatabase::Run(const char* sql) {
  const int result = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  return result == SQLITE_OK ? absl::OkStatus() : Unavailable(database_.get());
}

absl::StatusOr<SqliteStatement> SqliteDatabase::Prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr);
  if (result != SQLITE_OK) return Unavailable(database_.get());
  return SqliteStatement(statement);
}

absl::StatusOr<std::int64_t> SqliteDatabase::NumberOf(const char* sql) {
  auto statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  const auto row = statement->Step();
  if (!row.ok()) return row.status();
  return *row ? statement->Number(0) : 0;
}

SqliteStatement& SqliteStatement::Bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int parameter, std::string_view bytes) {
  sqlite3_bind_blob64(statement_.get(), parameter, bytes.data() == nullptr ? "" : bytes.data(),
                      bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

SqliteStatement& SqliteStatement::BindText(int parameter, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
  return *this;
}

absl::StatusOr<bool> SqliteStatement::Step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return Unavailable(sqlite3_db_handle(statement_.get()));
}

absl::Status SqliteStatement::Run() {
  while (true) {
    const auto row = Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
  }
}

std::int64_t SqliteStatement::Number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string SqliteStatement::Bytes(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

bool IsWhole(SqliteDatabase& database) {
  auto check = database.Prepare("PRAGMA integrity_check(1)");
  if (!check.ok()) return false;
  const auto row = check->Step();
  return row.ok() && *row && check->Bytes(0) == "ok";
}

absl::Status StateRefused(std::string_view path, std::string_view why) {
  const auto view = [](std::string_view text) {
    return absl::string_view(text.data(), text.size());
  };
  return absl::FailedPreconditionError(absl::StrCat(view(path), ": ", view(why)));
}

}  // namespace behalf
