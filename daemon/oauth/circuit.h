// Whether a provider is worth asking now.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/base/clock.h"

namespace behalf {

// Thread-safe. While it is closed everybody may ask. It opens when so many
// requests in a row had no answer; then one asker in an interval may ask, as a
// probe, and the first answer closes it. Who is refused waits for nothing.
//
// What was sent before the last answer says nothing when it fails: the provider
// has answered since. Nobody has to come back: a probe that hangs, or is never
// heard of again, holds up no other.
class Circuit {
 public:
  // More than the three that one exchange makes, so that none opens it alone.
  static constexpr int kFailuresThatOpen = 5;
  // Of probes: short enough that a provider which is back is used again within
  // two seconds, all that follows included.
  static constexpr absl::Duration kInterval = absl::Seconds(1);
  // How much later a probe may be, so that not all daemons send theirs together.
  static constexpr absl::Duration kJitter = absl::Milliseconds(200);
  // How long whoever sent the last probe leaves the next one to others: perhaps
  // it is only their requests that fail.
  static constexpr absl::Duration kYield = absl::Milliseconds(400);
  // How much later than needed some are told to come.
  static constexpr absl::Duration kSpread = absl::Milliseconds(200);

  explicit Circuit(const SteadyClock& steady) : steady_(steady) {}

  // OK: `asker` may ask now; where the circuit is open, that is the probe. Fails
  // with kProviderUnavailable, and with the time until they may send the next.
  absl::Status Enter(std::string_view asker) ABSL_LOCKS_EXCLUDED(mutex_);

  // A request that is about to be sent.
  class Sent {
    friend class Circuit;
    explicit Sent(std::uint64_t answers) : answers_(answers) {}
    std::uint64_t answers_;  // before it was sent
  };
  Sent Sending() const ABSL_LOCKS_EXCLUDED(mutex_);

  // A request was answered, whatever with. If that closed the circuit: for how
  // long it was open.
  std::optional<absl::Duration> Answered() ABSL_LOCKS_EXCLUDED(mutex_);

  // The request was not answered, or by a provider that says it is in trouble.
  // `problem`: a sentence for the operator and for callers. True if that opened
  // the circuit.
  bool Failed(const Sent& sent, std::string problem) ABSL_LOCKS_EXCLUDED(mutex_);

  struct State {
    bool open = false;
    // What follows is of an open circuit only.
    absl::Duration open_for = absl::ZeroDuration();
    absl::Duration next_probe_in = absl::ZeroDuration();  // of whoever asks then
    std::string problem;                                  // of the last request that had no answer
  };
  State Now() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Duration DueFor(std::string_view asker) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Schedule(absl::Duration now, std::string_view prober) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const SteadyClock& steady_;
  mutable absl::Mutex mutex_;
  std::uint64_t answers_ ABSL_GUARDED_BY(mutex_) = 0;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;  // in a row
  std::optional<absl::Duration> open_since_ ABSL_GUARDED_BY(mutex_);
  absl::Duration next_probe_ ABSL_GUARDED_BY(mutex_);
  std::string last_prober_ ABSL_GUARDED_BY(mutex_);
  std::string problem_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf
