#include "daemon/audit/chain_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "daemon/audit/audit_log.h"
#include "tests/daemon/audit/audit_file.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

using testing::HasSubstr;
using Lines = std::vector<std::string>;

constexpr std::size_t kLines = 10'000;
constexpr std::size_t kAhead = 8;  // as many lines tell what is wrong, if anything does

AuditRecord Numbered(std::size_t number) {
  return {.time = absl::FromUnixSeconds(1'750'000'000) + absl::Seconds(number),
          .event = AuditEvent::kTokenIssued,
          .decision_id = "d-" + std::to_string(number),
          .caller = {.socket = "agents", .uid = 1001},
          .detail = "a \"quoted\" }{ detail"};
}

ChainReport Check(const std::vector<Lines>& files, bool closed = true) {
  ChainCheck check;
  for (std::size_t file = 0; file < files.size(); ++file) {
    check.BeginFile(std::to_string(file));
    for (const std::string& line : files[file]) {
      check.Look(line, closed || &line != &files[file].back());
    }
  }
  return std::move(check).Finish();
}

// Ten thousand lines, written once by the daemon's own log, and how far the
// check is before each.
struct Log {
  Log() {
    const AuditFile file;
    const auto log = AuditLog::Open(file.path());
    for (std::size_t i = 0; i < kLines; ++i) EXPECT_THAT((*log)->Append(Numbered(i)), IsOk());
    lines = file.Lines();
    ChainCheck check;
    check.BeginFile("0");
    for (const std::string& line : lines) {
      before.push_back(check);
      check.Look(line, true);
    }
  }
  Lines lines;
  std::vector<ChainCheck> before;
};

const Log& Written() {
  static const Log log;
  return log;
}

// What is found when `there` stands in place of `count` lines from `at`, from 0.
ChainReport Changed(std::size_t at, std::size_t count, const Lines& there) {
  ChainCheck check = Written().before[at];
  for (const std::string& line : there) check.Look(line, true);
  const std::size_t end = std::min(kLines, at + count + kAhead);
  for (std::size_t i = at + count; i < end; ++i) check.Look(Written().lines[i], true);
  return std::move(check).Finish();
}

// As a reader sees them: at each newline a line ends.
Lines Split(const std::string& text) {
  Lines split;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    split.push_back(text.substr(begin, end - begin));
  }
  split.push_back(text.substr(begin));
  return split;
}

void ExpectFault(const ChainReport& report, std::size_t first, std::size_t last) {
  ASSERT_TRUE(report.fault) << "line " << first + 1;
  const std::uint64_t found = report.fault->place.line;
  EXPECT_TRUE(found >= first + 1 && found <= last + 1)
      << "line " << first + 1 << ", found " << found << " " << report.fault->what;
}
void ExpectFault(const ChainReport& report, std::size_t line) { ExpectFault(report, line, line); }

class ChainCheckTest : public testing::Test {
 protected:
  std::size_t Below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(chance_);
  }
  static Lines FirstThree() { return {Written().lines.begin(), Written().lines.begin() + 3}; }

  std::mt19937_64 chance_{20261122};
};

TEST_F(ChainCheckTest, WhatTheDaemonWroteFits) {
  const ChainReport report = Check({Written().lines});
  EXPECT_FALSE(report.fault) << report.fault->place.line << report.fault->what;
  EXPECT_EQ(report.records, kLines);
  EXPECT_EQ(report.last_seq, kLines);
  EXPECT_EQ(report.debris, 0U);
  ASSERT_EQ(report.begins.size(), 1U);
  EXPECT_EQ(report.begins.front().seq, 1U);
  EXPECT_EQ(report.first_time, "2025-06-15T15:06:40.000000Z");
}

// Ten bytes of each line, whatever they become. Of the last line nothing
// stands behind.
TEST_F(ChainCheckTest, AnyByteThatIsChangedIsFound) {
  for (std::size_t at = 0; at + 1 < kLines; ++at) {
    for (int trial = 0; trial < 10; ++trial) {
      std::string line = Written().lines[at];
      char& byte = line[Below(line.size())];
      const char to = static_cast<char>(Below(256));
      if (byte == to) continue;
      byte = to;
      ExpectFault(Changed(at, 1, Split(line)), at, to == '\n' ? at + 1 : at);
    }
  }
}

