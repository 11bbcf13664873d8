#include "daemon/rpc/unix_listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/daemon/rpc/attested_server.h"
#include "tests/daemon/rpc/child_process.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct stat Look(const std::string& path) {
  struct stat facts{};
  if (lstat(path.c_str(), &facts) != 0) facts.st_nlink = 0;
  return facts;
}

bool Exists(const std::string& path) { return Look(path).st_nlink != 0; }

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

Descriptor BindAt(const std::string& path, int type) {
  Descriptor fd(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  const sockaddr_un address = AddressOf(path);
  EXPECT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  if (type == SOCK_STREAM) listen(fd.get(), 1);
  return fd;
}

bool Answers(const std::string& path) {
  const Descriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = AddressOf(path);
  return connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

std::vector<std::string> NamesIn(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

absl::StatusOr<std::unique_ptr<UnixListener>> Open(const Socket& socket) {
  InheritedListeners none;
  return UnixListener::Open(socket, none);
}

std::string WhyNot(const Socket& socket) {
  const auto listener = Open(socket);
  return listener.ok() ? "" : std::string(listener.status().message());
}

TEST(UnixListener, MakesASocketOfTheModeAndLeavesNothingElse) {
  const TemporaryDirectory directory;
  const std::string path = directory / "agents.sock";
  {
    const auto listener = Open(SocketAt("agents", path, 0620));
    ASSERT_TRUE(listener.ok()) << listener.status();
    EXPECT_EQ((*listener)->name(), "agents");
    EXPECT_TRUE(Answers(path));
    EXPECT_EQ(Look(path).st_mode, S_IFSOCK | 0620u);
    EXPECT_THAT(NamesIn(directory.path()), ElementsAre("agents.sock"));
    EXPECT_NE(fcntl((*listener)->fd(), F_GETFD) & FD_CLOEXEC, 0);
    EXPECT_NE(fcntl((*listener)->fd(), F_GETFL) & O_NONBLOCK, 0);
  }
  EXPECT_THAT(NamesIn(directory.path()), IsEmpty());
}

TEST(UnixListener, IgnoresTheUmask) {
  const TemporaryDirectory directory;
  const mode_t before = umask(0077);
  const auto listener = Open(SocketAt("a", directory / "a", 0666));
  umask(before);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_EQ(Look(directory / "a").st_mode, S_IFSOCK | 0666u);
}

TEST(UnixListener, GivesTheSocketToItsUserAndGroup) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to give a file away";
  const TemporaryDirectory directory;
  Socket socket = SocketAt("a", directory / "a", 0660);
  socket.user = "somebody";
  socket.uid = 61001;
  socket.group = "some";
  socket.gid = 61002;
  const auto listener = Open(socket);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_EQ(Look(directory / "a").st_uid, 61001u);
  EXPECT_EQ(Look(directory / "a").st_gid, 61002u);
  ChildProcess member(ClientOf(directory / "a", 61003, 100, "61002"));
  EXPECT_EQ(member.Ask("open 1"), "opened 1");
  ChildProcess stranger(ClientOf(directory / "a", 61004));
  EXPECT_EQ(stranger.Ask("open 1"), "error after 0");
}

TEST(UnixListener, TheFileIsNeverSeenWithAnotherOwnerOrMode) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to give a file away";
  const TemporaryDirectory directory;
  Socket socket = SocketAt("a", directory / "a", 0640);
  socket.user = "somebody";
  socket.uid = 61001;
  std::atomic<bool> done = false;
  std::atomic<int> seen = 0;
  std::atomic<int> wrong = 0;
  std::thread watcher([&] {
    while (!done) {
      const struct stat facts = Look(socket.path);
      if (facts.st_nlink == 0) continue;
      ++seen;
      if (facts.st_mode != (S_IFSOCK | 0640u) || facts.st_uid != 61001) ++wrong;
      for (const std::string& name : NamesIn(directory.path())) {
        const struct stat other = Look(directory / name);
        if (name != "a" && other.st_nlink != 0 && (other.st_mode & 07777) != 0700) ++wrong;
      }
    }
  });
  for (int i = 0; i < 500 || seen == 0; ++i) EXPECT_TRUE(Open(socket).ok());
  done = true;
  watcher.join();
  EXPECT_EQ(wrong, 0);
}

TEST(UnixListener, ReplacesASocketThatNobodyAnswersOn) {
  const TemporaryDirectory directory;
  const std::string path = directory / "a";
  BindAt(path, SOCK_STREAM).Close();
  ASSERT_TRUE(Exists(path));
  const auto listener = Open(SocketAt("a", path));
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_TRUE(Answers(path));
}

TEST(UnixListener, LeavesASocketAloneThatAnotherProcessAnswersOn) {
  const TemporaryDirectory directory;
  const auto first = Open(SocketAt("a", directory / "a"));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(WhyNot(SocketAt("a", directory / "a")), HasSubstr("another process listens"));
  EXPECT_TRUE(Answers(directory / "a"));
}

TEST(UnixListener, TakesAFullBacklogForAnAnswer) {
  const TemporaryDirectory directory;
  const Descriptor busy(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = AddressOf(directory / "a");
  ASSERT_EQ(bind(busy.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(busy.get(), 0), 0);
  std::vector<Descriptor> waiting;
  do {
    waiting.emplace_back(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  } while (connect(waiting.back().get(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof address) == 0);
  EXPECT_THAT(WhyNot(SocketAt("a", directory / "a")), HasSubstr("another process listens"));
}

TEST(UnixListener, LeavesAloneWhatIsNotASocketOfItsKind) {
  const struct {
    const char* what;
    std::function<void(const std::string&)> put;
    const char* why;
  } cases[] = {
      {"a file", [](const std::string& path) { std::ofstream(path) << "keep"; }, "not a socket"},
      {"a directory", [](const std::string& path) { mkdir(path.c_str(), 0700); }, "not a socket"},
      {"a FIFO", [](const std::string& path) { mkfifo(path.c_str(), 0600); }, "not a socket"},
      {"a symbolic link to nothing",
       [](const std::string& path) { EXPECT_EQ(symlink("nowhere", path.c_str()), 0); },
       "not a socket"},
      {"a symbolic link to a stale socket",
       [](const std::string& path) {
         BindAt(path + ".real", SOCK_STREAM).Close();
         EXPECT_EQ(symlink((path + ".real").c_str(), path.c_str()), 0);
       },
       "not a socket"},
  };
  for (const auto& [what, put, why] : cases) {
    SCOPED_TRACE(what);
    const TemporaryDirectory directory;
    const std::string path = directory / "a";
    put(path);
    const struct stat before = Look(path);
    EXPECT_THAT(WhyNot(SocketAt("a", path)), HasSubstr(why));
    EXPECT_EQ(Look(path).st_ino, before.st_ino);
    EXPECT_EQ(Look(path).st_mode, before.st_mode);
  }
}

TEST(UnixListener, LeavesADatagramSocketAlone) {
  const TemporaryDirectory directory;
  const Descriptor other = BindAt(directory / "a", SOCK_DGRAM);
  EXPECT_THAT(WhyNot(SocketAt("a", directory / "a")), HasSubstr("cannot be told"));
  EXPECT_TRUE(Exists(directory / "a"));
}

TEST(UnixListener, WantsADirectoryThatOthersCannotChange) {
  const struct {
    const char* what;
    mode_t mode;
    uid_t owner;
    gid_t group;
    const char* why;  // empty: fine
  } cases[] = {
      {"private", 0700, 0, 0, ""},
      {"public", 0755, 0, 0, ""},
      {"writable by everybody", 0777, 0, 0, "everybody"},
      {"writable by everybody but sticky", 01777, 0, 0, ""},
      {"writable by root's group", 0775, 0, 0, ""},
      {"writable by another group", 0775, 0, 61001, "by group 61001"},
      {"writable by another group but sticky", 01775, 0, 61001, ""},
      {"readable by another group", 0750, 0, 61001, ""},
      {"another user's", 0700, 61001, 0, "belongs to uid 61001"},
      {"another user's and sticky", 01777, 61001, 0, "belongs to uid 61001"},
  };
  for (const auto& [what, mode, owner, group, why] : cases) {
    SCOPED_TRACE(what);
    const TemporaryDirectory directory;
    const std::string parent = directory / "run";
    ASSERT_EQ(mkdir(parent.c_str(), 0700), 0);
    if (geteuid() == 0) {
      ASSERT_EQ(chown(parent.c_str(), owner, group), 0);
    } else if (owner != 0 || group != 0) {
      continue;
    }
    ASSERT_EQ(chmod(parent.c_str(), mode), 0);
    const std::string reason = WhyNot(SocketAt("a", parent + "/a"));
    if (*why == '\0') {
      EXPECT_EQ(reason, "");
    } else {
      EXPECT_THAT(reason, HasSubstr(why));
    }
  }
}

TEST(UnixListener, SaysWhatIsWrongWithAPath) {
  const TemporaryDirectory directory;
  const struct {
    std::string path;
    const char* why;
  } cases[] = {
      {"agents.sock", "not an absolute path"},
      {"run/agents.sock", "not an absolute path"},
      {directory.path() + "/", "not an absolute path of a file"},
      {"", "not an absolute path"},
      {directory / "missing/agents.sock", "cannot open the directory"},
      {directory / "/.", "not a socket"},
      {directory / std::string(200, 'x'), "107 at most"},
  };
  for (const auto& [path, why] : cases) {
    SCOPED_TRACE(path);
    EXPECT_THAT(WhyNot(SocketAt("agents", path)), HasSubstr(why));
    EXPECT_THAT(WhyNot(SocketAt("agents", path)), HasSubstr("socket \"agents\""));
  }
}

TEST(UnixListener, TakesPathsOf107BytesAndNoLonger) {
  const TemporaryDirectory directory;
  const std::string longest = directory / std::string(106 - directory.path().size(), 'x');
  ASSERT_EQ(longest.size(), 107u);
  {
    const auto listener = Open(SocketAt("a", longest));
    ASSERT_TRUE(listener.ok()) << listener.status();
    EXPECT_TRUE(Answers(longest));
  }
  EXPECT_THAT(WhyNot(SocketAt("a", longest + "x")), HasSubstr("has 108 bytes"));
}

TEST(UnixListener, WantsToKnowTheOwner) {
  const TemporaryDirectory directory;
  Socket socket = SocketAt("a", directory / "a");
  socket.user = "no-such-user";
  EXPECT_THAT(WhyNot(socket), HasSubstr("no user \"no-such-user\""));
  socket.user.clear();
  socket.group = "no-such-group";
  EXPECT_THAT(WhyNot(socket), HasSubstr("no group \"no-such-group\""));
  EXPECT_THAT(NamesIn(directory.path()), IsEmpty());
}

TEST(UnixListener, RemovesOnlyItsOwnFile) {
  const TemporaryDirectory directory;
  auto listener = Open(SocketAt("a", directory / "a"));
  ASSERT_TRUE(listener.ok()) << listener.status();
  ASSERT_EQ(unlink((directory / "a").c_str()), 0);
  const Descriptor successor = BindAt(directory / "a", SOCK_STREAM);
  listener->reset();
  EXPECT_TRUE(Answers(directory / "a"));
}

TEST(UnixListener, WithoutAnInheritedListenerOfTheNameDoesNotMakeOne) {
  Socket socket = SocketAt("agents", "");
  socket.systemd = "agents-fd";
  EXPECT_THAT(WhyNot(socket), HasSubstr("inherited listener \"agents-fd\" does not exist"));
}

}  // namespace
}  // namespace behalf
