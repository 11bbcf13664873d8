// Shows ThreadSanitizer what Abseil's mutexes order. Debian builds Abseil
// without it, so every access under an absl::Mutex looks like a race. Linked
// into each program of a -fsanitize=thread build, these definitions come before
// the library's and call them.
//
// Reads inside the library are ignored: whoever unlocks a mutex evaluates the
// conditions of those who wait for it, under a lock that is given up by then as
// far as ThreadSanitizer was told.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

#pragma clang diagnostic ignored "-Wthread-safety-analysis"

extern "C" void AnnotateIgnoreReadsBegin(const char* file, int line);
extern "C" void AnnotateIgnoreReadsEnd(const char* file, int line);

namespace {

#define BEHALF_TEXT_OF(x) #x
#define BEHALF_TEXT(x) BEHALF_TEXT_OF(x)
constexpr char kNamespace[] = BEHALF_TEXT(ABSL_OPTION_INLINE_NAMESPACE_NAME);

// The library's own definition; `prefix` and `rest` surround the name of
// Abseil's inline namespace in the mangled name.
template <typename Function>
Function* Library(const char* prefix, const char* rest) {
  const std::string name = prefix + std::to_string(std::strlen(kNamespace)) + kNamespace + rest;
  void* const found = dlsym(RTLD_NEXT, name.c_str());
  if (found == nullptr) std::abort();
  return reinterpret_cast<Function*>(found);
}

class IgnoreReads {
 public:
  IgnoreReads() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~IgnoreReads() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
  IgnoreReads(const IgnoreReads&) = delete;
  IgnoreReads& operator=(const IgnoreReads&) = delete;
};

template <typename Call>
auto Ignoring(Call call) {
  const IgnoreReads ignore;
  return call();
}

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static auto* const library = Library<void(Mutex*)>("_ZN4absl", "5Mutex4LockEv");
  Ignoring([&] { library(this); });
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  static auto* const library = Library<void(Mutex*)>("_ZN4absl", "5Mutex6UnlockEv");
  __tsan_release(this);
  Ignoring([&] { library(this); });
}

bool Mutex::TryLock() {
  static auto* const library = Library<bool(Mutex*)>("_ZN4absl", "5Mutex7TryLockEv");
  const bool locked = Ignoring([&] { return library(this); });
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::ReaderLock() {
  static auto* const library = Library<void(Mutex*)>("_ZN4absl", "5Mutex10ReaderLockEv");
  Ignoring([&] { library(this); });
  __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
  static auto* const library = Library<void(Mutex*)>("_ZN4absl", "5Mutex12ReaderUnlockEv");
  __tsan_release(this);
  Ignoring([&] { library(this); });
}

void Mutex::LockWhen(const Condition& condition) {
  static auto* const library =
      Library<void(Mutex*, const Condition&)>("_ZN4absl", "5Mutex8LockWhenERKNS0_9ConditionE");
  Ignoring([&] { library(this, condition); });
  __tsan_acquire(this);
}

void Mutex::Await(const Condition& condition) {
  static auto* const library =
      Library<void(Mutex*, const Condition&)>("_ZN4absl", "5Mutex5AwaitERKNS0_9ConditionE");
  __tsan_release(this);
  Ignoring([&] { library(this, condition); });
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static auto* const library = Library<bool(Mutex*, const Condition&, Duration)>(
      "_ZN4absl", "5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  __tsan_release(this);
  const bool holds = Ignoring([&] { return library(this, condition, timeout); });
  __tsan_acquire(this);
  return holds;
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static auto* const library = Library<bool(Mutex*, const Condition&, Time)>(
      "_ZN4absl", "5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  __tsan_release(this);
  const bool holds = Ignoring([&] { return library(this, condition, deadline); });
  __tsan_acquire(this);
  return holds;
}

void CondVar::Wait(Mutex* mutex) {
  static auto* const library =
      Library<void(CondVar*, Mutex*)>("_ZN4absl", "7CondVar4WaitEPNS0_5MutexE");
  __tsan_release(mutex);
  Ignoring([&] { library(this, mutex); });
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static auto* const library = Library<bool(CondVar*, Mutex*, Duration)>(
      "_ZN4absl", "7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  __tsan_release(mutex);
  const bool late = Ignoring([&] { return library(this, mutex, timeout); });
  __tsan_acquire(mutex);
  return late;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static auto* const library = Library<bool(CondVar*, Mutex*, Time)>(
      "_ZN4absl", "7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  __tsan_release(mutex);
  const bool late = Ignoring([&] { return library(this, mutex, deadline); });
  __tsan_acquire(mutex);
  return late;
}

void Notification::Notify() {
  static auto* const library = Library<void(Notification*)>("_ZN4absl", "12Notification6NotifyEv");
  __tsan_release(this);
  library(this);
}

void Notification::WaitForNotification() const {
  static auto* const library =
      Library<void(const Notification*)>("_ZNK4absl", "12Notification19WaitForNotificationEv");
  library(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

ABSL_NAMESPACE_END
}  // namespace absl
