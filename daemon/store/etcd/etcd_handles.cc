#include "daemon/store/etcd/etcd_handles.h"

#include <utility>

#include "daemon/base/error.h"

namespace behalf {
namespace {

using etcdserverpb::Compare;
using etcdserverpb::TxnRequest;

// Handles live five minutes; a lease serves those made in its first minute.
constexpr absl::Duration kLeaseServes = absl::Minutes(1);
constexpr absl::Duration kLeaseLife = absl::Minutes(8);

TxnRequest WhenVersionIs(const std::string& key, std::uint64_t version) {
  TxnRequest request;
  Compare& compare = *request.add_compare();
  compare.set_result(Compare::EQUAL);
  compare.set_target(Compare::VERSION);
  compare.set_key(key);
  compare.set_version(static_cast<std::int64_t>(version));
  return request;
}

}  // namespace

Task<absl::Status> EtcdHandles::Insert(std::string id, HandleRow row) {
  const auto lease = co_await CurrentLease();
  if (!lease.ok()) co_return lease.status();
  if (size_.load() >= max_handles_) co_return TooManyHandles();
  const std::string key = keys_.Handle(id);
  TxnRequest request = WhenVersionIs(key, 0);
  etcdserverpb::PutRequest& put = *request.add_success()->mutable_request_put();
  put.set_key(key);
  put.set_value(EncodeHandle(row));
  put.set_lease(*lease);
  const auto done = co_await client_.Txn(std::move(request));
  if (!done.ok()) co_return done.status();
  if (!done->succeeded()) co_return TwoHandlesOfOneId();
  size_.fetch_add(1);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<HandleRow>> EtcdHandles::Find(std::string id) {
  etcdserverpb::RangeRequest request;
  request.set_key(keys_.Handle(id));
  const auto found = co_await client_.Range(std::move(request));
  if (!found.ok()) co_return found.status();
  if (found->kvs().empty()) co_return MakeError(Reason::kHandleUnknown);
  auto row = DecodeHandle(found->kvs(0).value(), found->kvs(0).version());
  if (!row || row->expires_at + kHandleRowGrace <= clock_.Now()) {
    co_return MakeError(Reason::kHandleUnknown);
  }
  co_return *std::move(row);
}

Task<absl::StatusOr<bool>> EtcdHandles::Replace(std::string id, std::uint64_t expected_version,
                                                HandleRow row) {
  auto found = co_await Find(id);
  if (!found.ok()) co_return found.status();
  if (found->version != expected_version) co_return false;
  const std::string key = keys_.Handle(id);
  TxnRequest request = WhenVersionIs(key, expected_version);
  etcdserverpb::PutRequest& put = *request.add_success()->mutable_request_put();
  put.set_key(key);
  put.set_value(EncodeHandle(row));
  put.set_ignore_lease(true);
  const auto done = co_await client_.Txn(std::move(request));
  if (!done.ok()) co_return done.status();
  co_return done->succeeded();
}

Task<absl::StatusOr<std::int64_t>> EtcdHandles::CurrentLease() {
  const absl::Duration now = steady_.Elapsed();
  {
    const absl::MutexLock lock(&mutex_);
    if (now - lease_.granted_at < kLeaseServes) co_return lease_.id;
  }
  const auto granted = co_await client_.Grant(kLeaseLife);
  if (!granted.ok()) co_return granted.status();
  const absl::Status counted = co_await Count();
  if (!counted.ok()) co_return counted;
  const absl::MutexLock lock(&mutex_);
  lease_ = {granted->id(), now};
  co_return granted->id();
}

Task<absl::Status> EtcdHandles::Count() {
  etcdserverpb::RangeRequest request;
  request.set_key(keys_.Handles());
  request.set_range_end(EndOfPrefix(keys_.Handles()));
  request.set_count_only(true);
  const auto counted = co_await client_.Range(std::move(request));
  if (!counted.ok()) co_return counted.status();
  size_ = static_cast<int>(counted->count());
  co_return absl::OkStatus();
}

}  // namespace behalf
