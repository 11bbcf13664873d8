// A host with a few accounts, for tests.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "blueprint/load.h"

namespace behalf {

class FakeAccounts : public HostAccounts {
 public:
  std::map<std::string, uid_t> users = {{"root", 0},        {"invoice", 1001},
                                        {"travel", 1002},   {"mail-search", 1003},
                                        {"calendar", 1004}, {"nobody", 65534}};
  std::map<std::string, gid_t> groups = {{"invoice", 2001},        {"agents", 2002},
                                         {"tools", 2003},          {"behalf-operators", 2004},
                                         {"behalf-clients", 2005}, {"nogroup", 65534}};
  std::map<uid_t, std::vector<gid_t>> members = {{1001, {2001, 2002}}, {1003, {2003}}};

  std::optional<uid_t> Uid(const std::string& user) const override { return Find(users, user); }
  std::optional<gid_t> Gid(const std::string& group) const override { return Find(groups, group); }
  std::vector<gid_t> GroupsOf(uid_t uid) const override {
    const auto found = members.find(uid);
    return found == members.end() ? std::vector<gid_t>{} : found->second;
  }
  uid_t OverflowUid() const override { return 65534; }

 private:
  template <class Id>
  static std::optional<Id> Find(const std::map<std::string, Id>& accounts,
                                const std::string& name) {
    const auto found = accounts.find(name);
    return found == accounts.end() ? std::nullopt : std::optional(found->second);
  }
};

}  // namespace behalf
