#include "daemon/rpc/inherited_listeners.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "daemon/rpc/unix_listener.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/daemon/rpc/attested_server.h"
#include "tests/daemon/rpc/child_process.h"

namespace behalf {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

int Listening(int domain, int type) {
  const int fd = socket(domain, type | SOCK_CLOEXEC, 0);
  sockaddr_un unnamed{};
  unnamed.sun_family = AF_UNIX;
  if (domain == AF_UNIX) {
    // The kernel chooses an abstract name.
    bind(fd, reinterpret_cast<const sockaddr*>(&unnamed), sizeof unnamed.sun_family);
  }
  listen(fd, 4);
  return fd;
}

class Inheritance : public testing::Test {
 protected:
  ~Inheritance() override {
    for (const int fd : descriptors_) close(fd);
  }

  int Keep(int fd) {
    descriptors_.push_back(fd);
    return fd;
  }
  int UnixStream() { return Keep(Listening(AF_UNIX, SOCK_STREAM)); }

  // What a process says that is started as systemd would, with these
  // variables and descriptors, and takes these names.
  static std::vector<std::string> Probe(const std::string& environment,
                                        const std::vector<int>& inherited,
                                        const std::string& names) {
    ChildProcess child(
        {"/bin/sh", "-c",
         "export LISTEN_PID=$$ " + environment + "; exec " BEHALF_LISTENER_PROBE " " + names},
        inherited);
    std::vector<std::string> lines;
    for (std::string line = child.Read(); line != "(end)"; line = child.Read()) {
      lines.push_back(line);
    }
    return lines;
  }

 private:
  std::vector<int> descriptors_;
};

TEST_F(Inheritance, ListenersAreTakenByNameInAnyOrder) {
  EXPECT_THAT(Probe("LISTEN_FDS=2 LISTEN_FDNAMES=agents:tools", {UnixStream(), UnixStream()},
                    "tools agents"),
              ElementsAre("tools is 4 close-on-exec non-blocking",
                          "agents is 3 close-on-exec non-blocking", "left:"));
}

TEST_F(Inheritance, WhatNobodyTookIsTold) {
  EXPECT_THAT(
      Probe("LISTEN_FDS=2 LISTEN_FDNAMES=agents:tools", {UnixStream(), UnixStream()}, "agents"),
      ElementsAre(HasSubstr("agents is 3"), "left: tools"));
}

TEST_F(Inheritance, ListenersWithoutNamesAreCalledUnknown) {
  EXPECT_THAT(Probe("LISTEN_FDS=1", {UnixStream()}, "unknown"),
              ElementsAre(HasSubstr("unknown is 3"), "left:"));
}

TEST_F(Inheritance, AListenerIsTakenOnce) {
  EXPECT_THAT(Probe("LISTEN_FDS=1 LISTEN_FDNAMES=agents", {UnixStream()}, "agents agents"),
              ElementsAre(HasSubstr("agents is 3"), HasSubstr("two sockets"), "left:"));
}

TEST_F(Inheritance, ANameThatTwoListenersHaveIsRefused) {
  EXPECT_THAT(Probe("LISTEN_FDS=2 LISTEN_FDNAMES=a:a", {UnixStream(), UnixStream()}, "a"),
              ElementsAre(HasSubstr("more than once"), "left: a a"));
}

TEST_F(Inheritance, ANameThatNoListenerHasIsRefused) {
  EXPECT_THAT(
      Probe("LISTEN_FDS=1 LISTEN_FDNAMES=agents", {UnixStream()}, "agent"),
      ElementsAre(AllOf(HasSubstr("\"agent\""), HasSubstr("does not exist")), "left: agents"));
}

TEST_F(Inheritance, WhatIsNoListeningUnixStreamIsRefused) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  Keep(ends[1]);
  const struct {
    const char* what;
    int fd;
  } cases[] = {
      {"a file", Keep(open("/dev/null", O_RDONLY | O_CLOEXEC))},
      {"a TCP listener", Keep(Listening(AF_INET, SOCK_STREAM))},
      {"a unix datagram socket", Keep(Listening(AF_UNIX, SOCK_DGRAM))},
      {"a unix sequenced-packet listener", Keep(Listening(AF_UNIX, SOCK_SEQPACKET))},
      {"a unix stream socket that does not listen",
       Keep(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))},
      {"a connected unix stream socket", Keep(ends[0])},
  };
  for (const auto& [what, fd] : cases) {
    SCOPED_TRACE(what);
    EXPECT_THAT(Probe("LISTEN_FDS=1 LISTEN_FDNAMES=a", {fd}, "a"),
                ElementsAre(HasSubstr("is not a unix stream socket that listens"), "left: a"));
  }
}

TEST_F(Inheritance, VariablesForAnotherProcessAreNotForUs) {
  const auto lines =
      Probe("LISTEN_PID=1 LISTEN_FDS=1 LISTEN_FDNAMES=agents", {UnixStream()}, "agents");
  EXPECT_THAT(lines, ElementsAre(HasSubstr("does not exist"), "left:"));
}

TEST_F(Inheritance, WithoutVariablesNothingIsInherited) {
  EXPECT_THAT(Probe("X=1", {UnixStream()}, "agents"),
              ElementsAre(HasSubstr("does not exist"), "left:"));
}

TEST_F(Inheritance, MalformedVariablesAreAnError) {
  const struct {
    const char* environment;
    const char* variable;
  } cases[] = {
      {"LISTEN_PID=x LISTEN_FDS=1", "LISTEN_PID"},
      {"LISTEN_PID= LISTEN_FDS=1", "LISTEN_PID"},
      {"LISTEN_PID=-1 LISTEN_FDS=1", "LISTEN_PID"},
      {"LISTEN_FDS=", "LISTEN_FDS"},
      {"LISTEN_FDS=one", "LISTEN_FDS"},
      {"LISTEN_FDS=-1", "LISTEN_FDS"},
      {"LISTEN_FDS=99999999999", "LISTEN_FDS"},
      {"LISTEN_FDS=1000000", "LISTEN_FDS"},
      {"LISTEN_FDS=50 LISTEN_FDNAMES=", "LISTEN_FDNAMES"},
      {"LISTEN_FDS=1 LISTEN_FDNAMES=a:b", "LISTEN_FDNAMES"},
      {"LISTEN_FDS=40", "LISTEN_FDS"},
  };
  for (const auto& [environment, variable] : cases) {
    SCOPED_TRACE(environment);
    EXPECT_THAT(Probe(environment, {UnixStream()}, "a"),
                ElementsAre(HasSubstr(std::string("variable ") + variable + " is not")));
  }
}

}  // namespace
}  // namespace behalf
