#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "blueprint/document_set.h"

namespace behalf::loader {
namespace {

class AdminSocketCheck {
 public:
  AdminSocketCheck(const DocumentSet& set, Report& report) : report_(report) {
    for (const auto& daemon : set.daemons) {
      for (const UnixSelector& admin : daemon->admins) {
        if (!admin.socket.empty()) admins_.try_emplace(admin.socket, &admin.place);
      }
    }
  }

  void Check(const std::vector<UnixSelector>& selectors, std::string_view what) {
    for (const UnixSelector& selector : selectors) {
      const auto admin = admins_.find(selector.socket);
      if (admin == admins_.end()) continue;
      const Place& place = *admin->second;
      report_.Error(
          selector.place,
          absl::StrCat("the socket `", selector.socket, "` is for admins alone (", place.file, ":",
                       place.line, ":", place.column, ")"),
          absl::StrCat("give ", std::string(what), " another socket, or admins one of their own"));
    }
  }

 private:
  absl::flat_hash_map<std::string, const Place*> admins_;
  Report& report_;
};

}  // namespace

void CheckAdminSockets(const DocumentSet& set, Report& report) {
  AdminSocketCheck check(set, report);
  for (const auto& tool : set.tools) check.Check(tool->callers, "tools");
  for (const auto& blueprint : set.blueprints) {
    for (const Agent& agent : blueprint->agents) check.Check(agent.callers, "agents");
  }
}

}  // namespace behalf::loader
