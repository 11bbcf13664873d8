// A gRPC server behind an acceptor, as the daemon has it, whose methods tell
// what the daemon knows about the caller.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/attest/peer_table.h"
#include "daemon/rpc/acceptor.h"

namespace behalf {

// A directory that is gone with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// A socket of the Daemon document, of the test's own user and group.
Socket SocketAt(const std::string& name, const std::string& path, mode_t mode = 0666);

// /test/WhoAmI answers "uid gid pid descriptor"; /test/UntilCancelled tells
// the uid at once and ends when it is cancelled; /test/Hold does not end before
// Release, whatever becomes of its client. Thread-safe.
class TellingService final : public grpc::CallbackGenericService {
 public:
  explicit TellingService(const PeerTable& peers) : peers_(peers) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

  // Calls whose caller was not the one the client says it is, at their start
  // or when they were cancelled.
  int wrong() const;

  // Waits until the client of a held call is known to be gone; the call's
  // descriptor.
  int AwaitAbandoned();
  // Ends the held calls.
  void Release();

 private:
  class HeldCall;
  class CancellableCall;

  std::string UidBehind(int fd) const;
  void Check(int fd, const std::string& claimed);

  const PeerTable& peers_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<HeldCall*> held_;
  std::vector<int> abandoned_;
  int wrong_ = 0;
};

class AttestedServer {
 public:
  explicit AttestedServer(PeerTable::Caps caps, OverflowIds overflow = {});
  ~AttestedServer();

  const std::string& path() const { return path_; }
  PeerTable& peers() { return peers_; }
  TellingService& service() { return service_; }
  Acceptor& acceptor() { return *acceptor_; }

 private:
  const TemporaryDirectory directory_;
  const std::string path_;
  PeerTable peers_;
  TellingService service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Acceptor> acceptor_;
};

// The command line of a client of this account, or of the test's own account
// when the test is not root.
std::vector<std::string> ClientOf(const std::string& path, uid_t uid, gid_t gid = 100,
                                  const std::string& groups = "");

}  // namespace behalf
