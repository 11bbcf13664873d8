#include "daemon/store/etcd/etcd_state.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

using etcdserverpb::Compare;
using etcdserverpb::TxnRequest;

constexpr absl::Duration kAfterFailure = absl::Milliseconds(100);
constexpr int kLoadTries = 6;  // each of them takes a second at most
// How often a change gives way to somebody else's.
constexpr int kTries = 16;

absl::Status Unavailable(std::string problem) {
  return MakeError(ErrorDetail{.reason = Reason::kStoreUnavailable,
                               .metadata = {{"problem", std::move(problem)}},
                               .retry_after = absl::Seconds(1)});
}

absl::Status Unreadable(const std::string& key) {
  return Unavailable(
      absl::StrCat("what etcd holds under ", key, " is damaged, or of a newer behalfd"));
}

std::string ProblemOf(const absl::Status& status) {
  const ErrorDetail detail = DetailOf(status);
  const auto problem = detail.metadata.find("problem");
  return problem == detail.metadata.end() ? std::string(status.message()) : problem->second;
}

void CompareMod(TxnRequest& request, const std::string& key, std::int64_t mod_revision) {
  Compare& compare = *request.add_compare();
  compare.set_result(Compare::EQUAL);
  compare.set_target(Compare::MOD);
  compare.set_key(key);
  compare.set_mod_revision(mod_revision);
}

void AddPut(TxnRequest& request, std::string key, std::string value) {
  etcdserverpb::PutRequest& put = *request.add_success()->mutable_request_put();
  put.set_key(std::move(key));
  put.set_value(std::move(value));
}

}  // namespace

EtcdState::EtcdState(EtcdClient& client, const std::string& prefix, std::string name,
                     const SteadyClock& steady)
    : client_(client),
      keys_(prefix),
      steady_(steady),
      lease_(client, EtcdKeys(prefix), std::move(name)) {}

absl::StatusOr<StoredRevocations> EtcdState::Load() {
  auto snapshot = ReadFromAny();
  if (!snapshot.ok()) return snapshot.status();
  for (const Revocation& one : snapshot->stored.all) known_.insert(one.revision);
  next_ = snapshot->etcd_revision + 1;
  const absl::MutexLock lock(&mutex_);
  applied_ = snapshot->stored.revision;
  return std::move(snapshot->stored);
}

absl::StatusOr<EtcdState::Snapshot> EtcdState::ReadFromAny() {
  auto snapshot = Read();
  for (int i = 1; !snapshot.ok() && i < kLoadTries && Pause(kAfterFailure); ++i) {
    client_.Avoid();
    snapshot = Read();
  }
  return snapshot;
}

absl::StatusOr<EtcdState::Snapshot> EtcdState::Read() const {
  etcdserverpb::RangeRequest request;
  request.set_key(keys_.State());
  request.set_range_end(EndOfPrefix(keys_.State()));
  const auto found = client_.RangeNow(request);
  if (!found.ok()) return found.status();
  Snapshot snapshot;
  snapshot.etcd_revision = found->header().revision();
  for (const etcdserverpb::KeyValue& row : found->kvs()) {
    if (row.key() == keys_.Head()) {
      const auto head = DecodeHead(row.value());
      if (!head) return Unreadable(row.key());
      snapshot.stored.revision = *head;
    } else if (const auto revision = keys_.RevisionOf(row.key())) {
      auto revocation = DecodeRevocation(row.value(), *revision);
      if (!revocation) return Unreadable(row.key());
      snapshot.stored.all.push_back(*std::move(revocation));
    }
  }
  return snapshot;
}

absl::Status EtcdState::AgreeOnDigestKey(const std::string& id) {
  TxnRequest request;
  CompareMod(request, keys_.DigestKey(), 0);
  AddPut(request, keys_.DigestKey(), id);
  request.add_failure()->mutable_request_range()->set_key(keys_.DigestKey());
  const auto done = client_.TxnNow(request);
  if (!done.ok()) return done.status();
  if (done->succeeded()) return absl::OkStatus();
  const std::string& theirs = done->responses(0).response_range().kvs(0).value();
  if (theirs == id) return absl::OkStatus();
  return Unavailable(absl::StrCat("this replica names tokens by the key ", id, ", the fleet by ",
                                  theirs, ": give it the audit-digest.key of another replica"));
}

Task<absl::StatusOr<std::uint64_t>> EtcdState::Put(Revocation revocation) {
  co_return co_await Change([&](TxnRequest& request, std::uint64_t revision) {
    AddPut(request, keys_.Revocation(revision), EncodeRevocation(revocation));
  });
}

