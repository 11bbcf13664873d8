#include "tests/daemon/rpc/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace behalf {
namespace {

constexpr int kAboveAllTargets = 100;

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& argv,
                           const std::vector<int>& inherited) {
  signal(SIGPIPE, SIG_IGN);
  int input[2], output[2];
  if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) std::abort();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], 0);
  posix_spawn_file_actions_adddup2(&actions, output[1], 1);
  std::vector<int> copies;
  for (const int fd : inherited) copies.push_back(fcntl(fd, F_DUPFD_CLOEXEC, kAboveAllTargets));
  for (std::size_t i = 0; i < copies.size(); ++i) {
    posix_spawn_file_actions_adddup2(&actions, copies[i], static_cast<int>(3 + i));
  }
  std::vector<std::string> words = argv;
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  if (posix_spawn(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ) != 0) {
    std::abort();
  }
  posix_spawn_file_actions_destroy(&actions);
  for (const int copy : copies) close(copy);
  close(input[0]);
  close(output[1]);
  to_ = fdopen(input[1], "w");
  from_ = fdopen(output[0], "r");
}

ChildProcess::~ChildProcess() {
  fclose(to_);
  fclose(from_);
  waitpid(pid_, nullptr, 0);
}

void ChildProcess::Tell(const std::string& line) {
  std::fprintf(to_, "%s\n", line.c_str());
  std::fflush(to_);
}

std::string ChildProcess::Read() {
  std::string line;
  for (int c = 0; (c = std::fgetc(from_)) != '\n';) {
    if (c == EOF) return "(end)";
    line.push_back(static_cast<char>(c));
  }
  return line;
}

std::string ChildProcess::Ask(const std::string& line) {
  Tell(line);
  return Read();
}

void ChildProcess::Kill() { kill(pid_, SIGKILL); }

}  // namespace behalf
