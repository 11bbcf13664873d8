#include "daemon/audit/audit_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace behalf {
namespace {

using testing::HasSubstr;
using testing::Not;

const absl::Time kNow = absl::FromUnixMicros(1'750'000'000'000'042);

AuditRecord Call(AuditEvent event) {
  return {.time = kNow,
          .event = event,
          .decision_id = "d-1",
          .caller = {.socket = "agents", .uid = 1001, .gid = 1002, .pid = 77},
          .blueprint = "invoice-assistant",
          .agent = "invoice-bot",
          .user = {.tid = "t-1", .oid = "o-1", .digest = "u-1"},
          .subject_digest = "k:aa",
          .api = "graph",
          .access = "delegated",
          .scopes_asked = {"Mail.Read"},
          .catalog_digest = "c-1"};
}

constexpr char kCallPrefix[] =
    R"("decision_id":"d-1","caller":{"socket":"agents","uid":1001,"gid":1002,"pid":77},)"
    R"("blueprint":"invoice-assistant","agent":"invoice-bot",)"
    R"("user":{"tid":"t-1","oid":"o-1","digest":"u-1"},"subject":{"digest":"k:aa"},)"
    R"("api":"graph","access":"delegated",)";

std::string Line(std::string_view event, std::string_view rest) {
  return R"({"time":"2025-06-15T15:06:40.000042Z","event":")" + std::string(event) + "\"" +
         std::string(rest) + "}\n";
}

TEST(AuditRecordTest, ATokenIssuedIsOneGoldenLine) {
  AuditRecord record = Call(AuditEvent::kTokenIssued);
  record.scopes = {"Mail.Read", "User.Read"};
  record.allowance = "mail.yaml:31";
  record.token = {.digest = "k:bb", .uti = "uti-1", .expires_at = kNow + absl::Hours(1)};
  record.correlation_ids = {"corr-1", "corr-2"};
  EXPECT_EQ(ToJsonLine(record),
            Line("token_issued", "," + std::string(kCallPrefix) +
                                     R"("scopes_asked":["Mail.Read"],)"
                                     R"("allowance":"mail.yaml:31","catalog_digest":"c-1",)"
                                     R"("scopes":["Mail.Read","User.Read"],)"
                                     R"("token":{"digest":"k:bb","uti":"uti-1",)"
                                     R"("expires_at":"2025-06-15T16:06:40.000042Z"},)"
                                     R"("correlation_ids":["corr-1","corr-2"])"));
}

TEST(AuditRecordTest, AHandleCreatedIsOneGoldenLine) {
  AuditRecord record = Call(AuditEvent::kHandleCreated);
  record.tool = "mail-search";
  record.handle_digest = "k:cc";
  record.separation_none = true;
  EXPECT_EQ(ToJsonLine(record),
            Line("handle_created", "," + std::string(kCallPrefix) +
                                       R"("tool":"mail-search","scopes_asked":["Mail.Read"],)"
                                       R"("separation_none":true,"catalog_digest":"c-1",)"
                                       R"("handle":{"digest":"k:cc"})"));
}

TEST(AuditRecordTest, AHandleRedeemedIsOneGoldenLine) {
  AuditRecord record = Call(AuditEvent::kHandleRedeemed);
  record.tool = "mail-search";
  record.scopes_asked.clear();
  record.handle_digest = "k:cc";
  record.cached = true;
  EXPECT_EQ(ToJsonLine(record),
            Line("handle_redeemed", "," + std::string(kCallPrefix) +
                                        R"("tool":"mail-search","catalog_digest":"c-1",)"
                                        R"("handle":{"digest":"k:cc"},"cached":true)"));
}

TEST(AuditRecordTest, OfATraceItsIdIsWritten) {
  AuditRecord record = Call(AuditEvent::kTokenIssued);
  record.trace = {.id = "4bf92f3577b34da6a3ce929d0e0e4736",
                  .parent = "00f067aa0ba902b7",
                  .sampled = true};
  EXPECT_THAT(ToJsonLine(record),
              testing::HasSubstr(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")"));
  EXPECT_THAT(ToJsonLine(record), testing::Not(testing::HasSubstr("00f067")));
}

TEST(AuditRecordTest, ADenialIsOneGoldenLine) {
  AuditRecord record = Call(AuditEvent::kDenied);
  record.scopes_asked = {"Mail.Send"};
  record.term = "scopes";
  record.reason = Reason::kScopeNotAllowed;
  record.detail = "scope Mail.Send";
  EXPECT_EQ(ToJsonLine(record),
            Line("denied", "," + std::string(kCallPrefix) +
                               R"("scopes_asked":["Mail.Send"],"term":"scopes",)"
                               R"("reason":"SCOPE_NOT_ALLOWED","detail":"scope Mail.Send",)"
                               R"("catalog_digest":"c-1")"));
}

TEST(AuditRecordTest, AFailureIsOneGoldenLine) {
  AuditRecord record = Call(AuditEvent::kFailed);
  record.scopes_asked.clear();
  record.reason = Reason::kConsentRequired;
  record.provider_code = "AADSTS65001";
  record.correlation_ids = {"corr-1"};
  EXPECT_EQ(ToJsonLine(record),
            Line("failed", "," + std::string(kCallPrefix) +
                               R"("reason":"CONSENT_REQUIRED","catalog_digest":"c-1",)"
                               R"("provider_code":"AADSTS65001","correlation_ids":["corr-1"])"));
}

TEST(AuditRecordTest, EventsOfTheDaemonAreGoldenLines) {
  EXPECT_EQ(ToJsonLine({.time = kNow, .event = AuditEvent::kReopened}), Line("reopened", ""));
  EXPECT_EQ(ToJsonLine({.time = kNow, .event = AuditEvent::kStopped}), Line("stopped", ""));
  EXPECT_EQ(ToJsonLine({.time = kNow, .event = AuditEvent::kStarted, .catalog_digest = "c-1"}),
            Line("started", R"(,"catalog_digest":"c-1")"));
  EXPECT_EQ(ToJsonLine({.time = kNow,
                        .event = AuditEvent::kDenialsSummarised,
                        .caller = {.uid = 0},
                        .suppressed = 12,
                        .since = kNow - absl::Minutes(1)}),
            Line("denials_summarised",
                 R"(,"caller":{"uid":0},"suppressed":12,"since":"2025-06-15T15:05:40.000042Z")"));
}

TEST(AuditRecordTest, AQuestionNamesWhoAsksAndWhoIsAskedAbout) {
  const std::string line = ToJsonLine({.event = AuditEvent::kExplained,
                                       .caller = {.socket = "admin", .uid = 0},
                                       .about = {.socket = "agents", .uid = 1001}});
  EXPECT_THAT(line, testing::HasSubstr(R"("event":"explained",)"
                                       R"("caller":{"socket":"admin","uid":0},)"
                                       R"("about":{"socket":"agents","uid":1001})"));
}

TEST(AuditRecordTest, TimesAreUtcAndKeepTheirMicroseconds) {
  EXPECT_THAT(ToJsonLine({.time = absl::UnixEpoch()}),
              HasSubstr("\"1970-01-01T00:00:00.000000Z\""));
}

TEST(AuditRecordTest, NoValueCanBreakTheLine) {
  const std::string evil = "x\",\"event\":\"token_issued\"}\n{\"a\":\"\xE2\x80\xA8\xFF";
  AuditRecord record = Call(AuditEvent::kDenied);
  record.api = record.tool = record.agent = record.detail = evil;
  record.scopes_asked = {evil};
  record.user = {.tid = evil, .oid = evil};
  const std::string line = ToJsonLine(record);
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  EXPECT_EQ(line.back(), '\n');
  EXPECT_THAT(line, Not(HasSubstr(R"("event":"token_issued")")));
}

TEST(AuditRecordTest, WhatACallerChoosesFreelyIsCut) {
  AuditRecord record = Call(AuditEvent::kDenied);
  record.api = record.tool = record.agent = record.detail = std::string(1 << 20, 'a');
  record.scopes_asked.assign(10000, std::string(10000, 's'));
  const std::string line = ToJsonLine(record);
  EXPECT_LT(line.size(), 100'000U);
  EXPECT_THAT(line, HasSubstr("a\xE2\x80\xA6\""));
  EXPECT_THAT(line, HasSubstr(",\"\xE2\x80\xA6\"]"));
}

TEST(AuditRecordTest, WhatATokenCarriesIsNeverCut) {
  AuditRecord record = Call(AuditEvent::kTokenIssued);
  for (int i = 0; i < 500; ++i) record.scopes.push_back("Scope." + std::to_string(i));
  const std::string line = ToJsonLine(record);
  for (const std::string& scope : record.scopes) EXPECT_THAT(line, HasSubstr('"' + scope + '"'));
}

}  // namespace
}  // namespace behalf
