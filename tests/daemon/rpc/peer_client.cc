// A process of another account that talks to a socket as it is told: one
// command a line on its standard input, one answer a line on its output.
//   peer_client SOCKET UID GID GROUP,GROUP...
// See Run() for the commands.
#include <grp.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

using std::chrono::milliseconds;

std::string TextOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!buffer.Dump(&slices).ok()) return text;
  for (const grpc::Slice& slice : slices) text.append(slice.begin(), slice.end());
  return text;
}

// A call that the server holds; ends when cancelled or answered.
class HeldCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  HeldCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method)
      : stub_(channel) {
    context_.AddMetadata("uid", std::to_string(getuid()));
    context_.set_wait_for_ready(true);
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    stub_.PrepareBidiStreamingCall(&context_, method, grpc::StubOptions(), this);
    StartCall();
  }

  // The uid that the server says it is serving; empty when the call failed.
  std::string ServedAs() { return served_as_.get_future().get(); }
  void Cancel() { context_.TryCancel(); }
  void AwaitEnd() { done_.get_future().get(); }

 private:
  void OnReadInitialMetadataDone(bool ok) override {
    const auto& metadata = context_.GetServerInitialMetadata();
    const auto uid = ok ? metadata.find("uid") : metadata.end();
    served_as_.set_value(
        uid == metadata.end() ? "" : std::string(uid->second.data(), uid->second.size()));
  }
  void OnDone(const grpc::Status&) override { done_.set_value(); }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  std::promise<std::string> served_as_;
  std::promise<void> done_;
};

class Client {
 public:
  explicit Client(std::string path) : path_(std::move(path)) {}

  void Run() {
    std::string line;
    while (std::getline(std::cin, line)) {
      std::istringstream words(line);
      std::string command;
      long number = 0;
      words >> command >> number;
      std::cout << Obey(command, number) << std::endl;
    }
  }

 private:
  std::string Obey(const std::string& command, long number) {
    if (command == "open") return Open(number);    // so many connections that say nothing
    if (command == "garbage") return Garbage();    // noise on each of those
    if (command == "ended") return Ended(number);  // until the server ended so many of them
    if (command == "close") return Close();        // closes them
    if (command == "call") return Call(NewChannel(), milliseconds(number));
    if (command == "keep") return Keep(number);  // as call, and keeps the connection
    if (command == "again") return Call(kept_.back(), milliseconds(number));
    if (command == "drop") return Drop();          // closes what was kept
    if (command == "hold") return Hold();          // starts a call that is not answered
    if (command == "churn") return Churn(number);  // so many connections with a call each
    return "unknown command";
  }

  std::shared_ptr<grpc::Channel> NewChannel() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
    return grpc::CreateCustomChannel("unix:" + path_, grpc::InsecureChannelCredentials(),
                                     arguments);
  }

  // "uid gid pid descriptor", or the number of the error.
  static std::string Call(const std::shared_ptr<grpc::Channel>& channel, milliseconds patience) {
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + patience);
    const grpc::Slice nothing;
    const grpc::ByteBuffer request(&nothing, 1);
    grpc::ByteBuffer response;
    const auto outcome = std::make_shared<std::promise<grpc::Status>>();
    stub.UnaryCall(&context, "/test/WhoAmI", grpc::StubOptions(), &request, &response,
                   [outcome](const grpc::Status& status) { outcome->set_value(status); });
    const grpc::Status status = outcome->get_future().get();
    if (!status.ok()) return "error " + std::to_string(status.error_code());
    return TextOf(response);
  }

  std::string Keep(long number) {
    kept_.push_back(NewChannel());
    return Call(kept_.back(), milliseconds(number));
  }

  std::string Drop() {
    kept_.clear();
    return "dropped";
  }

  std::string Hold() {
    kept_.push_back(NewChannel());
    held_.push_back(new HeldCall(kept_.back(), "/test/Hold"));
    return "held as " + held_.back()->ServedAs();
  }

  std::string Churn(long count) const {
    const std::string me = std::to_string(getuid());
    const std::string facts =
        me + " " + std::to_string(getgid()) + " " + std::to_string(getpid()) + " ";
    int right = 0, wrong = 0, failed = 0;
    for (long i = 0; i < count; ++i) {
      const std::string served = i % 2 == 0 ? Call(NewChannel(), std::chrono::seconds(30))
                                            : CancelledMidCall() + " cancelled";
      const bool same = served.starts_with(i % 2 == 0 ? facts : me + " ");
      const bool lost = served.starts_with("error") || served.starts_with(" ");
      ++(same ? right : lost ? failed : wrong);
    }
    return "right " + std::to_string(right) + " wrong " + std::to_string(wrong) + " failed " +
           std::to_string(failed);
  }

  std::string CancelledMidCall() const {
    HeldCall call(NewChannel(), "/test/UntilCancelled");
    std::string uid = call.ServedAs();
    call.Cancel();
    call.AwaitEnd();
    return uid;
  }

  std::string Open(long count) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    for (long i = 0; i < count; ++i) {
      const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return "error after " + std::to_string(i);
      }
      raw_.push_back(fd);
    }
    return "opened " + std::to_string(raw_.size());
  }

  std::string Garbage() {
    unsigned state = 12345;
    for (const int fd : raw_) {
      std::string noise(64 + state % 4096, '\0');
      for (char& c : noise) c = static_cast<char>((state = state * 1103515245 + 12345) >> 16);
      if (send(fd, noise.data(), noise.size(), MSG_NOSIGNAL) < 0) return "error";
    }
    return "sent";
  }

  std::string Ended(long enough) {
    std::vector<pollfd> open;
    for (const int fd : raw_) open.push_back({.fd = fd, .events = POLLRDHUP, .revents = 0});
    long ended = 0;
    while (ended < enough && poll(open.data(), open.size(), 10000) > 0) {
      ended += std::erase_if(open, [](const pollfd& each) { return each.revents != 0; });
    }
    return "ended " + std::to_string(ended);
  }

  std::string Close() {
    for (const int fd : raw_) close(fd);
    raw_.clear();
    return "closed";
  }

  const std::string path_;
  std::vector<int> raw_;
  std::vector<std::shared_ptr<grpc::Channel>> kept_;
  std::vector<HeldCall*> held_;  // live until the process ends
};

bool Become(uid_t uid, gid_t gid, const std::string& group_list) {
  if (uid == geteuid() && uid != 0) return true;
  std::vector<gid_t> groups;
  std::istringstream list(group_list);
  for (std::string group; std::getline(list, group, ',');) {
    groups.push_back(static_cast<gid_t>(std::stoul(group)));
  }
  return setgroups(groups.size(), groups.data()) == 0 && setgid(gid) == 0 && setuid(uid) == 0;
}

void AllowAllDescriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  AllowAllDescriptors();
  if (!Become(static_cast<uid_t>(std::stoul(argv[2])), static_cast<gid_t>(std::stoul(argv[3])),
              argc > 4 ? argv[4] : "")) {
    return 3;
  }
  Client(argv[1]).Run();
  // Calls that are held never end: no clean-up.
  std::_Exit(0);
}
