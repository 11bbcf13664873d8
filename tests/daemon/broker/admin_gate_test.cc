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

TEST_F(AdminGateTest, OnASocketOfAdminsNobodyElseIsServedAndThatIsOnRecord) {
  EXPECT_THAT(gate_.Admit(*CallerAt("admin", kAdminUid)), IsOk());
  EXPECT_TRUE(audit_.records().empty());
  for (const uid_t uid : {kInvoiceUid, kMailSearchUid, uid_t{0}}) {
    ExpectRefused(gate_.Admit(*CallerAt("admin", uid)), Reason::kCallerNotAdmin);
    EXPECT_EQ(audit_.last().caller.uid, uid);
    EXPECT_EQ(audit_.last().caller.socket, "admin");
  }
  EXPECT_EQ(audit_.records().size(), 3);
}

TEST_F(AdminGateTest, OtherSocketsServeEverybodyAndHaveNoAdminService) {
  for (const CallerPtr& caller : {InvoiceBot(), MailSearch(), CallerAt("agents", kAdminUid)}) {
    EXPECT_THAT(gate_.Admit(*caller), IsOk());
    EXPECT_FALSE(gate_.Serves(caller));
  }
  EXPECT_FALSE(gate_.Serves(nullptr));
  EXPECT_TRUE(gate_.Serves(CallerAt("admin", kAdminUid)));
}

TEST_F(AdminGateTest, AnAdminWhoseRightsWereTakenWhileConnectedIsToldSo) {
  const CallerPtr admin = CallerAt("admin", kAdminUid);
  live_.Put(InForce(ContosoCatalog({{"user: \"900\"", "user: \"901\""}})));
  EXPECT_TRUE(gate_.Serves(admin));
  ExpectRefused(gate_.Enter(admin).status(), Reason::kCallerNotAdmin);
}

}  // namespace
}  // namespace behalf
