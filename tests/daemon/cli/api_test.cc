#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "blueprint/well_known.h"
#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(ApiList, NamesAllThatAreShipped) {
  const Outcome outcome = RunLine({"api", "list"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("NAME "));
  for (const WellKnownApi& api : WellKnownApis()) {
    EXPECT_THAT(outcome.out, ContainsRegex("\n" + api.name + "  +[^ ]+://"));
  }
}

TEST(ApiList, SaysOfWhatItIsLessSure) {
  EXPECT_THAT(RunLine({"api", "list"}).out,
              ContainsRegex("\nlogic-apps +https://logic.azure.com +0 +0 +"
                            "observed: resource; unconfirmed: audiences, scopes, roles\n"));
}

TEST(ApiList, IsOneObjectInJson) {
  const Outcome outcome = RunLine({"api", "list", "-o", "json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith(R"({"apis":[{"name":"ai-foundry",)"
                                      R"("resource":"https://ai.azure.com","scopes":0,"roles":0,)"
                                      R"("evidence":{"asOf":")"));
}

TEST(ApiShow, PrintsADocumentThatLoads) {
  const Scratch scratch;
  const Outcome outcome = RunLine({"api", "show", "graph"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(StartsWith("# Microsoft Graph"), HasSubstr("\nkind: Api\n")));
  const std::string file = scratch.Write("graph.yaml", outcome.out);
  EXPECT_THAT(RunLine({"catalog", "show", file}).out, StartsWith("Api  graph  " + file));
}

TEST(ApiShow, PrintsTheDocumentInJson) {
  const Outcome outcome = RunLine({"api", "show", "arm", "-o", "json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(
      outcome.out,
      AllOf(StartsWith(R"({"apiVersion":"behalf/v1","kind":"Api","metadata":{"name":"arm"})"),
            HasSubstr(R"("scopes":["user_impersonation"])")));
}

TEST(ApiShow, SuggestsTheNameThatWasMeant) {
  const Outcome outcome = RunLine({"api", "show", "grpah"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_EQ(outcome.err, "behalf: there is no such well-known API: did you mean `graph`?\n");
  EXPECT_THAT(RunLine({"api", "show", "\x1b[2J"}).err, HasSubstr("known: ai-foundry, "));
}

}  // namespace
}  // namespace behalf::cli
