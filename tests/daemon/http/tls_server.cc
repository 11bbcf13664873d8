#include "tests/daemon/http/tls_server.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

constexpr char kScript[] = BEHALF_SOURCE_DIR "/tests/daemon/http/tls_server.py";

pid_t Spawn(std::vector<std::string> words, int in, int out, int err = STDERR_FILENO) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  pid_t process = -1;
  EXPECT_EQ(posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

int ExitOf(pid_t process) {
  int status = -1;
  EXPECT_EQ(waitpid(process, &status, 0), process);
  return status;
}

}  // namespace

TlsServer::TlsServer() {
  std::string pattern = (std::filesystem::temp_directory_path() / "behalf-http-XXXXXX").string();
  directory_ = mkdtemp(pattern.data());
  certificate_ = absl::StrCat(directory_, "/certificate.pem");
  key_ = absl::StrCat(directory_, "/key.pem");
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  const pid_t openssl =
      Spawn({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost", "-keyout", key_, "-out", certificate_},
            nowhere, nowhere, nowhere);
  EXPECT_EQ(ExitOf(openssl), 0);
  close(nowhere);

  std::array<int, 2> to{}, from{};
  EXPECT_EQ(pipe2(to.data(), O_CLOEXEC) + pipe2(from.data(), O_CLOEXEC), 0);
  process_ = Spawn({"python3", kScript, certificate_, key_}, to[0], from[1]);
  close(to[0]);
  close(from[1]);
  to_server_ = to[1];
  from_server_ = from[0];
  port_ = NextLine();
}

TlsServer::~TlsServer() {
  close(to_server_);
  ExitOf(process_);
  close(from_server_);
  std::filesystem::remove_all(directory_);
}

std::string TlsServer::Url(std::string_view path) const { return UrlAt("localhost", path); }

std::string TlsServer::UrlAt(std::string_view host, std::string_view path) const {
  return absl::StrCat("https://", std::string(host), ":", port_, std::string(path));
}

std::string TlsServer::NextLine() {
  std::string line;
  char c = 0;
  while (read(from_server_, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

}  // namespace behalf
