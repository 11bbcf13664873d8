// Each user differs from one who is admitted in exactly one thing.
#include "policies/admit.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace behalf {
namespace {

class Admission : public testing::Test {
 protected:
  Admission() {
    user_.tenant = "tenant";
    user_.audience = "api://one";
    user_.client = "frontend";
    user_.scopes = scopes_;
  }
  std::optional<Reason> Judge() const { return RefuseUser(rules_, user_); }

  SubjectRules rules_ = {.audiences = {"api://one", "one"},
                         .tenants = {"tenant"},
                         .clients = {"backend", "frontend"},
                         .scopes = {"access_agent", "work"}};
  std::vector<std::string> scopes_ = {"access_agent", "zebra"};
  UserFacts user_;
};

TEST_F(Admission, WhoFitsIsAdmitted) { EXPECT_EQ(Judge(), std::nullopt); }

TEST_F(Admission, TheTenantMustBeListed) {
  user_.tenant = "other";
  EXPECT_EQ(Judge(), Reason::kSubjectTenant);
}

TEST_F(Admission, TheAudienceMustBeListedByteForByte) {
  for (const char* audience : {"api://one/", "api://on", "API://one", "api://one2", " one", ""}) {
    user_.audience = audience;
    EXPECT_EQ(Judge(), Reason::kSubjectAudience) << audience;
  }
  user_.audience = "one";
  EXPECT_EQ(Judge(), std::nullopt);
}

TEST_F(Admission, TheClientThatObtainedTheTokenMustBeListed) {
  user_.client = "stranger";
  EXPECT_EQ(Judge(), Reason::kSubjectClient);
}

TEST_F(Admission, TheTokenMustCarryAListedScope) {
  for (const char* scope : {"", "other", "access_agent2", "Access_Agent", "access_agen"}) {
    scopes_ = {scope};
    user_.scopes = scopes_;
    EXPECT_EQ(Judge(), Reason::kSubjectScope) << scope;
  }
  user_.scopes = {};
  EXPECT_EQ(Judge(), Reason::kSubjectScope);
}

TEST_F(Admission, GuestsAreAdmittedOnlyWhereTheBlueprintSaysSo) {
  user_.guest = true;
  EXPECT_EQ(Judge(), Reason::kSubjectGuest);
  rules_.guests = true;
  EXPECT_EQ(Judge(), std::nullopt);
}

}  // namespace
}  // namespace behalf
