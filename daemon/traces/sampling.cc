#include "daemon/traces/sampling.h"

#include <charconv>
#include <cstdint>
#include <string_view>

namespace behalf {
namespace {

constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kSpanDigits = 16;
// Of an id, the last: those that W3C trace context, level 2, wants to be random.
constexpr std::size_t kRandomDigits = 14;
constexpr std::uint64_t kRandomValues = std::uint64_t{1} << (4 * kRandomDigits);

std::uint64_t RandomPartOf(const std::string& id) {
  std::uint64_t value = kRandomValues;
  std::from_chars(id.data() + kIdDigits - kRandomDigits, id.data() + kIdDigits, value, 16);
  return value;
}

}  // namespace

std::optional<SpanIds> Sampling::IdsOf(const TracedRequest& request) const {
  const std::string& id = request.decision_id;
  if (id.size() != kIdDigits) return std::nullopt;
  const bool begins = request.trace_id.empty();
  const bool told =
      begins ? one_in_ > 0 && RandomPartOf(id) < kRandomValues / one_in_ : request.sampled;
  if (!told) return std::nullopt;
  return SpanIds{.trace_id = begins ? id : request.trace_id,
                 .span_id = id.substr(kIdDigits - kSpanDigits)};
}

}  // namespace behalf
