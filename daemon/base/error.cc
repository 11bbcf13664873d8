#include "daemon/base/error.h"

#include <cstdint>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "daemon/base/length_prefixed.h"

namespace behalf {
namespace {

constexpr char kPayloadUrl[] = "behalf/error-detail";

// The payload is a sequence of parts: reason, retry delay in nanoseconds or
// nothing, then keys and values by turns.
std::string Encode(const ErrorDetail& detail) {
  std::string out;
  AppendPart(out, absl::StrCat(static_cast<int>(detail.reason)));
  AppendPart(out,
             detail.retry_after ? absl::StrCat(absl::ToInt64Nanoseconds(*detail.retry_after)) : "");
  for (const auto& [key, value] : detail.metadata) {
    AppendPart(out, key);
    AppendPart(out, value);
  }
  return out;
}

// By a view: GCC and clang 19 name Cord's constructor from a string differently.
absl::Cord Payload(const ErrorDetail& detail) {
  const std::string encoded = Encode(detail);
  return absl::Cord(absl::string_view(encoded));
}

template <typename Number>
bool Read(std::string_view text, Number& number) {
  return absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &number);
}

ErrorDetail Decode(std::string_view in) {
  ErrorDetail detail;
  std::string_view reason, retry, key, value;
  int number = 0;
  std::int64_t nanoseconds = 0;
  if (!NextPart(in, reason) || !NextPart(in, retry) || !Read(reason, number)) return detail;
  if (number < 1 || number > static_cast<int>(AllReasons().size())) return detail;
  detail.reason = static_cast<Reason>(number);
  if (Read(retry, nanoseconds)) detail.retry_after = absl::Nanoseconds(nanoseconds);
  while (NextPart(in, key) && NextPart(in, value)) detail.metadata[std::string(key)] = value;
  return detail;
}

}  // namespace

absl::Status MakeError(Reason reason, std::string_view message) {
  return MakeError(ErrorDetail{.reason = reason}, message);
}

absl::Status MakeError(ErrorDetail detail, std::string_view message) {
  const ReasonRow& row = RowOf(detail.reason);
  const std::string_view text = message.empty() ? row.advice : message;
  absl::Status status(row.code, absl::string_view(text.data(), text.size()));
  status.SetPayload(kPayloadUrl, Payload(detail));
  return status;
}

ErrorDetail DetailOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload) return ErrorDetail{};
  return Decode(std::string(*payload));
}

absl::Status WithMetadata(const absl::Status& status, std::string_view key,
                          std::string_view value) {
  ErrorDetail detail = DetailOf(status);
  detail.metadata[std::string(key)] = value;
  absl::Status copy = status;
  copy.SetPayload(kPayloadUrl, Payload(detail));
  return copy;
}

}  // namespace behalf
