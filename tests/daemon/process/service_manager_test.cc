// The daemon tells its service manager what sd_notify(3) says, over sockets in
// the file system and abstract ones.
#include "daemon/process/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

#include "daemon/base/descriptor.h"
#include "tests/daemon/process/scratch_tree.h"

namespace behalf {
namespace {

// Listens as a service manager does; `name` as in NOTIFY_SOCKET.
class Manager {
 public:
  explicit Manager(const std::string& name) : fd_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), size), 0) << name;
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }

  // The next message; empty when there is none. A datagram that was sent is there.
  std::string Next() const {
    std::string message(4096, '\0');
    const ssize_t size = recv(fd_.get(), message.data(), message.size(), MSG_DONTWAIT);
    message.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return message;
  }

 private:
  Descriptor fd_;
};

std::string AbstractName() { return "@behalf-test-" + std::to_string(getpid()); }

TEST(ServiceManager, HearsOfEachStepOverASocketFile) {
  const ScratchTree tree;
  const Manager manager(tree.Path("notify"));
  const ServiceManager told = ServiceManager::FromEnvironment();
  told.Ready("serves 3 blueprints");
  EXPECT_EQ(manager.Next(), "READY=1\nSTATUS=serves 3 blueprints");
  told.Status("serves 2");
  EXPECT_EQ(manager.Next(), "STATUS=serves 2");
  told.Stopping();
  EXPECT_EQ(manager.Next(), "STOPPING=1\nSTATUS=ends what is under way");
  EXPECT_EQ(manager.Next(), "");
}

TEST(ServiceManager, HearsOverAnAbstractSocket) {
  const Manager manager(AbstractName());
  ServiceManager::FromEnvironment().Ready("serves");
  EXPECT_EQ(manager.Next(), "READY=1\nSTATUS=serves");
}

TEST(ServiceManager, ReloadingCarriesTheMonotonicTimeInMicroseconds) {
  const Manager manager(AbstractName());
  timespec before{};
  clock_gettime(CLOCK_MONOTONIC, &before);
  ServiceManager::FromEnvironment().Reloading();
  timespec after{};
  clock_gettime(CLOCK_MONOTONIC, &after);

  const std::string message = manager.Next();
  const std::string start = "RELOADING=1\nMONOTONIC_USEC=";
  ASSERT_TRUE(message.starts_with(start)) << message;
  const long long said = std::stoll(message.substr(start.size()));
  EXPECT_GE(said, before.tv_sec * 1'000'000LL + before.tv_nsec / 1'000);
  EXPECT_LE(said, after.tv_sec * 1'000'000LL + after.tv_nsec / 1'000);
}

TEST(ServiceManager, AStatusCannotAddAnAssignment) {
  const Manager manager(AbstractName());
  ServiceManager::FromEnvironment().Status("one\nMAINPID=1");
  EXPECT_EQ(manager.Next(), "STATUS=one MAINPID=1");
}

TEST(ServiceManager, TheEnvironmentForgetsIt) {
  const Manager manager(AbstractName());
  const ServiceManager told = ServiceManager::FromEnvironment();
  EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr);
  ServiceManager::FromEnvironment().Ready("nobody hears this");
  EXPECT_EQ(manager.Next(), "");
}

// What the log says where the service manager stands at `socket`.
std::string LogWhereItIs(const char* socket) {
  if (socket == nullptr) {
    unsetenv("NOTIFY_SOCKET");
  } else {
    setenv("NOTIFY_SOCKET", socket, 1);
  }
  testing::internal::CaptureStdout();
  ServiceManager::FromEnvironment().Ready("serves");
  return testing::internal::GetCapturedStdout();
}

TEST(ServiceManager, ThatIsNotThereIsNotMissed) {
  EXPECT_EQ(LogWhereItIs(nullptr), "");
  EXPECT_EQ(LogWhereItIs(""), "");
}

TEST(ServiceManager, ThatCannotBeToldStopsNothingAndTheLogSaysSo) {
  for (const char* name : {"relative", "vsock:2:1234"}) {
    const std::string log = LogWhereItIs(name);
    EXPECT_NE(log.find("NOTIFY_SOCKET names no unix socket"), std::string::npos) << log;
    EXPECT_EQ(log.find("READY=1"), std::string::npos) << log;
  }
  for (const std::string& name : {std::string("/nowhere/notify"), "/" + std::string(200, 'x')}) {
    const std::string log = LogWhereItIs(name.c_str());
    EXPECT_NE(log.find("the service manager is not told READY=1: "), std::string::npos) << log;
    EXPECT_EQ(log.find("STATUS"), std::string::npos) << log;
  }
}

}  // namespace
}  // namespace behalf
