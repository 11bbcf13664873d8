// Questions to etcd (https://etcd.io/docs/v3.4/learning/api/), to one member at
// a time.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/base/executor.h"
#include "daemon/base/task.h"
#include "etcd/etcd.grpc.pb.h"

namespace behalf {

struct EtcdMembers {
  std::vector<std::string> addresses;  // host:port
  // Those that count now; another pointer when they were replaced. Absent: plain
  // text, for loopback. Thread-safe.
  std::function<std::shared_ptr<grpc::ChannelCredentials>()> credentials = nullptr;
  // How long one answer may take, to threads that may block; tasks wait three
  // times as long: a member that is slow to write is not gone.
  absl::Duration patience = absl::Seconds(1);
};

// Thread-safe. Asks the member in use; who finds it wanting calls Avoid, and
// the next one is in use. All fail with kStoreUnavailable, whose "problem"
// names the member.
class EtcdClient {
 public:
  // Tasks end on `resume`, which is stopped after this is.
  EtcdClient(const EtcdMembers& members, Executor& resume);
  ~EtcdClient() { Stop(); }

  // Whether it was carried out is not known when it fails.
  Task<absl::StatusOr<etcdserverpb::TxnResponse>> Txn(etcdserverpb::TxnRequest request);
  // Linearizable: no change that was acknowledged before it was asked is missing.
  Task<absl::StatusOr<etcdserverpb::RangeResponse>> Range(etcdserverpb::RangeRequest request);
  Task<absl::StatusOr<etcdserverpb::LeaseGrantResponse>> Grant(absl::Duration life);

  // The same for threads that may block.
  absl::StatusOr<etcdserverpb::TxnResponse> TxnNow(const etcdserverpb::TxnRequest& request);
  absl::StatusOr<etcdserverpb::RangeResponse> RangeNow(const etcdserverpb::RangeRequest& request);
  absl::StatusOr<etcdserverpb::LeaseGrantResponse> GrantNow(absl::Duration life);
  // What is left of the lease; zero: there is none any more.
  absl::StatusOr<absl::Duration> KeepAliveNow(std::int64_t lease);
  void RevokeNow(std::int64_t lease);

  // One watch of one member, to be read by one thread until it ends.
  class Watch {
   public:
    // False at the end; Problem says why.
    bool Read(etcdserverpb::WatchResponse& response) { return stream_->Read(&response); }
    // From any thread: Read ends soon.
    void Cancel() { context_.TryCancel(); }
    std::string Problem();

   private:
    friend class EtcdClient;
    grpc::ClientContext context_;
    std::unique_ptr<etcdserverpb::Watch::Stub> stub_;
    std::unique_ptr<
        grpc::ClientReaderWriter<etcdserverpb::WatchRequest, etcdserverpb::WatchResponse>>
        stream_;
    std::string member_;
  };
  // All changes of keys from `prefix` on, after and with `start_revision`.
  std::shared_ptr<Watch> OpenWatch(const std::string& prefix, std::int64_t start_revision);

  // Ask another member from now on.
  void Avoid() { ++asked_; }

  // Looks whether the credentials were replaced. Then what is asked from now on
  // goes over connections that are made with the new ones; what is under way
  // ends on the old.
  void Renew() ABSL_LOCKS_EXCLUDED(mutex_);

  // The member in use: host:port.
  std::string asked() const { return member().address; }

  // Ends what is under way; what is asked for later fails. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Member {
    std::string address;
    std::shared_ptr<grpc::Channel> channel;
  };
  template <typename Request, typename Response>
  class Asking;
  template <typename Response>
  absl::StatusOr<Response> Ended(const Member& member, const grpc::Status& status,
                                 Response response) const;

  Member member() const ABSL_LOCKS_EXCLUDED(mutex_);
  static void SetDeadline(grpc::ClientContext& context, absl::Duration patience);
  bool Begin(grpc::ClientContext& context) ABSL_LOCKS_EXCLUDED(mutex_);
  void End(grpc::ClientContext& context) ABSL_LOCKS_EXCLUDED(mutex_);

  const EtcdMembers all_;
  const absl::Duration patience_;
  Executor& resume_;
  std::atomic<std::size_t> asked_{0};
  mutable absl::Mutex mutex_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_ ABSL_GUARDED_BY(mutex_);
  std::vector<Member> members_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<grpc::ClientContext*> under_way_ ABSL_GUARDED_BY(mutex_);
};

// The end of the range of all keys that begin with `prefix`.
std::string EndOfPrefix(std::string prefix);

}  // namespace behalf
