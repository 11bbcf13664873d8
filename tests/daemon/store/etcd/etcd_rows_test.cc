#include "daemon/store/etcd/etcd_rows.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace behalf {
namespace {

TEST(EtcdKeysTest, ARevisionHasOneKey) {
  const EtcdKeys keys("fleet/");
  EXPECT_EQ(keys.RevisionOf(keys.Revocation(7)), 7U);
  EXPECT_EQ(keys.RevisionOf(keys.Revocation(UINT64_MAX)), UINT64_MAX);
  for (const char* const other :
       {"", "7", " 0000000000000000007", "+0000000000000000007", "0000000000000000007 ",
        "000000000000000000007", "18446744073709551616", "-0000000000000000007"}) {
    EXPECT_EQ(keys.RevisionOf(keys.Revocations() + other), std::nullopt) << other;
  }
  EXPECT_EQ(keys.RevisionOf(EtcdKeys("other/").Revocation(7)), std::nullopt);
}

}  // namespace
}  // namespace behalf
