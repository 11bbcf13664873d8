#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "behalf/v1/reason.pb.h"
#include "daemon/base/reason.h"
#include "tests/daemon/cli/golden.h"

namespace behalf::cli {
namespace {

constexpr char kStart[] = "<!-- reasons: made from daemon/base/reason.cc, do not edit -->\n";
constexpr char kEnd[] = "<!-- end of reasons -->\n";

std::string Table() {
  std::string out =
      "\n| reason | gRPC code | whose move | what happened, what to do |\n|---|---|---|---|\n";
  for (const ReasonRow& row : AllReasons()) {
    absl::StrAppend(&out, "| `", std::string(row.name), "` | `", absl::StatusCodeToString(row.code),
                    "` | ", std::string(MoveName(row.move)), " | ", std::string(row.advice),
                    " |\n");
  }
  return out + "\n";
}

TEST(ErrorsPage, HoldsTheTableOfAllReasons) {
  const std::string page = SourceText("docs/errors.md");
  const auto start = page.find(kStart);
  const auto end = page.find(kEnd);
  ASSERT_NE(start, page.npos);
  ASSERT_NE(end, page.npos);
  ExpectCurrent("docs/errors.md", page.substr(0, start) + kStart + Table() + page.substr(end));
}

TEST(ErrorsPage, TheProtoEnumIsTheTableOfAllReasons) {
  const auto* descriptor = v1::Reason_descriptor();
  ASSERT_EQ(static_cast<std::size_t>(descriptor->value_count()), AllReasons().size() + 1);
  EXPECT_EQ(descriptor->value(0)->name(), "REASON_UNSPECIFIED");
  for (const ReasonRow& row : AllReasons()) {
    const auto* value = descriptor->FindValueByNumber(static_cast<int>(row.reason));
    ASSERT_NE(value, nullptr) << row.name;
    EXPECT_EQ(value->name(), absl::StrCat("REASON_", std::string(row.name)));
  }
}

// The comment above a line of the proto file, on one line.
std::string CommentAbove(const std::string& proto, const std::string& name) {
  std::istringstream lines(proto);
  std::string line, comment;
  while (std::getline(lines, line)) {
    const std::string text(absl::StripAsciiWhitespace(line));
    if (text.starts_with(name + " ")) return comment;
    if (!text.starts_with("//")) comment.clear();
    if (text.starts_with("//"))
      absl::StrAppend(&comment, comment.empty() ? "" : " ", text.substr(3));
  }
  return "";
}

TEST(ErrorsPage, TheCommentsOfTheProtoEnumSayWhatTheTableSays) {
  const std::string proto = SourceText("proto/behalf/v1/reason.proto");
  for (const ReasonRow& row : AllReasons()) {
    std::string sentence(row.advice);
    sentence[0] = absl::ascii_toupper(static_cast<unsigned char>(sentence[0]));
    EXPECT_EQ(CommentAbove(proto, absl::StrCat("REASON_", std::string(row.name))),
              absl::StrCat(sentence, ". ", absl::StatusCodeToString(row.code), "; ",
                           std::string(MoveName(row.move)), "."));
  }
}

}  // namespace
}  // namespace behalf::cli
