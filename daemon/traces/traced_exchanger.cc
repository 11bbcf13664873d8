#include "daemon/traces/traced_exchanger.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "daemon/base/error.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/random.h"

namespace behalf {
namespace {

constexpr std::size_t kSpanIdBytes = 8;

Span SpanOf(const ExchangeRequest& request, const SpanIds& parent, absl::Time now) {
  return {.trace_id = parent.trace_id,
          .id = Hex(RandomBytes(kSpanIdBytes)),
          .parent = parent.span_id,
          .name = "exchange",
          .kind = Span::Kind::kClient,
          .began = now,
          .ended = now,
          .attributes = {{"behalf.provider", request.provider().name},
                         {"behalf.blueprint", request.blueprint().name},
                         {"behalf.api", request.api().name}},
          .error = {}};
}

void Describe(const absl::Status& outcome, Span& span) {
  if (outcome.ok())
    return span.attributes.emplace_back("behalf.outcome", std::string("OK")), void();
  span.error = std::string(RowOf(DetailOf(outcome).reason).name);
  span.attributes.emplace_back("behalf.outcome", span.error);
}

}  // namespace

Task<absl::StatusOr<Exchanged>> TracedExchanger::Exchange(ExchangeRequest request,
                                                          CallContext& call) {
  return spans_ == nullptr ? inner_.Exchange(std::move(request), call)
                           : Follow(std::move(request), call);
}

Task<absl::StatusOr<Exchanged>> TracedExchanger::Follow(ExchangeRequest request,
                                                        CallContext& call) {
  std::optional<Span> span;
  if (const auto ids = sampling_.IdsOf({.decision_id = request.decision_id,
                                        .trace_id = request.trace_id,
                                        .sampled = request.trace_sampled})) {
    span = SpanOf(request, *ids, clock_.Now());
  }
  auto exchanged = co_await inner_.Exchange(std::move(request), call);
  if (span) {
    span->ended = std::max(clock_.Now(), span->began);
    Describe(exchanged.status(), *span);
    spans_->Add(*std::move(span));
  }
  co_return exchanged;
}

}  // namespace behalf
