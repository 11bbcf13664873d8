// All memory is locked, or it is said why it cannot be; each in a child.
#include "daemon/process/memory_lock.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include "daemon/process/sanitized.h"
#include "tests/daemon/process/child.h"

namespace behalf {
namespace {

constexpr int kRefused = 77;
constexpr std::size_t kMuch = 256 << 20;
constexpr uid_t kNobody = 65534;

class MemoryLock : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kSanitized) GTEST_SKIP() << "a sanitizer reserves terabytes";
  }
};

int EndWhenLocked(const std::function<int()>& act) {
  return EndOf([&] { return LockMemory().ok() ? act() : kRefused; });
}

// A number of /proc/self/status, in KiB.
std::int64_t Kibibytes(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":")) return std::stoll(line.substr(name.size() + 1));
  }
  return -1;
}

// The flags of the mapping that begins there, as /proc/self/smaps has them.
std::string FlagsOf(const void* address) {
  std::ostringstream begin;
  begin << std::hex << reinterpret_cast<std::uintptr_t>(address) << '-';
  std::ifstream file("/proc/self/smaps");
  bool here = false;
  for (std::string line; std::getline(file, line);) {
    here = here || line.starts_with(begin.str());
    if (here && line.starts_with("VmFlags:")) return line;
  }
  return "";
}

void* Map(std::size_t size) {
  return mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

TEST_F(MemoryLock, CoversWhatIsMappedAndWhatWillBe) {
  const int end = EndWhenLocked([] {
    if (Kibibytes("VmLck") <= 0) return 1;
    void* const later = Map(4096);
    return FlagsOf(later).find(" lo") == std::string::npos ? 2 : 0;
  });
  if (end == kRefused) GTEST_SKIP() << "needs an unlimited RLIMIT_MEMLOCK, or root";
  EXPECT_EQ(end, 0);
}

TEST_F(MemoryLock, TakesNoMemoryByItself) {
  const int end = EndWhenLocked([] {
    const std::int64_t before = Kibibytes("VmRSS");
    if (Map(kMuch) == MAP_FAILED) return 1;
    return Kibibytes("VmRSS") - before > 1024 ? 2 : 0;
  });
  if (end == kRefused) GTEST_SKIP() << "needs an unlimited RLIMIT_MEMLOCK, or root";
  EXPECT_EQ(end, 0);
}

TEST_F(MemoryLock, IsRefusedWhereALimitWouldBeMetLater) {
  const int end = EndOf([] {
    const rlimit limit{.rlim_cur = 1 << 20, .rlim_max = 8 << 20};
    if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 1;
    if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) return 2;
    const absl::Status locked = LockMemory();
    if (locked.message().find("at most 8192 KiB of memory may be locked") != 0) return 3;
    return Kibibytes("VmLck") == 0 ? 0 : 4;
  });
  EXPECT_EQ(end, 0);
}

}  // namespace
}  // namespace behalf