Task<absl::StatusOr<std::uint64_t>> EtcdState::Remove(std::vector<std::uint64_t> revisions) {
  co_return co_await Change([&](TxnRequest& request, std::uint64_t) {
    for (const std::uint64_t revision : revisions) {
      request.add_success()->mutable_request_delete_range()->set_key(keys_.Revocation(revision));
    }
  });
}

Task<absl::StatusOr<std::uint64_t>> EtcdState::Change(Fill fill) {
  for (int i = 0; i < kTries; ++i) {
    etcdserverpb::RangeRequest question;
    question.set_key(keys_.Head());
    const auto found = co_await client_.Range(std::move(question));
    if (!found.ok()) co_return found.status();
    const bool begun = !found->kvs().empty();
    const auto head = begun ? DecodeHead(found->kvs(0).value()) : 0;
    if (!head) co_return Unreadable(keys_.Head());
    TxnRequest request;
    CompareMod(request, keys_.Head(), begun ? found->kvs(0).mod_revision() : 0);
    AddPut(request, keys_.Head(), EncodeHead(*head + 1));
    fill(request, *head + 1);
    const auto done = co_await client_.Txn(std::move(request));
    if (!done.ok()) co_return done.status();
    if (done->succeeded()) co_return *head + 1;
  }
  co_return Unavailable("others change the state all the time");
}

void EtcdState::Follow(RevocationObserver& observer) {
  observer_ = &observer;
  watching_ = std::thread([this] { WatchAll(); });
  // Who is served from the return on need not be refused for want of an answer.
  if (const absl::Status known = Ask(steady_.Elapsed()); !known.ok()) Say(known);
  asking_ = std::thread([this] { AskAll(); });
}

absl::Status EtcdState::Knows() const {
  const std::int64_t now = absl::ToInt64Nanoseconds(steady_.Elapsed());
  if (now < known_until_ns_.load(std::memory_order_acquire)) return absl::OkStatus();
  const absl::MutexLock lock(&mutex_);
  return Unavailable(
      absl::StrCat("this replica cannot know what the fleet has revoked: ", problem_));
}

EtcdState::Standing EtcdState::Stands() const {
  const absl::Duration until = absl::Nanoseconds(known_until_ns_.load(std::memory_order_acquire));
  return {.lease = lease_.id(),
          .known_for = std::max(until - steady_.Elapsed(), absl::ZeroDuration())};
}

void EtcdState::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
    if (watch_) watch_->Cancel();
  }
  if (watching_.joinable()) watching_.join();
  if (asking_.joinable()) asking_.join();
  client_.Stop();
}

bool EtcdState::Pause(absl::Duration wait) {
  const absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopping_), wait);
  return !stopping_;
}

bool EtcdState::Forgot() const {
  const absl::MutexLock lock(&mutex_);
  return forgot_;
}

void EtcdState::Say(const absl::Status& problem) {
  const absl::MutexLock lock(&mutex_);
  if (!forgot_) problem_ = ProblemOf(problem);
}

void EtcdState::WatchAll() {
  do {
    if (!Forgot()) WatchOnce();
  } while (Pause(kAfterFailure));
}

// Until the watch ends, for whatever reason. It goes on from where it ended,
// unless etcd no longer has that, or it was silent where it should not be.
void EtcdState::WatchOnce() {
  bool anew = false;
  {
    const absl::MutexLock lock(&mutex_);
    anew = std::exchange(begin_anew_, false);
  }
  if (anew) {
    if (const absl::Status reloaded = Reload(); !reloaded.ok()) {
      Say(reloaded);
      BeginAnew();
      return;
    }
  }
  const auto watch = client_.OpenWatch(keys_.State(), next_);
  {
    const absl::MutexLock lock(&mutex_);
    if (stopping_) watch->Cancel();
    watch_ = watch;
  }
  etcdserverpb::WatchResponse response;
  absl::Status applied;
  while (applied.ok() && watch->Read(response) && !Forgot()) applied = Apply(response);
  watch->Cancel();
  if (applied.ok()) applied = Unavailable(watch->Problem());
  Say(applied);
  const absl::MutexLock lock(&mutex_);
  watch_.reset();
}

