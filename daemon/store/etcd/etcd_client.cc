#include "daemon/store/etcd/etcd_client.h"

#include <coroutine>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

using namespace etcdserverpb;  // NOLINT(google-build-using-namespace): etcd's names, all of them

absl::Status Unavailable(const std::string& member, const std::string& why) {
  return MakeError(
      ErrorDetail{.reason = Reason::kStoreUnavailable,
                  .metadata = {{"problem", absl::StrCat("etcd at ", member, ": ", why)}},
                  .retry_after = absl::Seconds(1)});
}

std::shared_ptr<grpc::Channel> ChannelTo(
    const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2000);  // and as long to connect
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  // What a broken network swallowed TCP would send again after ever longer
  // pauses, for minutes after it was healed: who hears nothing for two seconds
  // connects anew (this sets TCP_USER_TIMEOUT, too). etcd takes a ping every
  // five seconds.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 2000);
  // Each channel its own connection: members of one address do not share one.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(
      address, credentials ? credentials : grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

// Lives in the frame of who waits. The answer may come before the asking has
// returned, which uses the frame until then: the later of the two goes on. gRPC
// orders an answer after its question in a way that tools cannot see, so that
// `users_` says it again.
template <typename Request, typename Response>
class EtcdClient::Asking {
 public:
  using Start = std::function<void(grpc::ClientContext*, const Request*, Response*,
                                   std::function<void(grpc::Status)>)>;
  Asking(EtcdClient& client, const Request& request, Start start)
      : client_(client), request_(request), start_(std::move(start)) {}

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    handle_ = handle;
    SetDeadline(context_, 3 * client_.patience_);
    if (!client_.Begin(context_)) {
      status_ = grpc::Status(grpc::StatusCode::CANCELLED, "the store is stopped");
      return false;
    }
    users_.store(2, std::memory_order_release);
    start_(&context_, &request_, &response_, [this](grpc::Status status) {
      users_.load(std::memory_order_acquire);
      status_ = std::move(status);
      Leave();
    });
    Leave();
    return true;
  }
  std::pair<grpc::Status, Response> await_resume() {
    client_.End(context_);
    return {std::move(status_), std::move(response_)};
  }

 private:
  void Leave() {
    if (users_.fetch_sub(1, std::memory_order_acq_rel) == 1) client_.resume_.Post(handle_);
  }

  EtcdClient& client_;
  const Request& request_;
  const Start start_;
  grpc::ClientContext context_;
  Response response_;
  grpc::Status status_;
  std::coroutine_handle<> handle_;
  std::atomic<int> users_{0};
};

EtcdClient::EtcdClient(const EtcdMembers& members, Executor& resume)
    : all_(members), patience_(members.patience), resume_(resume) {
  Renew();
}

void EtcdClient::Renew() {
  auto credentials = all_.credentials ? all_.credentials() : nullptr;
  std::vector<Member> old;  // ended when nobody waits for the lock
  const absl::MutexLock lock(&mutex_);
  if (!members_.empty() && credentials == credentials_) return;
  credentials_ = std::move(credentials);
  old.swap(members_);
  for (const std::string& address : all_.addresses) {
    members_.push_back({address, ChannelTo(address, credentials_)});
  }
}

EtcdClient::Member EtcdClient::member() const {
  const absl::MutexLock lock(&mutex_);
  return members_[asked_.load() % members_.size()];
}

// By the clock that nobody sets.
void EtcdClient::SetDeadline(grpc::ClientContext& context, absl::Duration patience) {
  const gpr_timespec wait = gpr_time_from_millis(absl::ToInt64Milliseconds(patience), GPR_TIMESPAN);
  context.set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), wait));
}

bool EtcdClient::Begin(grpc::ClientContext& context) {
  const absl::MutexLock lock(&mutex_);
  if (stopping_) return false;
  under_way_.insert(&context);
  return true;
}

void EtcdClient::End(grpc::ClientContext& context) {
  const absl::MutexLock lock(&mutex_);
  under_way_.erase(&context);
}

void EtcdClient::Stop() {
  const absl::MutexLock lock(&mutex_);
  stopping_ = true;
  for (grpc::ClientContext* context : under_way_) context->TryCancel();
  mutex_.Await(absl::Condition(
      +[](std::set<grpc::ClientContext*>* contexts) { return contexts->empty(); }, &under_way_));
}

template <typename Response>
absl::StatusOr<Response> EtcdClient::Ended(const Member& member, const grpc::Status& status,
                                           Response response) const {
  if (status.ok()) return response;
  return Unavailable(member.address, status.error_message());
}

Task<absl::StatusOr<TxnResponse>> EtcdClient::Txn(TxnRequest request) {
  const Member asked = member();
  const auto stub = KV::NewStub(asked.channel);
  auto [status, response] = co_await Asking<TxnRequest, TxnResponse>(
      *this, request, [&](auto* context, auto* question, auto* answer, auto done) {
        stub->async()->Txn(context, question, answer, std::move(done));
      });
  co_return Ended(asked, status, std::move(response));
}

