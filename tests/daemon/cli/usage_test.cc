#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "daemon/cli/command.h"
#include "tests/daemon/cli/command_line.h"

namespace behalf::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Usage, AWrongCommandLineExitsWith2AndSaysWhatIsWrong) {
  const struct {
    const char* what;
    std::vector<std::string> words;
    const char* message;
  } cases[] = {
      {"nothing", {}, "a command is needed"},
      {"unknown noun", {"toke", "get"}, "there is no command 'toke'; did you mean `token`?"},
      {"far noun",
       {"frobnicate"},
       "there is no command 'frobnicate'; known: blueprint, catalog, api, "},
      {"unknown verb", {"handle", "reddem"}, "handle has no verb 'reddem'; did you mean `redeem`?"},
      {"no verb", {"handle"}, "handle needs a verb: create, redeem"},
      {"flag first", {"--socket", "x", "status"}, "flags stand after the command"},
      {"unknown flag",
       {"status", "--sokcet=x"},
       "status has no such flag: --sokcet; did you mean `--socket`?"},
      {"unknown letter", {"status", "-x"}, "status has no such flag: -x"},
      {"missing flag", {"token", "get", "--socket", "x"}, "token get needs --api NAME"},
      {"missing value", {"status", "--socket"}, "--socket needs a value: PATH"},
      {"flag as value", {"status", "--socket", "--timeout"}, "--socket needs a value: PATH"},
      {"empty value", {"status", "--socket="}, "--socket needs a value: PATH"},
      {"twice", {"status", "--socket=a", "--socket=b"}, "--socket is given twice"},
      {"value of a switch",
       {"blueprint", "validate", "--no-host=1", "x"},
       "--no-host takes no value"},
      {"unknown format", {"status", "-o", "xml"}, "--output is one of: table, json"},
      {"missing operand", {"blueprint", "validate"}, "blueprint validate needs PATH..."},
      {"operand", {"status", "now"}, "status takes flags only"},
      {"operands", {"completion", "bash", "zsh"}, "completion takes no more than bash|zsh|fish"},
      {"unknown shell", {"completion", "tcsh"}, "completion is for bash, zsh or fish"},
      {"no socket", {"status"}, "--socket PATH is needed, or $BEHALF_SOCKET"},
      {"bad timeout", {"status", "--socket=x", "--timeout=30"}, "--timeout is a duration"},
      {"no time", {"status", "--socket=x", "--timeout=0s"}, "--timeout is a duration"},
      {"all the time", {"status", "--socket=x", "--timeout=inf"}, "--timeout is a duration"},
      {"help of nothing", {"help", "frobnicate"}, "there is no such command"},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.what);
    const Outcome outcome = RunLine(one.words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr(one.message));
  }
}

TEST(Usage, WhatCouldBeASecretIsNotRepeated) {
  const std::string secret = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
  const std::vector<std::vector<std::string>> lines = {
      {secret},
      {"token", secret},
      {"token", "get", secret},
      {"token", "get", "--api=graph", "--subject-token-file=x", secret},
      {"token", "get", "--subject-token=" + secret},
      {"token", "get", "--" + secret},
      {"token", "get", "--show-token=" + secret},
      {"status", "-o", secret},
      {"status", "--socket=x", "--timeout", secret},
      {"token", "get", "--socket=x", "--api=graph", "--subject-token-file", secret},
      {"help", secret},
  };
  for (const auto& line : lines) {
    SCOPED_TRACE(line.front() + " ... " + std::to_string(line.size()));
    const Outcome outcome = RunLine(line);
    EXPECT_NE(outcome.code, 0);
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr(secret.substr(0, 6))));
  }
}

TEST(Usage, TheHelpOfEveryCommandNamesItsFlagsExampleAndExitCodes) {
  for (const Command& command : Commands()) {
    SCOPED_TRACE(command.name());
    std::vector<std::string> asked = {"help", command.noun};
    std::vector<std::string> flagged = {command.noun};
    if (!command.verb.empty()) {
      asked.push_back(command.verb);
      flagged.push_back(command.verb);
    }
    flagged.push_back("--help");
    const Outcome help = RunLine(asked);
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out, AllOf(HasSubstr(command.summary), HasSubstr(command.example)));
    for (const Flag& flag : command.flags) EXPECT_THAT(help.out, HasSubstr("--" + flag.name));
    for (const Exit& exit : command.exits) EXPECT_THAT(help.out, HasSubstr(exit.meaning));
    EXPECT_EQ(RunLine(flagged).out, help.out);
  }
}

TEST(Usage, TheExampleOfEveryCommandIsACommandLineOfIt) {
  for (const Command& command : Commands()) {
    SCOPED_TRACE(command.name());
    std::istringstream text(command.example.substr(0, command.example.find(" >")));
    std::vector<std::string> words(std::istream_iterator<std::string>(text), {});
    const std::size_t command_words = command.verb.empty() ? 2 : 3;
    ASSERT_GE(words.size(), command_words);
    EXPECT_EQ(words[1], command.noun);
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(command_words));
    EXPECT_TRUE(ParseArguments(command, words).ok());
  }
}

TEST(Usage, TheOverviewAndTheManPageNameEveryCommand) {
  const Outcome overview = RunLine({"--help"});
  EXPECT_EQ(overview.out, RunLine({"help"}).out);
  const Outcome man = RunLine({"help", "--man"});
  EXPECT_EQ(man.code, 0);
  EXPECT_THAT(man.out, testing::StartsWith(".TH BEHALF 1"));
  for (const Command& command : Commands()) {
    EXPECT_THAT(overview.out, HasSubstr(command.name()));
    EXPECT_THAT(man.out, HasSubstr(".SS " + absl::StrReplaceAll(command.name(), {{"-", "\\-"}})));
  }
}

TEST(Usage, TheHelpOfANounNamesItsVerbsOnly) {
  const Outcome help = RunLine({"help", "handle"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, AllOf(HasSubstr("handle create"), HasSubstr("handle redeem"),
                              Not(HasSubstr("token get"))));
  EXPECT_EQ(RunLine({"handle", "--help"}).out, help.out);
}

TEST(Usage, TheVersionIsTheProjects) {
  const Outcome version = RunLine({"version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.out, testing::MatchesRegex("behalf [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(RunLine({"--version"}).out, version.out);
}

TEST(Usage, OutputThatCannotBeWrittenIsALocalFailure) {
  std::istringstream in;
  std::ostringstream out, err;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(cli::Run({"version"}, Streams{.in = in, .out = out, .err = err}, {}), 4);
  EXPECT_THAT(err.str(), HasSubstr("the output cannot be written"));
}

TEST(Usage, ColoursAreForTerminalsWithoutNoColor) {
  EXPECT_THAT(RunLine({}, {}, "", true).err, HasSubstr("\x1b["));
  EXPECT_THAT(RunLine({}, {}, "", false).err, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(RunLine({}, {{"NO_COLOR", "1"}}, "", true).err, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(RunLine({}, {{"NO_COLOR", ""}}, "", true).err, HasSubstr("\x1b["));
}

}  // namespace
}  // namespace behalf::cli
