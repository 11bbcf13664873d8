#include "daemon/broker/admin_gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/broker/broker_house.h"

namespace behalf {
namespace {

class AdminGateTest : public BrokerHouse {
 protected:
  AdminGate gate_{live_, audit_, clock_};
};

TEST_F(AdminGateTest, AnAdminSeesTheCatalogInForce) {
  const auto in_force = gate_.Enter(CallerAt("admin", kAdminUid));
  ASSERT_THAT(in_force, IsOk());
  EXPECT_EQ((*in_force)->catalog, catalog_);
  EXPECT_TRUE(audit_.records().empty());
}

TEST_F(AdminGateTest, NobodyElseEntersAndEachRefusalIsOnRecord) {
  for (const CallerPtr& caller :
       {CallerPtr(), InvoiceBot(), MailSearch(), CallerAt("agents", kAdminUid)}) {
    ExpectRefused(gate_.Enter(caller).status(), Reason::kCallerNotAdmin);
  }
  EXPECT_EQ(audit_.records().size(), 4);
}

}  // namespace
}  // namespace behalf
