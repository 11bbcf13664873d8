// A database whose changes are all undone, so that no input waits for the disk.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "daemon/store/sqlite.h"
#include "tests/fuzz/promise.h"

namespace behalf::fuzz {

class ScratchDatabase {
 public:
  // `make`: the tables; true when they are there.
  explicit ScratchDatabase(
      const std::function<bool(const std::string& path, SqliteDatabase& database)>& make) {
    std::string folder = (std::filesystem::temp_directory_path() / "behalf-fuzz-XXXXXX").string();
    Promise(mkdtemp(folder.data()) != nullptr, "there is a folder");
    const std::string path = folder + "/scratch.db";
    database_ = *SqliteDatabase::Open(path);
    Promise(make(path, *database_), "a new database is one");
    Promise(make(path, *database_), "and is one the next time");
    std::filesystem::remove_all(folder);
  }

  SqliteDatabase& database() { return *database_; }

  // Undoes whatever was done, also where a promise ends the check early.
  class Change {
   public:
    explicit Change(ScratchDatabase& scratch) : database_(scratch.database()) {
      Promise(database_.Run("BEGIN").ok(), "a change begins");
    }
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;
    ~Change() { Promise(database_.Run("ROLLBACK").ok(), "a change is undone"); }

   private:
    SqliteDatabase& database_;
  };

 private:
  std::unique_ptr<SqliteDatabase> database_;
};

}  // namespace behalf::fuzz
