// A program that a test talks to over its standard input and output.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace behalf {

// Not thread-safe. Needs descriptors to start, none later.
class ChildProcess {
 public:
  // argv[0] is the path of the program. Each of `inherited` becomes the
  // descriptor 3, 4, ... of the child; nothing else is inherited.
  explicit ChildProcess(const std::vector<std::string>& argv,
                        const std::vector<int>& inherited = {});
  ~ChildProcess();  // closes its input and waits for its end

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Sends the line and returns the next line of output, without its newline;
  // "(end)" when the child has ended.
  std::string Ask(const std::string& line);
  void Tell(const std::string& line);
  std::string Read();
  void Kill();

 private:
  pid_t pid_ = -1;
  FILE* to_ = nullptr;
  FILE* from_ = nullptr;
};

}  // namespace behalf
