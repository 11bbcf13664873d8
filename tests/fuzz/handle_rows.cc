// Handles as the stores hold them, and what a fleet keeps in etcd besides.
#include <memory>
#include <string>

#include "daemon/base/error.h"
#include "daemon/crypto/seal.h"
#include "daemon/store/etcd/etcd_rows.h"
#include "daemon/store/sqlite_handle_rows.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/promise.h"
#include "tests/fuzz/scratch_database.h"

namespace behalf::fuzz {
namespace {

constexpr char kId[] = "an id";

ScratchDatabase& Scratch() {
  static auto* const scratch = new ScratchDatabase(
      [](const std::string&, SqliteDatabase& database) { return HoldsHandles(database); });
  return *scratch;
}

// Prepared once, as the daemon does.
HandleStatements& Statements() {
  static auto* const statements =
      new HandleStatements(*HandleStatements::Prepare(Scratch().database()));
  return *statements;
}

bool Same(const HandleRow& one, const HandleRow& other) {
  return one.sealed == other.sealed && one.state == other.state &&
         one.request_digest == other.request_digest && one.sealed_answer == other.sealed_answer &&
         one.expires_at == other.expires_at && one.changed_at == other.changed_at;
}

HandleRow RowFrom(Choices& choices) {
  HandleRow row;
  row.state = static_cast<HandleState>(choices.Below(3));
  row.expires_at = absl::FromUnixNanos(static_cast<std::int64_t>(choices.Number()));
  row.changed_at = absl::FromUnixNanos(static_cast<std::int64_t>(choices.Number()));
  row.sealed = choices.Text();
  row.request_digest = choices.Text();
  row.sealed_answer = choices.Rest();
  return row;
}

void Change(SqliteStatement& statement, const HandleRow& row) {
  Promise(BindHandle(statement, kId, row).Run().ok(), "a row is written");
  statement.Reset();
}

absl::StatusOr<HandleRow> Find() {
  SqliteStatement& find = Statements().find;
  const auto there = find.Bind(1, kId).Step();
  Promise(there.ok() && *there, "what was written is found");
  auto row = ReadHandle(find);
  find.Reset();
  return row;
}

// Whatever numbers and bytes stand in the table.
void CheckStored(Choices choices) {
  static auto* const insert = new SqliteStatement(
      *Scratch().database().Prepare("INSERT INTO handle VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  const ScratchDatabase::Change change(Scratch());
  const auto number = [&] { return static_cast<std::int64_t>(choices.Number()); };
  const std::int64_t state = number();
  insert->Bind(1, kId).Bind(2, number()).Bind(3, state).Bind(7, number()).Bind(8, number());
  insert->Bind(4, choices.View()).Bind(5, choices.View()).Bind(6, choices.Rest());
  Promise(insert->Run().ok(), "a row is written");
  insert->Reset();
  const auto row = Find();
  Promise(row.ok() == (state >= 0 && state <= 2), "a state that there is not is no row");
  if (!row.ok() || row->version == INT64_MAX) return;  // no version follows it
  Statements().replace.Bind(8, static_cast<std::int64_t>(row->version));
  Change(Statements().replace, *row);
  const auto again = Find();
  Promise(again.ok() && Same(*again, *row), "what is read is written the same");
  Promise(again->version == row->version + 1, "a change has the next version");
}

// Only who knows the version changes a row, and an id is taken once.
void CheckMade(Choices choices) {
  const ScratchDatabase::Change change(Scratch());
  const HandleRow made = RowFrom(choices);
  Change(Statements().insert, made);
  HandleRow other = made;
  other.state = HandleState::kSpent;
  other.sealed += "other";
  Change(Statements().insert, other);
  Statements().replace.Bind(8, std::int64_t{2});
  Change(Statements().replace, other);
  const auto row = Find();
  Promise(row.ok() && Same(*row, made) && row->version == 1, "what is read is what was written");
}

void CheckMadeForEtcd(Choices choices) {
  const HandleRow made = RowFrom(choices);
  const auto read = DecodeHandle(EncodeHandle(made), 7);
  Promise(read && Same(*read, made) && read->version == 7, "what is read is what was written");
}

// Any bytes in etcd; what is read of them is written as something that reads
// the same.
void CheckValues(std::string_view view) {
  const std::string bytes(view);
  if (const auto row = DecodeHandle(bytes, 1)) {
    Promise(row->state <= HandleState::kSpent, "a state is one that there is");
    const auto again = DecodeHandle(EncodeHandle(*row), 1);
    Promise(again && Same(*again, *row), "a handle is read as it is written");
  }
  if (const auto revocation = DecodeRevocation(bytes, 3)) {
    Promise(revocation->revision == 3, "the key says which it is");
    Promise(revocation->kind >= RevocationKind::kAll && revocation->kind <= RevocationKind::kToken,
            "a kind is one that there is");
    const auto again = DecodeRevocation(EncodeRevocation(*revocation), 3);
    Promise(again == revocation, "a revocation is read as it is written");
  }
  if (const auto head = DecodeHead(bytes)) {
    Promise(DecodeHead(EncodeHead(*head)) == head, "a head is read as it is written");
  }
}

void CheckKeys(std::string_view rest) {
  static const EtcdKeys keys("fleet/");
  const std::string key = keys.Revocations() + std::string(rest);
  const auto revision = keys.RevisionOf(key);
  if (revision) Promise(keys.Revocation(*revision) == key, "a revision has one key");
  Promise(!keys.RevisionOf(rest) || rest.starts_with("fleet/"), "another fleet's are others");
  Promise(keys.Handle(rest).starts_with(keys.Handles()), "an id stays in its place");
}

// What was sealed opens as it is, and nothing else does.
void CheckSealed(Choices choices) {
  static const std::string key(32, 'k');
  static const std::string sealed = *Seal(key, "what it stands for", "id");
  const bool shorter = choices.Flag();
  std::string changed = sealed;
  const std::string_view mask = choices.View();
  for (std::size_t i = 0; i < std::min(mask.size(), changed.size()); ++i) {
    changed[i] = static_cast<char>(changed[i] ^ mask[i]);
  }
  if (shorter) changed.resize(std::min<std::size_t>(changed.size(), choices.Byte()));
  const std::string associated = "id" + choices.Text();
  const auto opened = Unseal(key, changed, associated);
  Promise(opened.ok() == (changed == sealed && associated == "id"), "nothing else opens");
  Promise(!opened.ok() || opened->Reveal() == "what it stands for", "it is what was sealed");
  const std::string_view rest = choices.Rest();
  Promise(Unseal(key, rest, "id").ok() == (rest == sealed), "no other bytes open");
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf::fuzz;
  Choices choices(TextOf(data, size));
  switch (choices.Byte()) {
    case 's':
      CheckStored(choices);
      break;
    case 'm':
      CheckMade(choices);
      break;
    case 'e':
      CheckMadeForEtcd(choices);
      break;
    case 'v':
      CheckValues(choices.Rest());
      break;
    case 'k':
      CheckKeys(choices.Rest());
      break;
    case 'x':
      CheckSealed(choices);
      break;
    default:
      break;
  }
  return 0;
}
