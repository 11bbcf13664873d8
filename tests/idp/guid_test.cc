#include "tests/idp/guid.h"

#include <gtest/gtest.h>

namespace behalf::idp {
namespace {

TEST(Guid, StandsInSubjectsInTheByteOrderOfDotNet) {
  EXPECT_EQ(CompactGuid("5b404cf4-a79d-4cfe-b866-24bf8e1a4921"), "9ExAW52n_ky4ZiS_jhpJIQ");
  EXPECT_EQ(FromCompactGuid("9ExAW52n_ky4ZiS_jhpJIQ"), "5b404cf4-a79d-4cfe-b866-24bf8e1a4921");
}

TEST(Guid, IsWrittenInLowerCase) {
  EXPECT_EQ(ParseGuid("5B404CF4-A79D-4CFE-B866-24BF8E1A4921"),
            "5b404cf4-a79d-4cfe-b866-24bf8e1a4921");
}

TEST(Guid, IsNotWhatOnlyLooksLikeOne) {
  for (const char* text :
       {"", "5b404cf4", "5b404cf4a79d4cfeb86624bf8e1a4921----",
        "5b404cf4-a79d-4cfe-b866-24bf8e1a492g", "5b404cf4-a79d-4cfe-b866-24bf8e1a49210"}) {
    EXPECT_EQ(ParseGuid(text), std::nullopt) << text;
  }
}

TEST(Guid, OfTheSameSeedIsTheSame) {
  EXPECT_EQ(RandomGuid(*MakeRandomSource(7)), RandomGuid(*MakeRandomSource(7)));
  EXPECT_NE(RandomGuid(*MakeRandomSource(7)), RandomGuid(*MakeRandomSource(8)));
}

}  // namespace
}  // namespace behalf::idp
