#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/cli/followed_file.h"
#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/scratch.h"
#include "tests/status_matchers.h"

namespace behalf::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kIssued[] =
    R"({"time":"2026-11-23T08:00:00.000000Z","event":"token_issued","decision_id":"0f1e2d3c4b",)"
    R"("agent":"invoice-bot","user":{"digest":"k:1"},"api":"graph"})";
constexpr char kDenied[] =
    R"({"time":"2026-11-23T09:00:00.000000Z","event":"denied","decision_id":"aabbccdd00",)"
    R"("agent":"travel-bot","user":{"digest":"k:2"},"api":"graph","reason":"TOOL_UNKNOWN",)"
    R"("detail":"invoice-bot"})";

class AuditListTest : public testing::Test {
 protected:
  Outcome Search(std::vector<std::string> words) {
    words.insert(words.begin(), {"audit", "search", "--file", file_});
    return RunLine(words);
  }

  const Scratch scratch_;
  const std::string file_ =
      scratch_.Write("audit.jsonl", std::string(kIssued) + "\n{\"torn\":\n" + kDenied + "\n");
};

TEST_F(AuditListTest, ShowsALineARecord) {
  const Outcome outcome = Search({});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out,
            "2026-11-23T08:00:00.000000Z  token_issued  invoice-bot  graph  0f1e2d3c4b\n"
            "2026-11-23T09:00:00.000000Z  denied  TOOL_UNKNOWN  travel-bot  graph  aabbccdd00\n");
}

// A record that somebody edited shows no record more.
TEST_F(AuditListTest, ARecordIsARow) {
  const std::string file = scratch_.Write(
      "edited.jsonl", R"({"event":"denied","agent":"bot\n2026\ttoken_issued","api":"\u202eapi"})"
                      "\n");
  EXPECT_EQ(RunLine({"audit", "search", "--file", file}).out,
            "  denied  bot 2026 token_issued  \\xe2\\x80\\xaeapi\n");
}

TEST_F(AuditListTest, WhatSteersATerminalIsNoRecord) {
  for (const std::string bytes : {"\x1b[2J", "\x7f", "\t", "\r", "\xc2\x85", "\u202e", "\xff"}) {
    const std::string file =
        scratch_.Write("edited.jsonl", R"({"event":"denied","agent":")" + bytes + "\"}\n");
    EXPECT_EQ(RunLine({"audit", "search", "--file", file, "-o", "json"}).out, "") << bytes;
  }
}

TEST_F(AuditListTest, EachFilterCounts) {
  const std::vector<std::vector<std::string>> of_the_first = {{"--decision", "0f1e2d3c"},
                                                              {"--agent", "invoice-bot"},
                                                              {"--user", "k:1"},
                                                              {"--event", "token_issued"},
                                                              {"--to", "2026-11-23T09:00:00Z"}};
  for (std::vector<std::string> words : of_the_first) {
    words.insert(words.end(), {"-o", "json"});
    EXPECT_EQ(Search(words).out, std::string(kIssued) + "\n") << words.front();
  }
  const std::vector<std::vector<std::string>> of_the_other = {
      {"--reason", "TOOL_UNKNOWN"}, {"--from", "2026-11-23T10:00:00+01:00"}};
  for (std::vector<std::string> words : of_the_other) {
    words.insert(words.end(), {"-o", "json"});
    EXPECT_EQ(Search(words).out, std::string(kDenied) + "\n") << words.front();
  }
}

TEST_F(AuditListTest, NothingIsAnAnswerAndAWrongTimeIsNone) {
  EXPECT_EQ(Search({"--agent", "nobody"}).code, 1);
  EXPECT_EQ(Search({"--from", "yesterday"}).code, 2);
  EXPECT_EQ(RunLine({"audit", "search", "--file", scratch_.Path("none")}).code, 4);
  EXPECT_EQ(RunLine({"audit", "search"}).code, 2);
}

TEST_F(AuditListTest, TailShowsTheNewest) {
  const Outcome outcome =
      RunLine({"audit", "tail", "--file", file_, "--lines", "1", "--for", "1ms"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("denied"));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("token_issued")));
  EXPECT_EQ(RunLine({"audit", "tail", "--file", file_, "--lines", "x"}).code, 2);
}

TEST_F(AuditListTest, AFollowedFileIsReadOnThroughARotation) {
  const std::string path = scratch_.Write("log", "one\ntw");
  FollowedFile file(path);
  std::vector<std::string> seen;
  const auto look = [&seen](const std::string& line) { seen.push_back(line); };
  EXPECT_THAT(file.ReadOn(look), IsOk());
  EXPECT_THAT(seen, ElementsAre("one"));
  std::ofstream(path, std::ios::app) << "o\n";
  std::filesystem::rename(path, path + ".1");
  EXPECT_THAT(file.ReadOn(look), IsOk());
  std::ofstream(path + ".1", std::ios::app) << "three\n";
  scratch_.Write("log", "four\n");
  EXPECT_THAT(file.ReadOn(look), IsOk());
  EXPECT_THAT(file.ReadOn(look), IsOk());
  EXPECT_THAT(seen, ElementsAre("one", "two", "three", "four"));
}

}  // namespace
}  // namespace behalf::cli
