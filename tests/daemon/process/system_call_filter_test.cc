// What a process can and cannot do under the filter; each in a child, as there
// is no way back.
#include "daemon/process/system_call_filter.h"

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <linux/sched.h>
#include <netdb.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>
#include <set>
#include <string>
#include <thread>

#include "daemon/process/sanitized.h"
#include "tests/daemon/process/child.h"

namespace behalf {
namespace {

constexpr int kNotFiltered = 100;
constexpr int kMostSystemCalls = 80;

int EndUnderTheFilter(const std::function<int()>& act) {
  return EndOf([&] { return FilterSystemCalls().ok() ? act() : kNotFiltered; });
}

class SystemCallFilter : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kSanitized) GTEST_SKIP() << "a sanitizer does what the filter forbids";
  }
};

TEST(AllowedSystemCalls, AreFew) {
  const auto names = AllowedSystemCalls();
  const std::set<std::string_view> distinct(names.begin(), names.end());
  EXPECT_EQ(distinct.size(), names.size());
  EXPECT_LE(distinct.size(), kMostSystemCalls);
  for (const char* never : {"execve", "fork", "ptrace", "bind", "listen", "kill", "setuid"}) {
    EXPECT_FALSE(distinct.contains(never)) << never;
  }
}

TEST_F(SystemCallFilter, EndsAProcessThatDoesWhatOnlyAnIntruderWould) {
  const struct {
    const char* name;
    long number;
  } intrusions[] = {{"execve", SYS_execve},
                    {"execveat", SYS_execveat},
                    {"ptrace", SYS_ptrace},
                    {"process_vm_readv", SYS_process_vm_readv},
                    {"process_vm_writev", SYS_process_vm_writev},
                    {"perf_event_open", SYS_perf_event_open},
                    {"bpf", SYS_bpf},
                    {"userfaultfd", SYS_userfaultfd},
                    {"io_uring_setup", 425},
                    {"setuid", SYS_setuid},
                    {"setresuid", SYS_setresuid},
                    {"setgroups", SYS_setgroups},
                    {"capset", SYS_capset},
                    {"keyctl", SYS_keyctl},
                    {"mount", SYS_mount},
                    {"pivot_root", SYS_pivot_root},
                    {"chroot", SYS_chroot},
                    {"unshare", SYS_unshare},
                    {"setns", SYS_setns},
                    {"open_by_handle_at", SYS_open_by_handle_at},
                    {"init_module", SYS_init_module},
                    {"kexec_load", SYS_kexec_load}};
  for (const auto& [name, number] : intrusions) {
    EXPECT_EQ(EndUnderTheFilter([call = number] {
                syscall(call, 0, 0, 0, 0, 0);
                return 0;
              }),
              -SIGSYS)
        << name;
  }
}

TEST_F(SystemCallFilter, EndsAProcessThatForks) {
  EXPECT_EQ(EndUnderTheFilter([] { return fork() == 0 ? 0 : 1; }), -SIGSYS);
  EXPECT_EQ(EndUnderTheFilter([] { return std::system("true"); }), -SIGSYS);
}

