#include "daemon/wire/access.h"

#include <gtest/gtest.h>

namespace behalf {
namespace {

TEST(AccessMessage, WhoSaysNothingMeansDelegated) {
  EXPECT_EQ(FromMessage(v1::ACCESS_UNSPECIFIED), Access::kDelegated);
  EXPECT_EQ(FromMessage(v1::ACCESS_DELEGATED), Access::kDelegated);
  EXPECT_EQ(FromMessage(v1::ACCESS_APPLICATION), Access::kApplication);
}

TEST(AccessMessage, ANumberThatIsNotKnownIsNothing) {
  for (const int number : {-1, int{v1::Access_MAX} + 1, 1 << 20}) {
    EXPECT_EQ(FromMessage(static_cast<v1::Access>(number)), std::nullopt) << number;
  }
}

TEST(AccessMessage, EveryValueOfTheContractHasItsOwnMeaning) {
  for (int number = v1::Access_MIN; number <= v1::Access_MAX; ++number) {
    if (v1::Access_IsValid(number)) {
      EXPECT_TRUE(FromMessage(static_cast<v1::Access>(number)).has_value()) << number;
    }
  }
}

}  // namespace
}  // namespace behalf
