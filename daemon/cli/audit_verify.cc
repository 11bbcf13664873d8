#include <optional>

#include "absl/strings/str_cat.h"
#include "daemon/audit/anchored_heads.h"
#include "daemon/audit/chain_check.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/key_file.h"
#include "daemon/cli/lines.h"
#include "daemon/cli/record.h"
#include "daemon/cli/text.h"
#include "daemon/crypto/ed25519.h"

namespace behalf::cli {
namespace {

std::string Text(const LinePlace& place) { return absl::StrCat(place.file, ":", place.line); }

Json::Object Facts(const ChainReport& report) {
  Json::Object facts = {{"records", report.records}, {"from", report.first_time},
                        {"to", report.last_time},    {"debris", report.debris},
                        {"heads", report.heads},     {"unsigned", report.unsigned_records}};
  if (report.unchained > 0) facts.emplace_back("unchained", report.unchained);
  return facts;
}

Json FaultJson(const ChainFault& fault) {
  return Json::Object{{"file", fault.place.file},
                      {"line", fault.place.line},
                      {"what", fault.what},
                      {"expected", fault.expected}};
}

// With a key, something must be signed by it.
bool Holds(const ChainReport& report, bool keyed) {
  return !report.fault && report.records > 0 && (!keyed || report.heads > 0);
}

void PrintJson(const ChainReport& report, bool keyed, Console& console) {
  Json::Array begins;
  for (const ChainBegin& begin : report.begins) {
    begins.emplace_back(Json::Object{{"file", begin.place.file},
                                     {"line", begin.place.line},
                                     {"chain", begin.chain},
                                     {"number", begin.seq}});
  }
  Json::Object answer = {{"fits", Holds(report, keyed)}};
  for (auto& fact : Facts(report)) answer.push_back(std::move(fact));
  answer.emplace_back("begins", std::move(begins));
  answer.emplace_back("last_number", report.last_seq);
  answer.emplace_back("fault", report.fault ? FaultJson(*report.fault) : Json());
  PrintRecord(answer, console);
}

void PrintFault(const ChainFault& fault, Console& console) {
  console.out() << Printable(Text(fault.place)) << ": "
                << console.OnOut(Colour::kBad, Printable(fault.what)) << '\n';
  if (!fault.expected.empty()) console.out() << "expected " << Printable(fault.expected) << '\n';
}

// What the files cannot tell is said.
void PrintTable(const ChainReport& report, bool keyed, bool anchored, Console& console) {
  if (report.fault) return PrintFault(*report.fault, console);
  if (report.records == 0) {
    console.out() << "no line is in a chain\n";
    return;
  }
  PrintRecord(Facts(report), console);
  if (!Holds(report, keyed)) console.out() << "no line is signed by the key\n";
  for (const ChainBegin& begin : report.begins) {
    console.out() << Printable(Text(begin.place)) << ": chain " << begin.chain;
    if (begin.seq == 1) {
      console.out() << " begins\n";
    } else {
      console.out() << " goes on with record " << begin.seq
                    << ": those before it are in files that were not given\n";
    }
  }
  if (!keyed || report.unsigned_records > 0) {
    console.out() << "what record " << report.last_seq << " says the chain does not tell\n";
  }
  if (!anchored) console.out() << "whether others followed it, only an anchor tells\n";
}

// None where none is given.
absl::StatusOr<std::optional<Ed25519PublicKey>> KeyOf(const Arguments& arguments) {
  if (!arguments.Has("key")) return std::nullopt;
  auto key = ReadKeyFile(arguments.Value("key"));
  if (!key.ok()) return key.status();
  return *std::move(key);
}

// What is kept among the lines of others, as in a syslog.
absl::StatusOr<AnchoredHeads> AnchoredOf(const Arguments& arguments,
                                         const std::optional<Ed25519PublicKey>& key) {
  AnchoredHeads anchored;
  if (!arguments.Has("anchors")) return anchored;
  const std::string path = arguments.Value("anchors");
  bool any = false;
  absl::Status read = ReadLines(path, [&](const std::string& line, bool) {
    any = anchored.Add(line, key) || any;
    return true;
  });
  if (!read.ok()) return read;
  if (any) return anchored;
  return absl::FailedPreconditionError(
      absl::StrCat(path, " holds no head of a record", key ? " that the key signed" : ""));
}

}  // namespace

int VerifyAudit(const Arguments& arguments, Console& console) {
  auto key = KeyOf(arguments);
  if (!key.ok()) return console.Fail(key.status());
  auto anchored = AnchoredOf(arguments, *key);
  if (!anchored.ok()) return console.Fail(anchored.status());
  ChainCheck check(*key, *std::move(anchored));
  for (const std::string& file : arguments.operands) {
    check.BeginFile(file);
    const absl::Status read = ReadLines(file, [&check](const std::string& line, bool closed) {
      check.Look(line, closed);
      return true;
    });
    if (!read.ok()) return console.Fail(read);
  }
  const ChainReport report = std::move(check).Finish();
  if (console.format() == Format::kJson) {
    PrintJson(report, key->has_value(), console);
  } else {
    PrintTable(report, key->has_value(), arguments.Has("anchors"), console);
  }
  return Holds(report, key->has_value()) ? kOk : kNegative;
}

}  // namespace behalf::cli
