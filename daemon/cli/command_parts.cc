#include "daemon/cli/command_parts.h"

#include "daemon/cli/exit_code.h"

namespace behalf::cli {

using enum Flag::Use;

std::vector<Flag> Join(std::vector<Flag> flags, const std::vector<Flag>& more) {
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

Flag OutputFlag() {
  return {"output",  "FORMAT", "table, for people (the default), or json, for programs",
          kOptional, 'o',      {"table", "json"}};
}

std::vector<Flag> CallFlags() {
  return {{"socket", "PATH", "the daemon's socket; $BEHALF_SOCKET when it is not given"},
          {"timeout", "DURATION", "how long to wait for the answer; 30s when it is not given"},
          OutputFlag()};
}

std::vector<Flag> TokenFlags() {
  return {{"token-file", "FILE", "write the token to FILE, which only you can read"},
          {"show-token", "", "print the token with the answer"}};
}

std::vector<Exit> CallExits(const char* negative) {
  return {{kOk, "done"},
          {kNegative, negative},
          {kUsage, "the command line is wrong"},
          {kUnreachable, "the daemon cannot be reached"},
          {kLocal, "a file cannot be read or written"}};
}

std::vector<Exit> LocalExits() {
  return {{kOk, "done"},
          {kUsage, "the command line is wrong"},
          {kLocal, "the output cannot be written"}};
}

}  // namespace behalf::cli
