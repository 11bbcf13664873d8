#include "daemon/rpc/trace_context.h"

#include <algorithm>
#include <string>

namespace behalf {
namespace {

constexpr std::size_t kSize = 55;  // "00-" 32 digits "-" 16 digits "-" 2 digits

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(std::string_view text) {
  return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

// A later version may add parts behind those of the first, and none is called ff.
bool IsReadable(std::string_view header) {
  const std::string_view version = header.substr(0, 2);
  if (!IsHex(version) || version == "ff") return false;
  if (version == "00") return header.size() == kSize;
  return header.size() == kSize || header[kSize] == '-';
}

bool IsSampled(char last_digit) {
  const std::string_view odd = "13579bdf";
  return odd.find(last_digit) != std::string_view::npos;
}

}  // namespace

std::optional<AuditTrace> ParseTraceparent(std::string_view header) {
  if (header.size() < kSize || !IsReadable(header)) return std::nullopt;
  const std::string_view id = header.substr(3, 32);
  const std::string_view parent = header.substr(36, 16);
  const std::string_view flags = header.substr(53, 2);
  const bool parted = header[2] == '-' && header[35] == '-' && header[52] == '-';
  if (!parted || !IsId(id) || !IsId(parent) || !IsHex(flags)) return std::nullopt;
  return AuditTrace{
      .id = std::string(id), .parent = std::string(parent), .sampled = IsSampled(flags.back())};
}

AuditTrace TraceOf(const grpc::CallbackServerContext& context) {
  const auto [first, last] = context.client_metadata().equal_range("traceparent");
  if (first == last || std::next(first) != last) return {};
  return ParseTraceparent({first->second.data(), first->second.size()}).value_or(AuditTrace());
}

}  // namespace behalf
