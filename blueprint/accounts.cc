#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <fstream>

#include "blueprint/load.h"

namespace behalf {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

// Calls one of the *_r functions with a buffer that grows until it is enough.
template <class Record, class Call>
std::optional<Record> LookUp(Call call, std::vector<char>& buffer) {
  for (buffer.resize(4096); buffer.size() <= kMostBytes; buffer.resize(buffer.size() * 4)) {
    Record record = {};
    Record* found = nullptr;
    const int error = call(&record, buffer.data(), buffer.size(), &found);
    if (error == EINTR || error == ERANGE) continue;
    return found == nullptr ? std::nullopt : std::optional(record);
  }
  return std::nullopt;
}

class HostDatabase : public HostAccounts {
 public:
  std::optional<uid_t> Uid(const std::string& user) const override {
    std::vector<char> buffer;
    const auto record =
        LookUp<passwd>([&](auto... rest) { return getpwnam_r(user.c_str(), rest...); }, buffer);
    return record ? std::optional(record->pw_uid) : std::nullopt;
  }

  std::optional<gid_t> Gid(const std::string& name) const override {
    std::vector<char> buffer;
    const auto record =
        LookUp<group>([&](auto... rest) { return getgrnam_r(name.c_str(), rest...); }, buffer);
    return record ? std::optional(record->gr_gid) : std::nullopt;
  }

  std::vector<gid_t> GroupsOf(uid_t uid) const override {
    std::vector<char> buffer;
    const auto record =
        LookUp<passwd>([&](auto... rest) { return getpwuid_r(uid, rest...); }, buffer);
    if (!record) return {};
    std::vector<gid_t> groups(64);
    int count = static_cast<int>(groups.size());
    while (getgrouplist(record->pw_name, record->pw_gid, groups.data(), &count) < 0) {
      if (groups.size() > 65536) return {};
      groups.resize(groups.size() * 2);
      count = static_cast<int>(groups.size());
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
  }

  uid_t OverflowUid() const override {
    uid_t uid = 65534;
    std::ifstream("/proc/sys/kernel/overflowuid") >> uid;
    return uid;
  }
};

}  // namespace

std::unique_ptr<HostAccounts> SystemAccounts() { return std::make_unique<HostDatabase>(); }

}  // namespace behalf
