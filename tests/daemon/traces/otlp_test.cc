#include "daemon/traces/otlp.h"

#include <gtest/gtest.h>

#include <string>

#include "otlp/trace.pb.h"

namespace behalf {
namespace {

otlp::ExportTraceServiceRequest Decoded(const Span& span) {
  otlp::ExportTraceServiceRequest request;
  EXPECT_TRUE(request.ParseFromString(EncodeSpans({span}, {{"service.name", "behalfd"}}, "1.2.3")));
  return request;
}

Span Exchange() {
  return {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
          .id = "00f067aa0ba902b7",
          .parent = "8796a5b4c3d2e1f0",
          .name = "exchange",
          .kind = Span::Kind::kClient,
          .began = absl::FromUnixNanos(1'750'000'000'000'000'001),
          .ended = absl::FromUnixNanos(1'750'000'000'030'000'000),
          .attributes = {{"behalf.api", std::string("graph")},
                         {"behalf.cached", true},
                         {"rpc.grpc.status_code", std::int64_t{7}}},
          .error = "PROVIDER_UNAVAILABLE"};
}

TEST(OtlpTest, ASpanIsToldAsOpenTelemetryHasIt) {
  const auto request = Decoded(Exchange());
  const auto& all = request.resource_spans(0);
  EXPECT_EQ(all.resource().attributes(0).key(), "service.name");
  EXPECT_EQ(all.resource().attributes(0).value().string_value(), "behalfd");
  EXPECT_EQ(all.scope_spans(0).scope().name(), "behalf");
  EXPECT_EQ(all.scope_spans(0).scope().version(), "1.2.3");
  const otlp::Span& span = all.scope_spans(0).spans(0);
  EXPECT_EQ(span.trace_id(), "\x4b\xf9\x2f\x35\x77\xb3\x4d\xa6\xa3\xce\x92\x9d\x0e\x0e\x47\x36");
  EXPECT_EQ(span.span_id().size(), 8U);
  EXPECT_EQ(span.parent_span_id().size(), 8U);
  EXPECT_EQ(span.name(), "exchange");
  EXPECT_EQ(span.kind(), otlp::Span::SPAN_KIND_CLIENT);
  EXPECT_EQ(span.start_time_unix_nano(), 1'750'000'000'000'000'001U);
  EXPECT_EQ(span.end_time_unix_nano(), 1'750'000'000'030'000'000U);
  EXPECT_EQ(span.attributes(0).value().string_value(), "graph");
  EXPECT_TRUE(span.attributes(1).value().bool_value());
  EXPECT_EQ(span.attributes(2).value().int_value(), 7);
  EXPECT_EQ(span.status().code(), otlp::Status::STATUS_CODE_ERROR);
  EXPECT_EQ(span.status().message(), "PROVIDER_UNAVAILABLE");
}

TEST(OtlpTest, WhatWentWellHasNoStatusAndARootNoParent) {
  Span span = Exchange();
  span.error.clear();
  span.parent.clear();
  span.kind = Span::Kind::kServer;
  const auto request = Decoded(span);
  const otlp::Span& told = request.resource_spans(0).scope_spans(0).spans(0);
  EXPECT_FALSE(told.has_status());
  EXPECT_EQ(told.parent_span_id(), "");
  EXPECT_EQ(told.kind(), otlp::Span::SPAN_KIND_SERVER);
}

}  // namespace
}  // namespace behalf