Task<absl::StatusOr<RangeResponse>> EtcdClient::Range(RangeRequest request) {
  const Member asked = member();
  const auto stub = KV::NewStub(asked.channel);
  auto [status, response] = co_await Asking<RangeRequest, RangeResponse>(
      *this, request, [&](auto* context, auto* question, auto* answer, auto done) {
        stub->async()->Range(context, question, answer, std::move(done));
      });
  co_return Ended(asked, status, std::move(response));
}

Task<absl::StatusOr<LeaseGrantResponse>> EtcdClient::Grant(absl::Duration life) {
  const Member asked = member();
  const auto stub = Lease::NewStub(asked.channel);
  LeaseGrantRequest request;
  request.set_ttl(absl::ToInt64Seconds(life));
  auto [status, response] = co_await Asking<LeaseGrantRequest, LeaseGrantResponse>(
      *this, request, [&](auto* context, auto* question, auto* answer, auto done) {
        stub->async()->LeaseGrant(context, question, answer, std::move(done));
      });
  co_return Ended(asked, status, std::move(response));
}

absl::StatusOr<TxnResponse> EtcdClient::TxnNow(const TxnRequest& request) {
  const Member asked = member();
  grpc::ClientContext context;
  SetDeadline(context, patience_);
  TxnResponse response;
  const grpc::Status status = KV::NewStub(asked.channel)->Txn(&context, request, &response);
  return Ended(asked, status, std::move(response));
}

absl::StatusOr<RangeResponse> EtcdClient::RangeNow(const RangeRequest& request) {
  const Member asked = member();
  grpc::ClientContext context;
  SetDeadline(context, patience_);
  RangeResponse response;
  const grpc::Status status = KV::NewStub(asked.channel)->Range(&context, request, &response);
  return Ended(asked, status, std::move(response));
}

absl::StatusOr<LeaseGrantResponse> EtcdClient::GrantNow(absl::Duration life) {
  const Member asked = member();
  grpc::ClientContext context;
  SetDeadline(context, patience_);
  LeaseGrantRequest request;
  request.set_ttl(absl::ToInt64Seconds(life));
  LeaseGrantResponse response;
  const grpc::Status status =
      Lease::NewStub(asked.channel)->LeaseGrant(&context, request, &response);
  return Ended(asked, status, std::move(response));
}

// A stream of one question: etcd has no other form of it.
absl::StatusOr<absl::Duration> EtcdClient::KeepAliveNow(std::int64_t lease) {
  const Member asked = member();
  grpc::ClientContext context;
  SetDeadline(context, patience_);
  const auto stub = Lease::NewStub(asked.channel);
  const auto stream = stub->LeaseKeepAlive(&context);
  LeaseKeepAliveRequest request;
  request.set_id(lease);
  LeaseKeepAliveResponse response;
  const bool answered = stream->Write(request) && stream->Read(&response);
  if (answered) {
    context.TryCancel();
    stream->Finish();
    return absl::Seconds(response.ttl());
  }
  const grpc::Status status = stream->Finish();
  return Unavailable(asked.address, status.ok() ? "it hung up" : status.error_message());
}

void EtcdClient::RevokeNow(std::int64_t lease) {
  grpc::ClientContext context;
  SetDeadline(context, patience_);
  LeaseRevokeRequest request;
  request.set_id(lease);
  LeaseRevokeResponse response;
  Lease::NewStub(member().channel)->LeaseRevoke(&context, request, &response);
}

std::shared_ptr<EtcdClient::Watch> EtcdClient::OpenWatch(const std::string& prefix,
                                                         std::int64_t start_revision) {
  const Member asked = member();
  auto watch = std::make_shared<Watch>();
  watch->member_ = asked.address;
  // A member that lost its leader ends the watch, rather than be silent.
  watch->context_.AddMetadata("hasleader", "true");
  watch->stub_ = etcdserverpb::Watch::NewStub(asked.channel);
  watch->stream_ = watch->stub_->Watch(&watch->context_);
  WatchRequest request;
  WatchCreateRequest& create = *request.mutable_create_request();
  create.set_key(prefix);
  create.set_range_end(EndOfPrefix(prefix));
  create.set_start_revision(start_revision);
  watch->stream_->Write(request);
  return watch;
}

std::string EtcdClient::Watch::Problem() {
  const grpc::Status status = stream_->Finish();
  return absl::StrCat("etcd at ", member_, ": ",
                      status.ok() ? "it ended the watch" : status.error_message());
}

std::string EndOfPrefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (prefix.empty()) return std::string(1, '\0');  // all keys there are
  ++prefix.back();
  return prefix;
}

}  // namespace behalf
