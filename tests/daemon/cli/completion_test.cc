#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdio.h>

#include "daemon/cli/command.h"
#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

using testing::HasSubstr;

TEST(Completion, MentionsEveryNounVerbAndFlagInEveryShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    SCOPED_TRACE(shell);
    const Outcome outcome = RunLine({"completion", shell});
    EXPECT_EQ(outcome.code, 0);
    for (const Command& command : Commands()) {
      EXPECT_THAT(outcome.out, HasSubstr(command.noun));
      EXPECT_THAT(outcome.out, HasSubstr(command.verb));
      for (const Flag& flag : command.flags) EXPECT_THAT(outcome.out, HasSubstr(flag.name));
    }
  }
}

// What bash offers for the words, of which the last is being typed.
std::string BashOffers(const Scratch& scratch, const std::string& words, int typed) {
  const std::string script =
      scratch.Write("try", RunLine({"completion", "bash"}).out + "COMP_WORDS=(" + words +
                               ")\nCOMP_CWORD=" + std::to_string(typed) +
                               "\n_behalf\necho \"${COMPREPLY[*]}\"\n");
  FILE* bash = popen(("bash " + script + " 2>&1").c_str(), "r");
  std::string offers(4096, '\0');
  offers.resize(fread(offers.data(), 1, offers.size(), bash));
  EXPECT_EQ(pclose(bash), 0) << offers;
  return offers;
}

TEST(Completion, WorksInBash) {
  const Scratch scratch;
  EXPECT_EQ(BashOffers(scratch, "behalf h", 1), "handle health help\n");
  EXPECT_EQ(BashOffers(scratch, "behalf handle ''", 2), "create redeem\n");
  EXPECT_EQ(BashOffers(scratch, "behalf handle create --to", 3), "--tool\n");
  EXPECT_EQ(BashOffers(scratch, "behalf status -o ''", 3), "table json\n");
  EXPECT_EQ(BashOffers(scratch, "behalf status --o", 2), "--output\n");
  EXPECT_EQ(BashOffers(scratch, "behalf completion z", 2), "zsh\n");
  EXPECT_EQ(BashOffers(scratch, "behalf api show g", 3), "graph\n");
  EXPECT_EQ(BashOffers(scratch, "behalf token get --token-file " + scratch.Path("t"), 4),
            scratch.Path("try") + "\n");
}

}  // namespace
}  // namespace behalf::cli
