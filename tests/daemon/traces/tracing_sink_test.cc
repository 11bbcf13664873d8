#include "daemon/traces/tracing_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/daemon/traces/spans_seen.h"
#include "tests/fakes/fake_audit.h"
#include "tests/fakes/fake_clock.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr char kDecision[] = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kParent[] = "00f067aa0ba902b7";

class TracingSinkTest : public testing::Test {
 protected:
  // Of a call that was answered with a token 30 ms after it came.
  AuditRecord Issued() const {
    AuditRecord record;
    record.time = clock_.Now() - absl::Milliseconds(30);
    record.event = AuditEvent::kTokenIssued;
    record.decision_id = kDecision;
    record.agent = "invoice-bot";
    record.api = "graph";
    record.trace = {
        .id = kTrace, .parent = kParent, .sampled = true, .rpc = "behalf.v1.TokenBroker/GetToken"};
    return record;
  }
  static DocumentNames Names() {
    const auto is = [](std::string known) {
      return [known](const std::string& name) { return name == known; };
    };
    return {.agent = is("invoice-bot"), .tool = is("mail-search"), .api = is("graph")};
  }
  std::vector<Span> SpansOf(const AuditRecord& record, int one_in = 0) {
    TracingSink sink(audit_, Sampling(one_in), Names(), seen_.queue(), clock_);
    sink.Record(record).IgnoreError();
    return seen_.Take();
  }

  FakeClock clock_;
  FakeAudit audit_;
  SpansSeen seen_;
};

TEST_F(TracingSinkTest, AnAnswerIsTheSpanOfItsCall) {
  const auto spans = SpansOf(Issued());
  EXPECT_THAT(audit_.records(), SizeIs(1));
  ASSERT_THAT(spans, SizeIs(1));
  const Span& span = spans.front();
  EXPECT_EQ(span.trace_id, kTrace);
  EXPECT_EQ(span.id, "8796a5b4c3d2e1f0");
  EXPECT_EQ(span.parent, kParent);
  EXPECT_EQ(span.name, "behalf.v1.TokenBroker/GetToken");
  EXPECT_EQ(span.kind, Span::Kind::kServer);
  EXPECT_EQ(span.ended - span.began, absl::Milliseconds(30));
  EXPECT_EQ(span.error, "");
  EXPECT_THAT(
      AttributesOf(span),
      ElementsAre(Pair("behalf.agent", "invoice-bot"), Pair("behalf.api", "graph"),
                  Pair("behalf.cached", "false"), Pair("behalf.decision_id", kDecision),
                  Pair("behalf.event", "token_issued"), Pair("rpc.grpc.status_code", "0"),
                  Pair("rpc.method", "GetToken"), Pair("rpc.service", "behalf.v1.TokenBroker"),
                  Pair("rpc.system", "grpc")));
}

TEST_F(TracingSinkTest, ARefusalHasItsReasonAndIsNoError) {
  AuditRecord record = Issued();
  record.event = AuditEvent::kDenied;
  record.reason = Reason::kPolicyDenied;
  const auto spans = SpansOf(record);
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(AttributesOf(spans[0])["behalf.reason"], "POLICY_DENIED");
  EXPECT_EQ(AttributesOf(spans[0])["rpc.grpc.status_code"], "7");
  EXPECT_EQ(spans[0].error, "");
}

TEST_F(TracingSinkTest, WhatTheProviderCouldNotIsAnError) {
  AuditRecord record = Issued();
  record.event = AuditEvent::kFailed;
  record.reason = Reason::kProviderUnavailable;
  const auto spans = SpansOf(record);
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].error, "PROVIDER_UNAVAILABLE");
}

TEST_F(TracingSinkTest, NothingButNamesOfTheDocumentsIsTold) {
  const std::string secret = "eyJhbGciOiJSUzI1NiJ9";
  AuditRecord record = Issued();
  record.agent = record.api = record.tool = record.detail = secret;
  record.user = {.tid = secret, .oid = secret, .digest = secret};
  record.subject_digest = record.handle_digest = record.provider_code = secret;
  record.token = {.digest = secret, .uti = secret, .expires_at = {}};
  record.declared = {.purpose = secret, .tool_name = secret, .arguments_digest = secret};
  record.scopes = record.scopes_asked = record.correlation_ids = {secret};
  record.caller.socket = secret;
  const auto spans = SpansOf(record);
  ASSERT_THAT(spans, SizeIs(1));
  for (const auto& [key, value] : AttributesOf(spans[0])) EXPECT_NE(value, secret) << key;
}

TEST_F(TracingSinkTest, WhatNobodyKeepsIsNotTold) {
  AuditRecord record = Issued();
  record.trace.sampled = false;
  EXPECT_THAT(SpansOf(record, 1), IsEmpty());
}

TEST_F(TracingSinkTest, WhatNobodyCalledIsNotTold) {
  AuditRecord record = Issued();
  record.trace.rpc = {};
  EXPECT_THAT(SpansOf(record, 1), IsEmpty());
}

TEST_F(TracingSinkTest, ATraceMayBeginHere) {
  AuditRecord record = Issued();
  record.trace.id = record.trace.parent = "";
  const auto spans = SpansOf(record, 1);
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].trace_id, kDecision);
  EXPECT_EQ(spans[0].parent, "");
}

TEST_F(TracingSinkTest, WhatCouldNotBeRecordedWasNotGiven) {
  audit_.Break();
  EXPECT_THAT(SpansOf(Issued()), IsEmpty());
}

TEST_F(TracingSinkTest, TheRefusalThatFollowsIsTold) {
  audit_.Break();
  AuditRecord record = Issued();
  record.event = AuditEvent::kFailed;
  record.reason = Reason::kAuditUnavailable;
  EXPECT_THAT(SpansOf(record), SizeIs(1));
}

TEST_F(TracingSinkTest, AClockThatIsSetBackEndsNoSpanBeforeItBegan) {
  AuditRecord record = Issued();
  record.time = clock_.Now() + absl::Seconds(5);
  const auto spans = SpansOf(record);
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].ended, spans[0].began);
}

}  // namespace
}  // namespace behalf
