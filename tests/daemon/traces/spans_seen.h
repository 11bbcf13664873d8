// A queue of spans whose spans a test reads.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/traces/span_queue.h"
#include "tests/fakes/fake_steady_clock.h"

namespace behalf {

class SpansSeen {
 public:
  SpanQueue& queue() { return queue_; }

  // All that there were; once.
  std::vector<Span> Take() {
    queue_.Stop();
    return std::move(spans_);
  }

 private:
  FakeSteadyClock steady_;
  std::vector<Span> spans_;  // of the queue's thread, until it is stopped
  SpanQueue queue_{[this](const std::vector<Span>& spans) {
                     spans_.insert(spans_.end(), spans.begin(), spans.end());
                     return absl::OkStatus();
                   },
                   [](const absl::Status&) {}, steady_};
};

// The attributes as texts.
inline std::map<std::string, std::string> AttributesOf(const Span& span) {
  std::map<std::string, std::string> texts;
  for (const auto& [key, value] : span.attributes) {
    std::string& text = texts[std::string(key)];
    if (const auto* string = std::get_if<std::string>(&value)) text = *string;
    if (const auto* flag = std::get_if<bool>(&value)) text = *flag ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&value)) text = absl::StrCat(*number);
  }
  return texts;
}

}  // namespace behalf
