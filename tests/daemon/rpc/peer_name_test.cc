#include "daemon/rpc/peer_name.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace behalf {
namespace {

TEST(DescriptorOf, ReadsExactlyTheFormThatGrpcUses) {
  EXPECT_EQ(DescriptorOf("fd:0"), 0);
  EXPECT_EQ(DescriptorOf("fd:7"), 7);
  EXPECT_EQ(DescriptorOf("fd:1048576"), 1048576);
  EXPECT_EQ(DescriptorOf("fd:2147483647"), 2147483647);
}

TEST(DescriptorOf, ReadsNothingElse) {
  for (const char* peer : {"",
                           "fd",
                           "fd:",
                           "fd:-1",
                           "fd:+1",
                           "fd: 1",
                           "fd:1 ",
                           "fd:01",
                           "fd:00",
                           "fd:0x1",
                           "FD:1",
                           "fd:1a",
                           "fd:1:2",
                           " fd:1",
                           "unix:",
                           "unix:/run/fd:1",
                           "ipv4:127.0.0.1:1",
                           "fd:2147483648",
                           "fd:99999999999999999999",
                           "fd:1\n",
                           "fd:-0"}) {
    EXPECT_EQ(DescriptorOf(peer), std::nullopt) << peer;
  }
  EXPECT_EQ(DescriptorOf(std::string_view("fd:1\0", 5)), std::nullopt);
}

TEST(CheckPeerForm, TheInstalledGrpcNamesTheDescriptorOfAConnection) {
  EXPECT_TRUE(CheckPeerForm().ok()) << CheckPeerForm();
}

}  // namespace
}  // namespace behalf