TEST_F(ChainCheckTest, EveryByteOfALineIsCovered) {
  for (const std::size_t at : {std::size_t{0}, kLines / 2, kLines - 2}) {
    for (std::size_t i = 0; i < Written().lines[at].size(); ++i) {
      std::string line = Written().lines[at];
      line[i] = line[i] == '7' ? '8' : '7';
      ExpectFault(Changed(at, 1, {line}), at);
      line.erase(i, 1);
      ExpectFault(Changed(at, 1, {line}), at);
      line.insert(i, "xy");
      ExpectFault(Changed(at, 1, {line}), at);
    }
  }
}

// The last line's link only.
TEST_F(ChainCheckTest, TheEndOfTheFileIsKnownAsFarAsItsLink) {
  const std::string& last = Written().lines.back();
  for (std::size_t from_end = 1; from_end <= 100; ++from_end) {
    std::string line = last;
    char& byte = line[line.size() - from_end];
    byte = byte == '7' ? '8' : '7';
    ExpectFault(Changed(kLines - 1, 1, {line}), kLines - 2, kLines - 1);
  }
  std::string line = last;
  line.replace(line.find("1001"), 4, "1002");
  EXPECT_FALSE(Changed(kLines - 1, 1, {line}).fault);
  ExpectFault(Changed(kLines - 1, 1, {last, "text"}), kLines);
  ExpectFault(Changed(kLines - 1, 1, {last, last}), kLines);
}

// The chain alone says how far it goes, not how far it went.
TEST_F(ChainCheckTest, AnEndThatIsCutOffIsNoFault) {
  const ChainReport report = Check({FirstThree()});
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.last_seq, 3U);
}

TEST_F(ChainCheckTest, ANewlineThatIsChangedIsFound) {
  for (std::size_t at = 0; at + 2 < kLines; ++at) {
    const std::string joined = Written().lines[at] + "x" + Written().lines[at + 1];
    ExpectFault(Changed(at, 2, {joined}), at);
  }
}

TEST_F(ChainCheckTest, ALineThatIsTakenOutIsMissedAtTheNext) {
  for (std::size_t at = 0; at + 1 < kLines; ++at) ExpectFault(Changed(at, 1, {}), at);
}

TEST_F(ChainCheckTest, ACopyThatIsPutInIsFound) {
  for (std::size_t at = 0; at < kLines; ++at) {
    const std::string& line = Written().lines[at];
    ExpectFault(Changed(at, 1, {line, line}), at + 1);
    const std::size_t from = Below(kLines);
    if (from != at) ExpectFault(Changed(at, 0, {Written().lines[from]}), at);
  }
}

TEST_F(ChainCheckTest, ALineThatIsMadeToFitIsFound) {
  for (std::size_t at = 1; at + 1 < kLines; ++at) {
    ChainLink link = *LinkOf(Written().lines[at]);
    std::string made = ToJsonLine(Numbered(kLines));
    AddLink(made, link);
    made.pop_back();
    ExpectFault(Changed(at, 0, {made}), at);
  }
}

TEST_F(ChainCheckTest, ALineOfNoChainIsFound) {
  for (std::size_t at = 0; at < kLines; ++at) {
    const std::string& line = Written().lines[at];
    for (const std::string& made : {std::string(), std::string("{}"), line.substr(0, 40)}) {
      ExpectFault(Changed(at, 0, {made}), at);
    }
  }
}

TEST_F(ChainCheckTest, LinesThatChangePlacesAreFound) {
  for (std::size_t at = 0; at + 1 < kLines; ++at) {
    const Lines& lines = Written().lines;
    ExpectFault(Changed(at, 2, {lines[at + 1], lines[at]}), at);
    const std::size_t other = Below(kLines);
    if (other != at) ExpectFault(Changed(at, 1, {lines[other]}), at);
  }
}

TEST_F(ChainCheckTest, TheFaultSaysWhatWasExpected) {
  const ChainReport report = Changed(5, 3, {});
  ASSERT_TRUE(report.fault);
  EXPECT_EQ(report.fault->what, "comes too early: records 6 to 8 are missing");
  EXPECT_THAT(report.fault->expected, HasSubstr("after 0:5 record 6 of chain "));
}

// A daemon that was killed in the middle of a line, and the next.
class CrashTest : public testing::Test {
 protected:
  CrashTest() {
    EXPECT_THAT((*AuditLog::Open(file_.path()))->Append(Numbered(1)), IsOk());
    file_.Write(file_.Text() + "{\"time\":\"2026-");
  }
  AuditFile file_;
};

