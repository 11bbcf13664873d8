#include "daemon/store/state_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/sqlite_rows.h"

namespace behalf {
namespace {

absl::Status Failed(const std::string& path) {
  return StateRefused(path, ::strerrordesc_np(errno));
}

std::string StateFile(const std::string& directory) { return absl::StrCat(directory, "/state.db"); }

absl::Status Fill(SqliteDatabase& database, const StoredRevocations& revocations) {
  absl::Status done = database.Run("BEGIN IMMEDIATE");
  for (const Revocation& one : revocations.all) {
    if (done.ok()) done = InsertRevocation(database, one, one.revision);
  }
  const std::string revision =
      absl::StrCat("UPDATE state SET revision = ", revocations.revision, "; COMMIT");
  if (done.ok()) done = database.Run(revision.c_str());
  // All of it goes into the one file that is renamed.
  if (done.ok()) done = database.Run("PRAGMA journal_mode = DELETE");
  return done;
}

absl::Status MakeState(const std::string& path, const StoredRevocations& revocations) {
  ::unlink(path.c_str());
  auto database = SqliteDatabase::Open(path);
  if (!database.ok()) return database.status();
  if (absl::Status made = CheckState(path, **database); !made.ok()) return made;
  const absl::Status filled = Fill(**database, revocations);
  return filled.ok() ? filled : StateRefused(path, "cannot be written; is the disk full?");
}

absl::Status Rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return Failed(from);
}

absl::Status Sync(const std::string& directory) {
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.valid() && ::fsync(opened.get()) == 0 ? absl::OkStatus() : Failed(directory);
}

}  // namespace

absl::StatusOr<Descriptor> LockState(const std::string& directory) {
  const std::string path = absl::StrCat(directory, "/state.lock");
  Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!lock.valid()) return Failed(path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  return StateRefused(directory, "another process uses this state; does a behalfd run?");
}

absl::Status BackUpState(const std::string& directory, const std::string& file) {
  const std::string path = StateFile(directory);
  if (::access(path.c_str(), F_OK) != 0) return Failed(path);
  if (::access(file.c_str(), F_OK) == 0)
    return StateRefused(file, "exists already; name a new file");
  auto database = SqliteDatabase::Open(path);
  if (!database.ok()) return database.status();
  if (absl::Status checked = CheckState(path, **database); !checked.ok()) return checked;
  auto copy = (*database)->Prepare("VACUUM INTO ?");
  if (!copy.ok()) return copy.status();
  // Nobody but the owner may read it, from the first byte.
  const mode_t before = ::umask(0077);
  const absl::Status copied = copy->BindText(1, file).Run();
  ::umask(before);
  return copied.ok() ? copied : StateRefused(file, "cannot be written");
}

absl::StatusOr<StoredRevocations> ReadBackup(const std::string& file) {
  if (::access(file.c_str(), R_OK) != 0) return Failed(file);
  auto database = SqliteDatabase::Open(file);
  if (!database.ok()) return database.status();
  if (absl::Status checked = CheckState(file, **database); !checked.ok()) return checked;
  return ReadRevocations(**database);
}

// Of the steps any may be the last: what is left is then older than the
// record, or not there, and the daemon refuses it.
absl::Status ReplaceState(const std::string& directory, const StoredRevocations& revocations) {
  const auto lock = LockState(directory);
  if (!lock.ok()) return lock.status();
  const std::string path = StateFile(directory), made = absl::StrCat(path, ".new");
  absl::Status done = MakeState(made, revocations);
  for (const char* part : {"-wal", "-shm", ""}) {  // the log first: no other file may meet it
    if (done.ok()) done = Rename(absl::StrCat(path, part), absl::StrCat(path, ".replaced", part));
  }
  if (done.ok()) done = Rename(made, path);
  if (done.ok()) done = Sync(directory);
  return done;
}

}  // namespace behalf
