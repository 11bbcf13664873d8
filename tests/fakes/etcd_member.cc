#include "tests/fakes/etcd_member.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "daemon/base/descriptor.h"

extern char** environ;

namespace behalf {
namespace {

constexpr char kProgram[] = "/usr/bin/etcd";

std::string FreeAddress() {
  const Descriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ::bind(probe.get(), reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
}

// Whether it says of itself that it serves.
bool IsHealthy(const std::string& address) {
  const Descriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
  if (::connect(probe.get(), reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) return false;
  constexpr std::string_view kQuestion = "GET /health HTTP/1.0\r\n\r\n";
  if (::send(probe.get(), kQuestion.data(), kQuestion.size(), MSG_NOSIGNAL) < 0) return false;
  std::string answer(4096, '\0');
  std::size_t size = 0;
  for (ssize_t got = 1; got > 0 && size < answer.size(); size += static_cast<std::size_t>(got)) {
    got = std::max<ssize_t>(0, ::recv(probe.get(), answer.data() + size, answer.size() - size, 0));
  }
  return answer.find(R"("health":"true")") != std::string::npos;
}

}  // namespace

bool EtcdMember::Installed() { return ::access(kProgram, X_OK) == 0; }

EtcdMember::EtcdMember() : address_(FreeAddress()), peer_(FreeAddress()) {
  if (Installed()) Start();
}

EtcdMember::~EtcdMember() { Kill(); }

void EtcdMember::Start() {
  const std::string client = "http://" + address_, peer = "http://" + peer_;
  std::vector<std::string> words = {kProgram,
                                    "--data-dir=" + (folder_.path() / "data").string(),
                                    "--listen-client-urls=" + client,
                                    "--advertise-client-urls=" + client,
                                    "--listen-peer-urls=" + peer,
                                    "--initial-advertise-peer-urls=" + peer,
                                    "--initial-cluster=default=" + peer,
                                    "--log-level=error",
                                    "--logger=zap"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int fd : {1, 2}) {
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_WRONLY, 0);
  }
  ::posix_spawn(&pid_, kProgram, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  AwaitServing();
}

void EtcdMember::StartEmpty() {
  Kill();
  std::filesystem::remove_all(folder_.path() / "data");
  Start();
}

// Another program: there is nothing to wait for but its answer.
void EtcdMember::AwaitServing() const {
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  while (!IsHealthy(address_) && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(10));
}

void EtcdMember::Kill() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void EtcdMember::Freeze() { ::kill(pid_, SIGSTOP); }
void EtcdMember::Thaw() { ::kill(pid_, SIGCONT); }

}  // namespace behalf
