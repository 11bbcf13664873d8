#include "daemon/audit/anchors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/descriptor.h"
#include "tests/daemon/audit/audit_file.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::StartsWith;

TEST(AnchorsTest, AFileHoldsTheHeads) {
  const AuditFile file;
  const Anchor anchor = FileAnchor(file.path());
  EXPECT_THAT(anchor.keep("{1}"), IsOk());
  EXPECT_THAT(anchor.keep("{2}"), IsOk());
  EXPECT_THAT(file.Lines(), ElementsAre("{1}", "{2}"));
  EXPECT_EQ(std::filesystem::status(file.path()).permissions(), std::filesystem::perms(0600));
  EXPECT_FALSE(FileAnchor(file.directory()).keep("{}").ok());
}

TEST(AnchorsTest, SyslogGetsThemAsItsOwnMessages) {
  const AuditFile file;
  const std::string path = file.directory() + "/log";
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const Descriptor log(::socket(AF_UNIX, SOCK_DGRAM, 0));
  ASSERT_EQ(::bind(log.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_THAT(SyslogAnchor(path).keep("{head}"), IsOk());
  std::string message(200, '\0');
  message.resize(static_cast<std::size_t>(::recv(log.get(), message.data(), message.size(), 0)));
  EXPECT_THAT(message, StartsWith("<85>behalfd["));
  EXPECT_THAT(message, EndsWith("]: {head}"));
  EXPECT_FALSE(SyslogAnchor(file.directory() + "/none").keep("{}").ok());
}

TEST(AnchorsTest, OneThatFailsIsReportedOnceAndHoldsUpNoOther) {
  std::vector<std::string> kept, reports;
  bool works = false;
  {
    Anchors anchors({{"broken",
                      [&works](const std::string& head) {
                        works = works || head == "3";
                        return works ? absl::OkStatus() : absl::UnavailableError("away");
                      }},
                     {"good",
                      [&kept](const std::string& head) {
                        kept.push_back(head);
                        return absl::OkStatus();
                      }}},
                    [&reports](const Anchor& anchor, const absl::Status& status) {
                      reports.push_back(anchor.name + ": " + std::string(status.message()));
                    });
    for (const char* const head : {"1", "2", "3", "4"}) anchors.Send(head);
  }
  EXPECT_THAT(kept, ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(reports, ElementsAre("broken: away", "broken: "));
}

}  // namespace
}  // namespace behalf
