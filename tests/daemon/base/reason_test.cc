#include "daemon/base/reason.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>

namespace behalf {
namespace {

TEST(ReasonTest, EveryReasonHasItsOneRowInTheOrderOfTheEnum) {
  const auto rows = AllReasons();
  EXPECT_EQ(rows.size(), static_cast<std::size_t>(Reason::kStoreUnavailable));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(rows[i].reason), i + 1) << rows[i].name;
    EXPECT_EQ(RowOf(rows[i].reason).name, rows[i].name);
  }
}

TEST(ReasonTest, NamesAreUniqueAndInUpperSnakeCase) {
  std::set<std::string_view> names;
  for (const ReasonRow& row : AllReasons()) {
    SCOPED_TRACE(row.name);
    EXPECT_TRUE(names.insert(row.name).second);
    ASSERT_FALSE(row.name.empty());
    EXPECT_TRUE(std::isupper(static_cast<unsigned char>(row.name.front())));
    EXPECT_NE(row.name.back(), '_');
    EXPECT_EQ(row.name.find("__"), std::string_view::npos);
    EXPECT_EQ(row.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
              std::string_view::npos);
  }
}

TEST(ReasonTest, EveryReasonHasAFailingCodeAndOneUnfinishedSentenceOfAdvice) {
  std::set<std::string_view> advice;
  for (const ReasonRow& row : AllReasons()) {
    SCOPED_TRACE(row.name);
    EXPECT_NE(row.code, absl::StatusCode::kOk);
    EXPECT_NE(row.code, absl::StatusCode::kUnknown);
    EXPECT_TRUE(advice.insert(row.advice).second);
    ASSERT_FALSE(row.advice.empty());
    EXPECT_NE(row.advice.back(), '.');
    EXPECT_FALSE(std::isupper(static_cast<unsigned char>(row.advice.front())) &&
                 std::islower(static_cast<unsigned char>(row.advice[1])));
  }
}

TEST(ReasonTest, EveryMoveHasItsName) {
  std::set<std::string_view> names;
  for (const Move move :
       {Move::kCaller, Move::kUser, Move::kOperator, Move::kProvider, Move::kRetry}) {
    names.insert(MoveName(move));
  }
  EXPECT_EQ(names.size(), 5u);
}

}  // namespace
}  // namespace behalf
