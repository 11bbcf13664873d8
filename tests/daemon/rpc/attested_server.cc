#include "tests/daemon/rpc/attested_server.h"

#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "daemon/rpc/peer_name.h"

namespace behalf {
namespace {

std::string Claimed(const grpc::GenericCallbackServerContext& context) {
  const auto uid = context.client_metadata().find("uid");
  if (uid == context.client_metadata().end()) return "";
  return std::string(uid->second.data(), uid->second.size());
}

// gRPC may end a call on another thread than began it, in an order that
// ThreadSanitizer cannot see: what the library calls first looks at what the
// constructor did last.
class OrderedCall : public grpc::ServerGenericBidiReactor {
 public:
  void OnDone() final {
    if (IsConstructed()) delete this;
  }

 protected:
  bool IsConstructed() const { return constructed_.load(std::memory_order_acquire); }
  void Constructed() { constructed_.store(true, std::memory_order_release); }

 private:
  std::atomic<bool> constructed_{false};
};

class AnsweredCall final : public OrderedCall {
 public:
  explicit AnsweredCall(const std::string& text) {
    const grpc::Slice slice(text);
    answer_ = grpc::ByteBuffer(&slice, 1);
    StartWriteAndFinish(&answer_, grpc::WriteOptions(), grpc::Status::OK);
    Constructed();
  }

 private:
  grpc::ByteBuffer answer_;
};

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  char path[] = "/tmp/behalf-rpc-XXXXXX";
  if (mkdtemp(path) == nullptr) std::abort();
  path_ = path;
  chmod(path, 0755);
}

TemporaryDirectory::~TemporaryDirectory() { std::filesystem::remove_all(path_); }

class TellingService::HeldCall final : public OrderedCall {
 public:
  HeldCall(TellingService& service, grpc::GenericCallbackServerContext* context, int fd)
      : service_(service), fd_(fd) {
    context->AddInitialMetadata("uid", service.UidBehind(fd));
    {
      const std::lock_guard lock(service.mutex_);
      service.held_.push_back(this);
    }
    StartSendInitialMetadata();
    Constructed();
  }
  void OnCancel() override {
    if (!IsConstructed()) std::abort();
    const std::lock_guard lock(service_.mutex_);
    service_.abandoned_.push_back(fd_);
    service_.changed_.notify_all();
  }

 private:
  TellingService& service_;
  const int fd_;
};

class TellingService::CancellableCall final : public OrderedCall {
 public:
  CancellableCall(TellingService& service, grpc::GenericCallbackServerContext* context, int fd)
      : service_(service), fd_(fd), claimed_(Claimed(*context)) {
    context->AddInitialMetadata("uid", service.UidBehind(fd));
    service.Check(fd, claimed_);
    StartSendInitialMetadata();
    Constructed();
  }
  void OnCancel() override {
    if (!IsConstructed()) std::abort();
    service_.Check(fd_, claimed_);
    Finish(grpc::Status::CANCELLED);
  }

 private:
  TellingService& service_;
  const int fd_;
  const std::string claimed_;
};

grpc::ServerGenericBidiReactor* TellingService::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  const int fd = DescriptorOf(context->peer()).value_or(-1);
  if (context->method() == "/test/Hold") return new HeldCall(*this, context, fd);
  if (context->method() == "/test/UntilCancelled") return new CancellableCall(*this, context, fd);
  const auto caller = peers_.Find(fd);
  if (caller == nullptr) return new AnsweredCall("nobody");
  return new AnsweredCall(std::to_string(caller->uid) + " " + std::to_string(caller->gid) + " " +
                          std::to_string(caller->pid) + " " + std::to_string(fd));
}

int TellingService::wrong() const {
  const std::lock_guard lock(mutex_);
  return wrong_;
}

int TellingService::AwaitAbandoned() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !abandoned_.empty(); });
  return abandoned_.front();
}

void TellingService::Release() {
  std::vector<HeldCall*> held;
  {
    const std::lock_guard lock(mutex_);
    held.swap(held_);
  }
  for (HeldCall* call : held) call->Finish(grpc::Status::OK);
}

std::string TellingService::UidBehind(int fd) const {
  const auto caller = peers_.Find(fd);
  return caller == nullptr ? "nobody" : std::to_string(caller->uid);
}

void TellingService::Check(int fd, const std::string& claimed) {
  if (UidBehind(fd) == claimed) return;
  const std::lock_guard lock(mutex_);
  ++wrong_;
}

Socket SocketAt(const std::string& name, const std::string& path, mode_t mode) {
  Socket socket;
  socket.name = name;
  socket.path = path;
  socket.mode = mode;
  return socket;
}

AttestedServer::AttestedServer(PeerTable::Caps caps, OverflowIds overflow)
    : path_(directory_ / "socket"), peers_(caps), service_(peers_) {
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(&service_);
  server_ = builder.BuildAndStart();
  InheritedListeners none;
  auto listener = UnixListener::Open(SocketAt("agents", path_), none);
  if (!listener.ok()) {
    std::cerr << listener.status() << "\n";
    std::abort();
  }
  Acceptor::Listeners listeners;
  listeners.push_back(*std::move(listener));
  auto acceptor = Acceptor::Start(std::move(listeners), overflow, peers_, [this](int fd) {
    grpc::AddInsecureChannelFromFd(server_.get(), fd);
  });
  if (!acceptor.ok()) std::abort();
  acceptor_ = *std::move(acceptor);
}

AttestedServer::~AttestedServer() {
  acceptor_.reset();
  service_.Release();
  server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(10));
}

std::vector<std::string> ClientOf(const std::string& path, uid_t uid, gid_t gid,
                                  const std::string& groups) {
  const bool root = geteuid() == 0;
  return {BEHALF_PEER_CLIENT, path, std::to_string(root ? uid : getuid()),
          std::to_string(root ? gid : getgid()), groups};
}

}  // namespace behalf
