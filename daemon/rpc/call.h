// From a gRPC callback to a coroutine and back.
//
// A call that never suspends is answered on gRPC's own thread by its default
// reactor, which costs no hop. One that suspends gets a reactor of its own,
// which lives until gRPC and the coroutine are both done with it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/base/cancel.h"
#include "daemon/base/task.h"
#include "daemon/rpc/rpc_status.h"

namespace behalf {

// An unset deadline counts as this much.
inline constexpr absl::Duration kDefaultDeadline = absl::Seconds(30);

inline absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const absl::Time given = absl::FromChrono(context.deadline());
  const absl::Time latest = absl::Now() + absl::Hours(1);
  return given > latest ? absl::Now() + kDefaultDeadline : given;
}

// `Fill` turns a Result into the response.
template <typename Result, typename Fill>
class Call final : public grpc::ServerUnaryReactor {
 public:
  using Outcome = absl::StatusOr<Result>;

  // Answers with what the task that `make(CallContext&)` returns ends in.
  template <typename Make>
  static grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, Fill fill, Make make) {
    auto* const call = new Call(DeadlineOf(*context), std::move(fill));
    call->task_.emplace(make(call->context_));
    call->task_->Start(&Call::Done, call);
    if (call->stage_.exchange(kHandlerLeft, std::memory_order_acq_rel) != kTaskEnded) return call;
    auto* const reactor = context->DefaultReactor();
    reactor->Finish(call->Answer());
    delete call;  // gRPC never saw it
    return reactor;
  }

 private:
  enum Stage : int { kHandlerRuns, kHandlerLeft, kTaskEnded };

  Call(absl::Time deadline, Fill fill) : context_(deadline), fill_(std::move(fill)) {}

  static void Done(void* arg) noexcept {
    auto* const call = static_cast<Call*>(arg);
    if (call->stage_.exchange(kTaskEnded, std::memory_order_acq_rel) == kHandlerLeft) {
      call->Complete();
    }
  }

  // The outcome stays until the answer has left: it may hold a permit to give it.
  grpc::Status Answer() {
    outcome_.emplace(task_->Take());
    task_.reset();
    if (!outcome_->ok()) return ToRpcStatus(outcome_->status());
    fill_(**outcome_);
    return grpc::Status::OK;
  }

  void Complete() {
    Finish(Answer());
    outcome_.reset();
    Unref();
  }

  // gRPC orders its calls in a way that tools cannot see: what it calls looks
  // first at what Run did last, and the count of two (the coroutine's end,
  // OnDone) makes the deletion safe by itself.
  void FollowRun() const { stage_.load(std::memory_order_acquire); }

  void Unref() {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  void OnCancel() override {
    FollowRun();
    context_.cancel.Cancel();
  }

  // Unpark takes the lock that a late OnCancel may still hold.
  void OnDone() override {
    FollowRun();
    context_.cancel.Unpark();
    Unref();
  }

  CallContext context_;
  Fill fill_;
  std::optional<Task<Outcome>> task_;
  std::optional<Outcome> outcome_;
  std::atomic<int> stage_{kHandlerRuns};
  std::atomic<int> references_{2};
};

// Call<Result, Fill>::Run with the types deduced.
template <typename Result, typename Fill, typename Make>
grpc::ServerUnaryReactor* RunCall(grpc::CallbackServerContext* context, Fill fill, Make make) {
  return Call<Result, Fill>::Run(context, std::move(fill), std::move(make));
}

}  // namespace behalf
