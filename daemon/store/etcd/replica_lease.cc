#include "daemon/store/etcd/replica_lease.h"

#include "daemon/base/error.h"

namespace behalf {
namespace {

using etcdserverpb::Compare;
using etcdserverpb::TxnRequest;

absl::Status Unavailable(std::string problem) {
  return MakeError(ErrorDetail{.reason = Reason::kStoreUnavailable,
                               .metadata = {{"problem", std::move(problem)}}});
}

}  // namespace

absl::Status ReplicaLease::Hold() {
  if (lease_ == 0) return Take();
  const auto left = client_.KeepAliveNow(lease_);
  if (!left.ok()) return left.status();
  return *left > absl::ZeroDuration() ? absl::OkStatus() : Lost();
}

absl::Status ReplicaLease::Take() {
  const auto granted = client_.GrantNow(kLife);
  if (!granted.ok()) return granted.status();
  TxnRequest request;
  etcdserverpb::PutRequest& put = *request.add_success()->mutable_request_put();
  put.set_key(keys_.Replica(name_));
  put.set_value(name_);
  put.set_lease(granted->id());
  const auto done = client_.TxnNow(request);
  if (done.ok()) lease_ = granted->id();
  return done.status();
}

absl::Status ReplicaLease::Lost() {
  lease_ = 0;
  return Unavailable("this replica lost its lease at etcd");
}

absl::StatusOr<std::uint64_t> ReplicaLease::Head() {
  TxnRequest request;
  Compare& compare = *request.add_compare();
  compare.set_result(Compare::EQUAL);
  compare.set_target(Compare::LEASE);
  compare.set_key(keys_.Replica(name_));
  compare.set_lease(lease_);
  request.add_success()->mutable_request_range()->set_key(keys_.Head());
  const auto done = client_.TxnNow(request);
  if (!done.ok()) return done.status();
  if (!done->succeeded()) return Lost();
  const auto& found = done->responses(0).response_range();
  if (found.kvs().empty()) return 0;
  const auto head = DecodeHead(found.kvs(0).value());
  if (!head) return Unavailable("the state in etcd is damaged, or of a newer behalfd");
  return *head;
}

void ReplicaLease::Release() {
  if (lease_ != 0) client_.RevokeNow(lease_);
  lease_ = 0;
}

}  // namespace behalf
