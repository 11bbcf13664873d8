// Which requests are told of, and under which ids.
#pragma once

#include <optional>
#include <string>

namespace behalf {

// What a request brings of its own.
struct TracedRequest {
  std::string decision_id;  // 32 random hex digits
  std::string trace_id;     // of the caller's trace; empty: it has none
  bool sampled = false;     // the caller's trace is kept
};

// Of the span of the request itself; what it does are children of it.
struct SpanIds {
  std::string trace_id;
  std::string span_id;
};

// A trace of the caller's goes on where it is kept. Of the requests that bring
// none every so manieth begins one, under its decision id. The ids follow from
// the request, so that whoever follows it finds the same. Immutable.
class Sampling {
 public:
  // One in so many; 0: none.
  explicit Sampling(int one_in) : one_in_(one_in) {}

  // Nothing where it is not told of.
  std::optional<SpanIds> IdsOf(const TracedRequest& request) const;

 private:
  const int one_in_;
};

}  // namespace behalf