absl::Status EtcdState::Apply(const etcdserverpb::WatchResponse& response) {
  if (response.canceled() || response.compact_revision() != 0) {
    BeginAnew();
    return Unavailable(absl::StrCat("etcd ended the watch: ", response.cancel_reason()));
  }
  for (const etcdserverpb::Event& event : response.events()) {
    if (absl::Status applied = ApplyEvent(event); !applied.ok()) {
      BeginAnew();
      return applied;
    }
  }
  // By the events: an answer without any may be ahead of those still to come.
  for (const etcdserverpb::Event& event : response.events()) {
    next_ = std::max(next_, event.kv().mod_revision() + 1);
  }
  for (const etcdserverpb::Event& event : response.events()) {
    if (event.kv().key() != keys_.Head()) continue;
    if (const auto head = DecodeHead(event.kv().value())) StandAt(*head);
  }
  return absl::OkStatus();
}

absl::Status EtcdState::ApplyEvent(const etcdserverpb::Event& event) {
  const auto revision = keys_.RevisionOf(event.kv().key());
  if (!revision) return absl::OkStatus();
  if (event.type() == etcdserverpb::Event::DELETE) {
    observer_->Forget(*revision);
    known_.erase(*revision);
    return absl::OkStatus();
  }
  auto revocation = DecodeRevocation(event.kv().value(), *revision);
  if (!revocation) return Unreadable(event.kv().key());
  observer_->Learn(*std::move(revocation));
  known_.insert(*revision);
  return absl::OkStatus();
}

absl::Status EtcdState::Reload() {
  auto snapshot = Read();
  if (!snapshot.ok()) {
    client_.Avoid();
    return snapshot.status();
  }
  std::set<std::uint64_t> there;
  for (Revocation& one : snapshot->stored.all) {
    there.insert(one.revision);
    if (!known_.contains(one.revision)) observer_->Learn(std::move(one));
  }
  {
    const absl::MutexLock lock(&mutex_);
    if (forgot_ || snapshot->stored.revision < applied_) return Unavailable("it went back");
  }
  for (const std::uint64_t revision : known_) {
    if (!there.contains(revision)) observer_->Forget(revision);
  }
  known_ = std::move(there);
  next_ = snapshot->etcd_revision + 1;
  StandAt(snapshot->stored.revision);
  return absl::OkStatus();
}

void EtcdState::StandAt(std::uint64_t revision) {
  observer_->StandOn(revision);
  const absl::MutexLock lock(&mutex_);
  applied_ = std::max(applied_, revision);
}

void EtcdState::AskAll() {
  absl::Duration wait = absl::ZeroDuration();
  while (Pause(wait)) {
    client_.Renew();
    const absl::Duration asked_at = steady_.Elapsed();
    const absl::Status known = Ask(asked_at);
    wait = known.ok() ? kBetweenQuestions : kAfterFailure;
    if (known.ok()) continue;
    Say(known);
    client_.Avoid();
  }
  lease_.Release();
}

absl::Status EtcdState::Ask(absl::Duration asked_at) {
  if (absl::Status held = lease_.Hold(); !held.ok()) return held;
  const std::uint64_t before = Applied();
  const auto head = lease_.Head();
  if (!head.ok()) return head.status();
  {
    const absl::MutexLock lock(&mutex_);
    // What was applied since the question may be newer than its answer.
    if (*head < before) {
      forgot_ = true;
      problem_ = absl::StrCat("the state in etcd went back from revision ", before, " to ", *head,
                              ": it has forgotten revocations");
    }
    if (forgot_) {
      known_until_ns_ = 0;
      if (watch_) watch_->Cancel();
      return Unavailable(problem_);
    }
  }
  if (!AwaitApplied(*head, kBetweenQuestions)) {
    BeginAnew();
    return Unavailable(absl::StrCat("the watch fell behind revision ", *head));
  }
  known_until_ns_.store(absl::ToInt64Nanoseconds(asked_at + kKnown), std::memory_order_release);
  return absl::OkStatus();
}

std::uint64_t EtcdState::Applied() const {
  const absl::MutexLock lock(&mutex_);
  return applied_;
}

bool EtcdState::AwaitApplied(std::uint64_t revision, absl::Duration at_most) {
  const absl::MutexLock lock(&mutex_);
  const auto there = [&] {
    mutex_.AssertReaderHeld();
    return stopping_ || applied_ >= revision;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&there), at_most) && applied_ >= revision;
}

void EtcdState::BeginAnew() {
  const absl::MutexLock lock(&mutex_);
  begin_anew_ = true;
  if (watch_) watch_->Cancel();
}

}  // namespace behalf
