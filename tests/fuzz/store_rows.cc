// Rows as the state holds them, and what handles stand for once unsealed.
#include <memory>
#include <string>

#include "daemon/broker/grant.h"
#include "daemon/store/sqlite_rows.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/promise.h"
#include "tests/fuzz/scratch_database.h"

namespace behalf::fuzz {
namespace {

ScratchDatabase& Scratch() {
  static auto* const scratch =
      new ScratchDatabase([](const std::string& path, SqliteDatabase& database) {
        return CheckState(path, database).ok();
      });
  return *scratch;
}

// What is read of a row is what is written for it.
void CheckRow(Choices choices) {
  const ScratchDatabase::Change change(Scratch());
  SqliteDatabase& database = Scratch().database();
  auto insert = *database.Prepare("INSERT INTO revocation VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const auto number = [&] { return static_cast<std::int64_t>(choices.Number()); };
  insert.Bind(1, number()).Bind(2, number()).Bind(7, number()).Bind(8, number());
  insert.Bind(4, choices.View()).Bind(5, choices.View()).Bind(6, choices.View());
  insert.Bind(3, choices.Rest());
  Promise(insert.Run().ok(), "a row is written");
  const auto stored = ReadRevocations(database);
  if (!stored.ok()) return;
  Promise(stored->all.size() == 1, "one row is one revocation");
  const Revocation& read = stored->all.front();
  Promise(DeleteRevocations(database, {read.revision}).ok(), "a row is taken out");
  Promise(ReadRevocations(database)->all.empty(), "a row that was taken out is gone");
  Promise(InsertRevocation(database, read, read.revision).ok(), "it is put back");
  const auto again = ReadRevocations(database);
  Promise(again.ok() && again->all == stored->all, "what is read is written the same");
}

// A revocation is read as it was made; times to the microsecond.
void CheckRevocation(Choices choices) {
  const ScratchDatabase::Change change(Scratch());
  SqliteDatabase& database = Scratch().database();
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
  Promise(InsertRevocation(database, made, made.revision).ok(), "a revocation is written");
  const auto stored = ReadRevocations(database);
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
