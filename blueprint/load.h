// YAML text -> issues or a Catalog.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "blueprint/catalog.h"
#include "blueprint/credential_files.h"
#include "blueprint/issue.h"

namespace behalf {

struct SourceFile {
  std::string path;  // for messages, and the base of relative file names
  std::string text;
};

// The host's accounts. Implementations are thread-safe.
class HostAccounts {
 public:
  virtual ~HostAccounts() = default;
  virtual std::optional<uid_t> Uid(const std::string& user) const = 0;
  virtual std::optional<gid_t> Gid(const std::string& group) const = 0;
  // The groups of a user by the account database; empty when it has none.
  virtual std::vector<gid_t> GroupsOf(uid_t uid) const = 0;
  // The uid that stands for users of other namespaces, who are nobody.
  virtual uid_t OverflowUid() const = 0;
};

// getpwnam and friends, and /proc/sys/kernel/overflowuid.
std::unique_ptr<HostAccounts> SystemAccounts();

struct LoadResult {
  std::shared_ptr<const Catalog> catalog;  // null when an issue is kDocument
  std::vector<Issue> issues;               // sorted by place
};

// Loads all or nothing. Pure but for `accounts` and the host's time zones.
LoadResult Load(const std::vector<SourceFile>& files, const HostAccounts& accounts);

// Reads the *.yaml files of a directory, recursively and in byte order of
// their paths, or one file. Hidden files are left out; symbolic links to files
// are followed. Fails when something cannot be read or is too large.
absl::StatusOr<std::vector<SourceFile>> ReadSources(const std::string& path);

// The validity of a credential that is in hand already, whatever became of its
// files since; empty when it is not.
using CredentialInHand = std::function<std::optional<Validity>(const Credential&)>;

struct HostView {
  std::string credentials_directory;  // systemd's; empty: there is none
  absl::Time now;
  CredentialInHand in_hand = {};
};

// The facts of this host that disable blueprints: credentials that cannot be
// read (credential_files.h), unless they are in hand, or that expired; CA files
// that cannot be read. Each names the blueprint it disables; a CA file disables
// all blueprints of its provider.
std::vector<Issue> CheckHost(const Catalog& catalog, const HostView& host);

}  // namespace behalf
