#include "daemon/traces/otlp.h"

#include <variant>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "otlp/trace.pb.h"

namespace behalf {
namespace {

std::string Bytes(const std::string& hex) { return absl::HexStringToBytes(hex); }

void Fill(const Span::Value& value, otlp::AnyValue& message) {
  if (const auto* text = std::get_if<std::string>(&value)) message.set_string_value(*text);
  if (const auto* flag = std::get_if<bool>(&value)) message.set_bool_value(*flag);
  if (const auto* number = std::get_if<std::int64_t>(&value)) message.set_int_value(*number);
}

void Fill(std::string_view key, const Span::Value& value, otlp::KeyValue& message) {
  message.set_key(std::string(key));
  Fill(value, *message.mutable_value());
}

void Fill(const Span& span, otlp::Span& message) {
  message.set_trace_id(Bytes(span.trace_id));
  message.set_span_id(Bytes(span.id));
  message.set_parent_span_id(Bytes(span.parent));
  message.set_name(span.name);
  message.set_kind(span.kind == Span::Kind::kServer ? otlp::Span::SPAN_KIND_SERVER
                                                    : otlp::Span::SPAN_KIND_CLIENT);
  message.set_start_time_unix_nano(static_cast<std::uint64_t>(absl::ToUnixNanos(span.began)));
  message.set_end_time_unix_nano(static_cast<std::uint64_t>(absl::ToUnixNanos(span.ended)));
  for (const auto& [key, value] : span.attributes) Fill(key, value, *message.add_attributes());
  if (span.error.empty()) return;
  message.mutable_status()->set_code(otlp::Status::STATUS_CODE_ERROR);
  message.mutable_status()->set_message(span.error);
}

}  // namespace

std::string EncodeSpans(const std::vector<Span>& spans, const SpanSource& source,
                        std::string_view version) {
  otlp::ExportTraceServiceRequest request;
  otlp::ResourceSpans& all = *request.add_resource_spans();
  for (const auto& [key, value] : source) {
    Fill(key, value, *all.mutable_resource()->add_attributes());
  }
  otlp::ScopeSpans& ours = *all.add_scope_spans();
  ours.mutable_scope()->set_name("behalf");
  ours.mutable_scope()->set_version(std::string(version));
  for (const Span& span : spans) Fill(span, *ours.add_spans());
  return request.SerializeAsString();
}

}  // namespace behalf
