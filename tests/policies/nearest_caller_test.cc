#include "policies/nearest_caller.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/policies/catalogs.h"

namespace behalf {
namespace {

std::shared_ptr<const Catalog> OneOfEach() {
  return CatalogOf(std::string(kHouse) + R"(---
apiVersion: behalf/v1
kind: Tool
metadata:
  name: mail-search
spec:
  callers:
    - unix: {socket: tools, user: "2001"}
---
apiVersion: behalf/v1
kind: Tool
metadata:
  name: built-in
spec:
  separation: none
  callers:
    - unix: {socket: tools, user: "2002"}
)" + kBlueprintHead +
                   R"(
  agents:
    - name: bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2
      callers:
        - unix: {socket: agents, user: "1001"}
...
)");
}

// What the loader would refuse as an agent's caller.
TEST(NearestCaller, SomeCallersCannotBeAnAgents) {
  const auto catalog = OneOfEach();
  ASSERT_NE(catalog, nullptr);
  struct Case {
    std::string_view name, socket;
    uid_t uid;
    bool cannot;
  };
  const Case cases[] = {
      {"a stranger", "agents", 4001, false},
      {"a stranger on the tools' socket", "tools", 4001, false},
      {"nobody", "agents", 65534, true},
      {"an admin", "admin", 900, true},
      {"a stranger on the admins' socket", "admin", 4001, true},
      {"a tool's account", "agents", 2001, true},
      {"the account of a tool that need not be separate", "agents", 2002, false},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(CannotBeAnAgent(*catalog, {.socket = test.socket, .uid = test.uid, .groups = {}}),
              test.cannot)
        << test.name;
  }
}

}  // namespace
}  // namespace behalf
