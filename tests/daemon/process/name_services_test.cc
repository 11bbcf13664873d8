// What nsswitch.conf names, as nsswitch.conf(5) has it.
#include "daemon/process/name_services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace behalf {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(NameServices, AreThoseOfAccountsAndHostsOnceEach) {
  EXPECT_THAT(NameServicesIn("passwd:         files systemd sss\n"
                             "group:          files systemd\n"
                             "shadow:         files ldap\n"
                             "\n"
                             "hosts:          files mdns4_minimal [NOTFOUND=return] dns\n"
                             "networks:       nis\n"),
              ElementsAre("files", "systemd", "sss", "mdns4_minimal", "dns"));
}

TEST(NameServices, AreNoActionsAndNoComments) {
  EXPECT_THAT(NameServicesIn("# passwd: commented\n"
                             "passwd:\tfiles [!UNAVAIL=return  SUCCESS=continue] sss # winbind\n"
                             "initgroups : files[x] [ SUCCESS=merge ] db"),
              ElementsAre("files", "sss", "files[x]", "db"));
}

TEST(NameServices, AreNoneWhereThereIsNothingToRead) {
  EXPECT_THAT(NameServicesIn(""), IsEmpty());
  EXPECT_THAT(NameServicesIn("passwd\npasswd:\n:files\n"), IsEmpty());
}

}  // namespace
}  // namespace behalf
