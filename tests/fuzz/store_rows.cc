// Rows as the state holds them, and what handles stand for once unsealed.
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "daemon/broker/grant.h"
#include "daemon/store/sqlite_rows.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/promise.h"

namespace behalf::fuzz {
namespace {

// A state whose changes are all undone, so that no input waits for the disk.
class Scratch {
 public:
  Scratch() {
    std::string folder = (std::filesystem::temp_directory_path() / "behalf-fuzz-XXXXXX").string();
    Promise(mkdtemp(folder.data()) != nullptr, "there is a folder");
    const std::string path = folder + "/state.db";
    database_ = *SqliteDatabase::Open(path);
    Promise(CheckState(path, *database_).ok(), "a new state is a state");
    Promise(CheckState(path, *database_).ok(), "and is one the next time");
    std::filesystem::remove_all(folder);
  }

  SqliteDatabase& Begin() {
    Promise(database_->Run("BEGIN").ok(), "a change begins");
    return *database_;
  }
  void Undo() { Promise(database_->Run("ROLLBACK").ok(), "a change is undone"); }

 private:
  std::unique_ptr<SqliteDatabase> database_;
};

// Undoes whatever was done, also where a promise ends the check early.
class Change {
 public:
  Change() : database(scratch().Begin()) {}
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;
  ~Change() { scratch().Undo(); }

  SqliteDatabase& database;

 private:
  static Scratch& scratch() {
    static auto* const scratch = new Scratch();
    return *scratch;
  }
};

// What is read of a row is what is written for it.
void CheckRow(Choices choices) {
  const Change change;
  auto insert = *change.database.Prepare("INSERT INTO revocation VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const auto number = [&] { return static_cast<std::int64_t>(choices.Number()); };
  insert.Bind(1, number()).Bind(2, number()).Bind(7, number()).Bind(8, number());
  insert.Bind(4, choices.View()).Bind(5, choices.View()).Bind(6, choices.View());
  insert.Bind(3, choices.Rest());
  Promise(insert.Run().ok(), "a row is written");
  const auto stored = ReadRevocations(change.database);
  if (!stored.ok()) return;
  Promise(stored->all.size() == 1, "one row is one revocation");
  const Revocation& read = stored->all.front();
  Promise(DeleteRevocations(change.database, {read.revision}).ok(), "a row is taken out");
  Promise(ReadRevocations(change.database)->all.empty(), "a row that was taken out is gone");
  Promise(InsertRevocation(change.database, read, read.revision).ok(), "it is put back");
  const auto again = ReadRevocations(change.database);
  Promise(again.ok() && again->all == stored->all, "what is read is written the same");
}

// A revocation is read as it was made; times to the microsecond.
void CheckRevocation(Choices choices) {
  const Change change;
  Revocation made;
  made.revision = choices.Number();
  made.kind = static_cast<RevocationKind>(1 + choices.Below(7));
  made.said = choices.Text();
  made.reason = choices.Text();
  made.by = choices.Text();
  made.at = absl::FromUnixMicros(static_cast<std::int64_t>(choices.Number()));
  if (choices.Flag()) {
    made.until = absl::FromUnixMicros(static_cast<std::int64_t>(choices.Number()));
  }
  made.targets = choices.Texts();
  Promise(InsertRevocation(change.database, made, made.revision).ok(), "a revocation is written");
  const auto stored = ReadRevocations(change.database);
  Promise(stored.ok() && stored->all.size() == 1, "what is written is read");
  const Revocation& read = stored->all.front();
  // The last microsecond that SQLite can hold stands for no end.
  if (absl::ToUnixMicros(made.until) == INT64_MAX) made.until = read.until;
  if (absl::ToUnixMicros(made.at) == INT64_MAX) made.at = read.at;
  Promise(read == made, "what is read is what was written");
}

void CheckGrant(std::string_view bytes) {
  const auto grant = DecodeGrant(bytes);
  if (grant) Promise(EncodeGrant(*grant).Reveal() == bytes, "a grant has one form");
}

void CheckToken(std::string_view bytes) {
  const auto token = DecodeToken(bytes);
  if (token) Promise(EncodeToken(*token).Reveal() == bytes, "a token has one form");
}

void CheckMadeGrant(Choices choices) {
  Grant made;
  made.agent = choices.Text();
  made.agent_id = choices.Text();
  made.tool = choices.Text();
  made.api = choices.Text();
  made.access = choices.Flag() ? Access::kApplication : Access::kDelegated;
  made.creator.socket = choices.Text();
  made.creator.uid = static_cast<uid_t>(choices.Number());
  made.creator.gid = static_cast<gid_t>(choices.Number());
  made.creator.pid = static_cast<pid_t>(choices.Number());
  for (int left = choices.Below(9); left > 0; --left) {
    made.creator.groups.push_back(static_cast<gid_t>(choices.Number()));
  }
  made.declared.purpose = choices.Text();
  made.subject_token = SecretString(choices.View());
  made.scopes = choices.Texts();
  const SecretString bytes = EncodeGrant(made);
  const auto read = DecodeGrant(bytes.Reveal());
  Promise(read.has_value(), "a grant that was made is read");
  Promise(EncodeGrant(*read).Reveal() == bytes.Reveal(), "a grant is read as it was made");
  const bool same = read->creator.uid == made.creator.uid &&
                    read->creator.pid == made.creator.pid &&
                    read->creator.groups == made.creator.groups && read->scopes == made.scopes &&
                    read->access == made.access && read->agent == made.agent;
  Promise(same, "a grant says what was said");
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf::fuzz;
  Choices choices(TextOf(data, size));
  switch (choices.Byte()) {
    case 'r':
      CheckRow(choices);
      break;
    case 'm':
      CheckRevocation(choices);
      break;
    case 'g':
      CheckGrant(choices.Rest());
      break;
    case 't':
      CheckToken(choices.Rest());
      break;
    case 'w':
      CheckMadeGrant(choices);
      break;
    default:
      break;
  }
  return 0;
}