TEST_F(SystemCallFilter, RefusesTheRestAsAKernelWithoutIt) {
  const struct {
    const char* name;
    std::function<long()> act;
    int error;
  } refused[] = {
      {"netlink", [] { return socket(AF_NETLINK, SOCK_RAW, 0); }, EAFNOSUPPORT},
      {"packets", [] { return socket(AF_PACKET, SOCK_RAW, 0); }, EAFNOSUPPORT},
      {"vsock", [] { return socket(AF_VSOCK, SOCK_STREAM, 0); }, EAFNOSUPPORT},
      {"an old family", [] { return socket(AF_IPX, SOCK_DGRAM, 0); }, ENOSYS},
      {"bind", [] { return syscall(SYS_bind, 0, 0, 0); }, ENOSYS},
      {"listen", [] { return syscall(SYS_listen, 0, 0); }, ENOSYS},
      {"a file in memory", [] { return syscall(SYS_memfd_create, "", 0); }, ENOSYS},
      {"clone3", [] { return syscall(SYS_clone3, nullptr, 0); }, ENOSYS},
      {"a signal for another", [] { return kill(getppid(), 0); }, ENOSYS},
      {"another's thread", [] { return syscall(SYS_tgkill, getppid(), getppid(), 0); }, ENOSYS},
      {"typing into a terminal", [] { return ioctl(0, TIOCSTI, ""); }, ENOSYS},
      {"core files again", [] { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }, ENOSYS},
      {"a higher limit",
       [] {
         const rlimit limit{};
         return setrlimit(RLIMIT_CORE, &limit);
       },
       ENOSYS},
      {"code in memory",
       [] {
         void* const page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         return page == MAP_FAILED ? -1 : 0;
       },
       EACCES},
      {"data that becomes code",
       [] {
         void* const page =
             mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         return mprotect(page, 4096, PROT_READ | PROT_EXEC);
       },
       EACCES}};
  for (const auto& one : refused) {
    EXPECT_EQ(EndUnderTheFilter([&one] { return one.act() == -1 ? errno : 0; }), one.error)
        << one.name;
  }
}

TEST_F(SystemCallFilter, HoldsThreadsThatWereThereBefore) {
  EXPECT_EQ(EndOf([] {
              std::promise<void> filtered;
              std::thread before([&] {
                filtered.get_future().wait();
                syscall(SYS_ptrace, 0, 0, 0, 0);
              });
              if (!FilterSystemCalls().ok()) return kNotFiltered;
              filtered.set_value();
              before.join();
              return 0;
            }),
            -SIGSYS);
}

TEST_F(SystemCallFilter, LetsThreadsBeginAndEnd) {
  EXPECT_EQ(EndUnderTheFilter([] {
              std::atomic<int> ran = 0;
              std::thread one([&] { ++ran; });
              std::thread other([&] { ++ran; });
              one.join();
              other.join();
              return ran.load();
            }),
            2);
}

TEST_F(SystemCallFilter, LetsTheProcessAbort) {
  EXPECT_EQ(EndUnderTheFilter([]() -> int { abort(); }), -SIGABRT);
}

TEST_F(SystemCallFilter, LeavesLookUpsAsTheyWere) {
  const auto look = [] {
    if (getpwuid(0) == nullptr) return 1;
    errno = 0;
    if (getpwnam("behalf-is-no-account") != nullptr || errno == EACCES) return 2;
    errno = 0;
    if (getgrnam("behalf-is-no-group") != nullptr || errno == EACCES) return 3;
    addrinfo* found = nullptr;
    if (getaddrinfo("localhost", "443", nullptr, &found) != 0) return 4;
    return 0;
  };
  EXPECT_EQ(EndUnderTheFilter(look), 0);
}

TEST_F(SystemCallFilter, SaysWhatIsWrongWhereItIsNotPermitted) {
  EXPECT_EQ(EndOf([] {
              scmp_filter_ctx outer = seccomp_init(SCMP_ACT_ALLOW);
              seccomp_rule_add(outer, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(seccomp), 0);
              if (seccomp_load(outer) != 0) return 1;
              const absl::Status filtered = FilterSystemCalls();
              return filtered.message().find("system calls cannot be restricted: ") == 0 ? 0 : 2;
            }),
            0);
}

TEST_F(SystemCallFilter, IsSeenInTheProcess) {
  EXPECT_EQ(EndUnderTheFilter([] {
              std::ifstream file("/proc/self/status");
              int seen = 0;
              for (std::string line; std::getline(file, line);) {
                if (line == "NoNewPrivs:\t1" || line == "Seccomp:\t2") ++seen;
              }
              return seen;
            }),
            2);
}

}  // namespace
}  // namespace behalf