TEST_F(CrashTest, WhatItCutShortIsNoFault) {
  const ChainReport before = Check({file_.Lines()}, /*closed=*/false);
  EXPECT_FALSE(before.fault);
  EXPECT_EQ(before.debris, 1U);
  EXPECT_THAT((*AuditLog::Open(file_.path()))->Append(Numbered(2)), IsOk());
  const ChainReport after = Check({file_.Lines()});
  EXPECT_FALSE(after.fault);
  EXPECT_EQ(after.debris, 1U);
  EXPECT_EQ(after.records, 2U);
}

TEST_F(CrashTest, WhatItCutShortIsCoveredByTheNextRecord) {
  EXPECT_THAT((*AuditLog::Open(file_.path()))->Append(Numbered(2)), IsOk());
  const Lines lines = file_.Lines();
  ASSERT_EQ(lines.size(), 3U);
  ExpectFault(Check({{lines[0], lines[1] + "7", lines[2]}}), 1);
  ExpectFault(Check({{lines[0], lines[1], "", lines[2]}}), 1);
  ExpectFault(Check({{lines[0], lines[2]}}), 0);
}

TEST_F(ChainCheckTest, WhatStoodBeforeTheFirstChainIsCoveredInItsFile) {
  const AuditFile file;
  file.Write("{\"event\":\"denied\"}\n{\"event\":\"failed\"}\n");
  EXPECT_THAT((*AuditLog::Open(file.path()))->Append(Numbered(1)), IsOk());
  Lines lines = file.Lines();
  const ChainReport report = Check({{"{\"event\":\"older\"}"}, lines});
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.unchained, 1U);
  EXPECT_EQ(report.debris, 2U);
  lines[1] = "{\"event\":\"edited\"}";
  ExpectFault(Check({lines}), 0, 1);
}

class HeadTest : public testing::Test {
 protected:
  // Two thousand records: two heads.
  HeadTest() {
    for (std::size_t i = 0; i < 2050; ++i) EXPECT_THAT(log_->Append(Numbered(i)), IsOk());
  }
  static Ed25519PrivateKey Key(char seed) {
    return Ed25519PrivateKey(SecretString(std::string(32, seed)));
  }
  static ChainReport CheckBy(char seed, const Lines& lines) {
    ChainCheck check(Key(seed).public_key());
    check.BeginFile("0");
    for (const std::string& line : lines) check.Look(line, true);
    return std::move(check).Finish();
  }

  const AuditFile file_;
  const std::unique_ptr<AuditLog> log_ = *AuditLog::Open(file_.path(), {.key = Key('k')});
};

TEST_F(HeadTest, EveryThousandRecordsAreSigned) {
  const ChainReport report = CheckBy('k', file_.Lines());
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.heads, 2U);
  EXPECT_EQ(report.records, 2052U);
  EXPECT_EQ(report.unsigned_records, 50U);
  EXPECT_THAT(file_.Lines()[1000], HasSubstr("\"event\":\"head\",\"key\":\""));
}

TEST_F(HeadTest, TheRestIsSignedOnce) {
  EXPECT_THAT(log_->SignHead(absl::UnixEpoch()), IsOk());
  EXPECT_THAT(log_->SignHead(absl::UnixEpoch()), IsOk());
  const ChainReport report = CheckBy('k', file_.Lines());
  EXPECT_EQ(report.heads, 3U);
  EXPECT_EQ(report.unsigned_records, 0U);
}

TEST_F(HeadTest, ASignatureOfAnotherKeyIsAFault) {
  const ChainReport report = CheckBy('x', file_.Lines());
  ASSERT_TRUE(report.fault);
  EXPECT_EQ(report.fault->place.line, 1001U);
  EXPECT_THAT(report.fault->what, HasSubstr("is not signed by the key "));
}

// Links alone who can write the file can make anew.
TEST_F(HeadTest, AChainThatIsMadeAnewHasNoSignature) {
  Lines lines = file_.Lines();
  ChainEnd end = NewChain();
  for (std::string& line : lines) {
    const std::size_t at = line.find(",\"chain\":");
    const auto head = SignedLineOf(line);
    const std::string signature = head ? line.substr(line.find(",\"signature\":")) : "}";
    line = line.substr(0, at) + "}\n";
    AddLink(line, end.Next());
    line.resize(line.size() - 2);
    line += signature;
    end = {end.chain, end.seq + 1, DigestOfLine(line)};
  }
  EXPECT_FALSE(Check({lines}).fault);
  const ChainReport report = CheckBy('k', lines);
  ASSERT_TRUE(report.fault);
  EXPECT_EQ(report.fault->place.line, 1001U);
}

