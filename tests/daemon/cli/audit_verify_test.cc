#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "daemon/audit/audit_log.h"
#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/scratch.h"
#include "tests/status_matchers.h"

namespace behalf::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr absl::Time kTime = absl::UnixEpoch();

class AuditVerifyTest : public testing::Test {
 protected:
  AuditVerifyTest() : log_(*AuditLog::Open(file_)) {
    for (int i = 1; i <= 4; ++i) {
      EXPECT_THAT(log_->Append({.time = kTime, .decision_id = std::to_string(i)}), IsOk());
    }
  }

  std::string Rotate() {
    const std::string rotated = file_ + ".1";
    std::filesystem::rename(file_, rotated);
    EXPECT_THAT(log_->Reopen({.time = kTime, .event = AuditEvent::kReopened}), IsOk());
    return rotated;
  }

  const Scratch scratch_;
  const std::string file_ = scratch_.Path("audit.jsonl");
  const std::unique_ptr<AuditLog> log_;
};

TEST_F(AuditVerifyTest, ARecordThatFits) {
  const Outcome outcome = RunLine({"audit", "verify", file_});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("records   4\n"));
  EXPECT_THAT(outcome.out, HasSubstr(file_ + ":1: chain "));
  EXPECT_THAT(outcome.out, HasSubstr("whether others followed it, only an anchor tells"));
}

TEST_F(AuditVerifyTest, TheLineThatDoesNotFitIsNamed) {
  std::string text = scratch_.Read("audit.jsonl");
  text.replace(text.find("\"2\""), 3, "\"9\"");
  scratch_.Write("audit.jsonl", text);
  const Outcome outcome = RunLine({"audit", "verify", file_});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr(file_ + ":2: was edited"));
  EXPECT_THAT(outcome.out, HasSubstr("expected after " + file_ + ":2 record 3 of chain "));
  const Outcome json = RunLine({"audit", "verify", file_, "-o", "json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_THAT(json.out, HasSubstr("\"fits\":false"));
  EXPECT_THAT(json.out, HasSubstr("\"line\":2,\"what\":\"was edited"));
}

TEST_F(AuditVerifyTest, FilesOfARotationInTheirOrder) {
  const std::string rotated = Rotate();
  EXPECT_EQ(RunLine({"audit", "verify", rotated, file_}).code, 0);
  EXPECT_EQ(RunLine({"audit", "verify", file_, rotated}).code, 1);
  const Outcome later = RunLine({"audit", "verify", file_});
  EXPECT_EQ(later.code, 0);
  EXPECT_THAT(later.out, HasSubstr("goes on with record 5: those before it are in files"));
}

TEST_F(AuditVerifyTest, WhatIsInNoChainIsNotVouchedFor) {
  const std::string old = scratch_.Write("old.jsonl", "{\"event\":\"denied\"}\n");
  const Outcome alone = RunLine({"audit", "verify", old});
  EXPECT_EQ(alone.code, 1);
  EXPECT_EQ(alone.out, "no line is in a chain\n");
  const Outcome outcome = RunLine({"audit", "verify", old, file_, "-o", "json"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("\"unchained\":1,"));
}

TEST_F(AuditVerifyTest, WithAKeySomethingMustBeSignedByIt) {
  const Ed25519PrivateKey key(SecretString(std::string(32, 'k')));
  const std::string pem = scratch_.Write("head.pub", key.public_key().Pem());
  const Outcome none = RunLine({"audit", "verify", "--key", pem, file_});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.out, HasSubstr("no line is signed by the key\n"));
  const auto log = *AuditLog::Open(file_, {.key = key});
  EXPECT_THAT(log->Append({.time = kTime}), IsOk());
  EXPECT_THAT(log->SignHead(kTime), IsOk());
  const Outcome outcome = RunLine({"audit", "verify", "--key", pem, file_, "-o", "json"});
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("\"heads\":1,\"unsigned\":0"));
  const std::string text = scratch_.Write("text", "text");
  EXPECT_EQ(RunLine({"audit", "verify", "--key", text, file_}).code, 4);
}

TEST_F(AuditVerifyTest, AFileThatCannotBeReadIsNoFault) {
  const Outcome outcome = RunLine({"audit", "verify", scratch_.Path("none")});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("cannot read"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("records")));
}

}  // namespace
}  // namespace behalf::cli
