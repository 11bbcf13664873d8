#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;

constexpr char kDocuments[] = R"(apiVersion: behalf/v1
kind: Tool
metadata:
  name: mail-search
  labels: {runs: here}
spec:
  callers:
    - unix: {socket: agents, user: 4242}
---
apiVersion: behalf/v1
kind: Provider
metadata:
  name: contoso
spec:
  dialect: entra
  tenant: 5b404cf4-a79d-4cfe-b866-24bf8e1a4921
...
)";

class CatalogShow : public testing::Test {
 protected:
  static Outcome Show(const std::vector<std::string>& more) {
    std::vector<std::string> words = {"catalog", "show"};
    words.insert(words.end(), more.begin(), more.end());
    return RunLine(words);
  }

  const Scratch scratch;
  const std::string file = scratch.Write("all.yaml", kDocuments);
};

TEST_F(CatalogShow, ListsTheDocumentsWithTheirPlacesAndTheDigest) {
  const Outcome outcome = Show({scratch.Path("")});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
  EXPECT_THAT(outcome.out,
              MatchesRegex("Provider  contoso      " + file + ":13\n" + "Tool      mail-search  " +
                           file + ":4\n" + "digest [0-9a-f]{64}\n"));
}

TEST_F(CatalogShow, PrintsWhatIsInForceAsYaml) {
  const Outcome outcome = Show({"--effective", file});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("# digest "));
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("  labels:"), HasSubstr("    runs: here"),
                                 HasSubstr("  # " + file + ":5\n"),
                                 HasSubstr("  authority: https://login.microsoftonline.com"),
                                 HasSubstr("  # default\n")));
  const std::string digest = outcome.out.substr(9, 64);
  scratch.Write("effective.yaml", outcome.out);
  EXPECT_THAT(Show({scratch.Path("effective.yaml")}).out, HasSubstr("digest " + digest + "\n"));
}

TEST_F(CatalogShow, PrintsOneObjectInJson) {
  const Outcome table = Show({"-o", "json", file});
  EXPECT_THAT(table.out, StartsWith(R"({"digest":")"));
  EXPECT_THAT(table.out,
              HasSubstr(R"(","documents":[{"kind":"Provider","name":"contoso","place":")" + file +
                        R"(:13"},{"kind":"Tool",)"));
  const Outcome whole = Show({"-o", "json", "--effective", file});
  EXPECT_THAT(whole.out,
              AllOf(HasSubstr(R"("callers":[{"unix":{"socket":"agents","user":4242}}])"),
                    HasSubstr(R"("metadata":{"name":"mail-search","labels":{"runs":"here"}})"),
                    HasSubstr(R"("spec.callers[0].unix.user":")" + file + R"(:8")")));
}

TEST_F(CatalogShow, ASetThatDoesNotLoadIsNotShown) {
  const std::string broken = scratch.Write("broken.yaml", "apiVersion: behalf/v1\n...\n");
  const Outcome outcome = Show({broken});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr(broken + ":1:1: error: "));
  EXPECT_EQ(Show({scratch.Path("none.yaml")}).code, 4);
  EXPECT_EQ(Show({}).code, 2);
}

}  // namespace
}  // namespace behalf::cli
