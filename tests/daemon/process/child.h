// A process of its own for what cannot be undone.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace behalf {

// How a child ended that did this: as waitpid(2) tells it. What `act` returns is
// its exit code.
inline int StatusOf(const std::function<int()>& act) {
  const pid_t child = fork();
  if (child == 0) _exit(act());
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

// Its exit code; -SIGNAL where a signal ended it.
inline int EndOf(const std::function<int()>& act) {
  const int status = StatusOf(act);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace behalf
