#include "daemon/cli/pages.h"

#include <gtest/gtest.h>

#include "tests/daemon/cli/golden.h"

namespace behalf::cli {
namespace {

TEST(Pages, DocsCliIsTheTableOfCommands) { ExpectCurrent("docs/cli.md", MarkdownPage()); }

}  // namespace
}  // namespace behalf::cli
