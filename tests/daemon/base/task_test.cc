#include "daemon/base/task.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "daemon/base/executor.h"
#include "tests/daemon/base/coroutines.h"

namespace behalf {
namespace {

Task<int> Add(int a, int b) { co_return a + b; }

Task<std::string> Nested(int depth) {
  if (depth == 0) co_return "bottom";
  std::string below = co_await Nested(depth - 1);
  co_return below + ".";
}

TEST(TaskTest, AStartedTaskHasItsValueAtTheEnd) { EXPECT_EQ(RunToEnd(Add(2, 3)), 5); }

TEST(TaskTest, NothingRunsBeforeTheStart) {
  bool ran = false;
  const auto work = [&]() -> Task<int> {
    ran = true;
    co_return 1;
  };
  Task<int> task = work();
  EXPECT_FALSE(ran);
  EXPECT_EQ(RunToEnd(std::move(task)), 1);
  EXPECT_TRUE(ran);
}

TEST(TaskTest, ATaskAwaitsOthersAsCallsDo) {
  EXPECT_EQ(RunToEnd(Nested(20)), "bottom" + std::string(20, '.'));
}

TEST(TaskTest, AValueThatCannotBeCopiedIsMovedOut) {
  const auto make = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
  const auto pass = [&]() -> Task<std::unique_ptr<int>> { co_return co_await make(); };
  EXPECT_EQ(*RunToEnd(pass()), 7);
}

TEST(TaskTest, ATaskNeverStartedIsJustDestroyed) {
  auto token = std::make_shared<int>(1);
  {
    const auto hold = [](std::shared_ptr<int> held) -> Task<int> { co_return *held; };
    const Task<int> task = hold(token);
    EXPECT_EQ(token.use_count(), 2);
  }
  EXPECT_EQ(token.use_count(), 1);
}

TEST(TaskTest, AMovedTaskIsTheSameTask) {
  Task<int> first = Add(1, 1);
  Task<int> second = std::move(first);
  Task<int> third = Add(5, 5);
  third = std::move(second);
  EXPECT_EQ(RunToEnd(std::move(third)), 2);
}

TEST(TaskTest, ASuspendedTaskGoesOnInTheThreadThatWakesIt) {
  Gate gate;
  std::thread::id woken;
  const auto work = [&]() -> Task<int> {
    co_await gate;
    woken = std::this_thread::get_id();
    co_return 3;
  };
  Running<int> running(work());
  EXPECT_FALSE(running.done());
  std::thread opener([&] { gate.Open(); });
  EXPECT_EQ(running.Result(), 3);
  EXPECT_EQ(woken, opener.get_id());
  opener.join();
}

struct SelfOwned {
  std::optional<Task<int>> task;
  int result = 0;
  std::shared_ptr<int> alive = std::make_shared<int>(0);
};

TEST(TaskTest, TheDoneCallbackMayDestroyTheTask) {
  Gate gate;
  SelfOwned owner;
  const auto work = [&gate](std::shared_ptr<int>) -> Task<int> {
    co_await gate;
    co_return 9;
  };
  owner.task.emplace(work(owner.alive));
  owner.task->Start(
      [](void* self) noexcept {
        auto* owned = static_cast<SelfOwned*>(self);
        owned->result = owned->task->Take();
        owned->task.reset();
      },
      &owner);
  EXPECT_EQ(owner.alive.use_count(), 2);
  gate.Open();
  EXPECT_EQ(owner.result, 9);
  EXPECT_FALSE(owner.task.has_value());
  EXPECT_EQ(owner.alive.use_count(), 1);
}

TEST(TaskTest, TheDoneCallbackMayDestroyATaskThatNeverSuspended) {
  auto* owner = new SelfOwned;
  const std::shared_ptr<int> alive = owner->alive;
  owner->task.emplace(Add(1, 2));
  owner->task->Start([](void* self) noexcept { delete static_cast<SelfOwned*>(self); }, owner);
  EXPECT_EQ(alive.use_count(), 1);
}

// g++ 12 destroys an aggregate temporary twice when it is an argument inside a
// co_await expression: co_await Consume(Request{...}) ends in a double free.
// These forms work, and a change that breaks them shows here: a named local
// moved in, a task made before it is awaited, and a class with a constructor.
struct Counted {
  static inline int living = 0;
  Counted() { ++living; }
  Counted(const Counted&) { ++living; }
  Counted(Counted&&) noexcept { ++living; }
  Counted& operator=(const Counted&) = default;
  Counted& operator=(Counted&&) = default;
  ~Counted() { --living; }
};

struct Aggregate {
  std::string text;
  Counted counted;
};

class Constructed {
 public:
  explicit Constructed(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  Counted counted_;
};

const std::string kLong(100, 'x');  // beyond what a std::string keeps in place

Task<std::size_t> ConsumeAggregate(Aggregate request) { co_return request.text.size(); }
Task<std::size_t> ConsumeConstructed(Constructed request) { co_return request.text().size(); }

Task<std::size_t> NamedLocalMovedIn() {
  Aggregate request{.text = kLong, .counted = {}};
  co_return co_await ConsumeAggregate(std::move(request));
}

Task<std::size_t> TaskMadeFirst() {
  auto task = ConsumeAggregate(Aggregate{.text = kLong, .counted = {}});
  co_return co_await std::move(task);
}

Task<std::size_t> ClassWithConstructor() {
  co_return co_await ConsumeConstructed(Constructed(kLong));
}

TEST(TaskTest, ParametersAreDestroyedOnceInTheFormsThatAreAllowed) {
  for (const auto form : {&NamedLocalMovedIn, &TaskMadeFirst, &ClassWithConstructor}) {
    EXPECT_EQ(RunToEnd(form()), 100u);
    EXPECT_EQ(Counted::living, 0);
  }
}

TEST(ExecutorTest, RunsEverythingPostedBeforeItEnds) {
  std::atomic<int> ran = 0;
  std::optional<Executor> executor(2);
  Executor& threads = *executor;
  const auto work = [&]() -> Task<int> {
    co_await Hop(threads);
    co_await Hop(threads);
    co_return ++ran;
  };
  std::deque<Running<int>> running;
  for (int i = 0; i < 1000; ++i) running.emplace_back(work());
  executor.reset();
  EXPECT_EQ(ran, 1000);
}

TEST(ExecutorTest, WorksOnItsOwnThreads) {
  Executor executor(1);
  const auto where = [&]() -> Task<std::thread::id> {
    co_await Hop(executor);
    co_return std::this_thread::get_id();
  };
  const std::thread::id first = RunToEnd(where());
  EXPECT_NE(first, std::this_thread::get_id());
  EXPECT_EQ(RunToEnd(where()), first);
}

TEST(ExecutorTest, OneCoroutineThatTakesItsTimeDoesNotStopTheOthers) {
  Executor executor(2);
  absl::Notification release;
  const auto slow = [&]() -> Task<int> {
    co_await Hop(executor);
    release.WaitForNotification();
    co_return 1;
  };
  const auto quick = [&]() -> Task<int> {
    co_await Hop(executor);
    co_return 2;
  };
  Running<int> waiting(slow());
  EXPECT_EQ(RunToEnd(quick()), 2);
  release.Notify();
  EXPECT_EQ(waiting.Result(), 1);
}

}  // namespace
}  // namespace behalf