// The last line, which is signed, is covered whole.
TEST_F(HeadTest, EveryByteOfAHeadAtTheEndIsCovered) {
  const Lines all = file_.Lines();
  ChainCheck before(Key('k').public_key());
  before.BeginFile("0");
  for (std::size_t i = 0; i < 1000; ++i) before.Look(all[i], true);
  for (std::size_t i = 0; i < all[1000].size(); ++i) {
    std::string head = all[1000];
    head[i] = head[i] == '7' ? '8' : '7';
    ChainCheck check = before;
    check.Look(head, true);
    EXPECT_TRUE(std::move(check).Finish().fault) << i;
  }
}

// What an anchor kept: all heads.
AnchoredHeads Kept(const Lines& lines) {
  AnchoredHeads kept;
  for (const std::string& line : lines) kept.Add("Nov 23 host behalfd[1]: " + line, {});
  return kept;
}

TEST_F(HeadTest, AnEndThatIsCutOffMissesWhatWasAnchored) {
  const Lines lines = file_.Lines();
  for (const std::size_t end :
       {lines.size(), std::size_t{2002}, std::size_t{2001}, std::size_t{5}}) {
    ChainCheck check({}, Kept(lines));
    check.BeginFile("0");
    for (std::size_t i = 0; i < end; ++i) check.Look(lines[i], true);
    const ChainReport report = std::move(check).Finish();
    EXPECT_EQ(report.fault.has_value(), end < 2002) << end;
    if (report.fault) {
      EXPECT_EQ(report.fault->place.line, end);
    }
  }
}

TEST_F(HeadTest, ARecordThatIsMadeAnewIsNotTheOneThatWasAnchored) {
  const Lines before = file_.Lines();
  std::filesystem::remove(file_.path());
  const auto other = *AuditLog::Open(file_.path(), {.key = Key('k')});
  for (std::size_t i = 0; i < 2050; ++i) EXPECT_THAT(other->Append(Numbered(i)), IsOk());
  ChainCheck check(Key('k').public_key(), Kept(before));
  check.BeginFile("0");
  for (const std::string& line : file_.Lines()) check.Look(line, true);
  EXPECT_TRUE(std::move(check).Finish().fault);
}

TEST_F(HeadTest, OnlyHeadsThatTheKeySignedAreAnchored) {
  const std::string head = file_.Lines()[1000];
  AnchoredHeads kept;
  EXPECT_TRUE(kept.Add(head, Key('k').public_key()));
  EXPECT_FALSE(kept.Add(head, Key('x').public_key()));
  EXPECT_FALSE(kept.Add(file_.Lines()[0], {}));
  EXPECT_FALSE(kept.Add("text", {}));
}

TEST_F(HeadTest, ARotationSignsTheOldFile) {
  std::filesystem::rename(file_.path(), file_.path() + ".1");
  EXPECT_THAT(log_->Reopen({.time = absl::UnixEpoch(), .event = AuditEvent::kReopened}), IsOk());
  EXPECT_EQ(CheckBy('k', LinesOf(file_.path() + ".1")).unsigned_records, 0U);
}

// Each file begins with the record that it does.
std::vector<Lines> Rotated(std::size_t files) {
  const AuditFile file;
  const auto log = AuditLog::Open(file.path());
  std::vector<Lines> all;
  for (std::size_t number = 0; number < files; ++number) {
    EXPECT_THAT((*log)->Append(Numbered(number)), IsOk());
    all.push_back(file.Lines());
    std::filesystem::remove(file.path());
    EXPECT_THAT((*log)->Reopen({.time = absl::UnixEpoch(), .event = AuditEvent::kReopened}),
                IsOk());
  }
  return all;
}

TEST_F(ChainCheckTest, FilesOfARotationAreOneChain) {
  const std::vector<Lines> files = Rotated(3);
  EXPECT_FALSE(Check(files).fault);
  const ChainReport later = Check({files[1], files[2]});
  EXPECT_FALSE(later.fault);
  EXPECT_EQ(later.begins.front().seq, 2U);
  const ChainReport gap = Check({files[0], files[2]});
  ASSERT_TRUE(gap.fault);
  EXPECT_EQ(gap.fault->place, (LinePlace{"1", 1}));
}

TEST_F(ChainCheckTest, AChainBeginsAnewAtTheTopOfAFileOnly) {
  const AuditFile file;
  EXPECT_THAT((*AuditLog::Open(file.path()))->Append(Numbered(1)), IsOk());
  Lines old = FirstThree();
  const ChainReport report = Check({old, file.Lines()});
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.begins.size(), 2U);
  old.push_back(file.Lines().front());
  ExpectFault(Check({old}), 3);
}

}  // namespace
}  // namespace behalf
