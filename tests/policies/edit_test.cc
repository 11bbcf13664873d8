#include "policies/edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

// docs/explain.md lists every kind of edit, in the words that are printed.
TEST(Edits, ThePageListsThemAll) {
  std::ifstream in(BEHALF_SOURCE_DIR "/docs/explain.md");
  const std::string page(std::istreambuf_iterator<char>(in), {});
  std::string table = "| edit | what to do |\n|---|---|\n";
  for (int kind = 0; kind <= static_cast<int>(EditKind::kRemoveAllowance); ++kind) {
    const Edit edit = {
        .kind = static_cast<EditKind>(kind), .item = "ITEM", .values = {"VALUES"}, .place = {}};
    const std::string_view name = EditName(edit.kind);
    absl::StrAppend(&table, "| `", absl::string_view(name.data(), name.size()), "` | ",
                    Describe(edit), " |\n");
  }
  EXPECT_THAT(page, testing::EndsWith(table)) << table;
}

}  // namespace
}  // namespace behalf
