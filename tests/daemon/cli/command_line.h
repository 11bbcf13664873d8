// One run of the command-line tool in this process, with what it printed.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "daemon/cli/run.h"
#include "tests/daemon/cli/order.h"

namespace behalf::cli {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

inline Outcome RunLine(const std::vector<std::string>& words, const Environment& environment = {},
                       const std::string& input = "", bool terminal = false) {
  std::istringstream in(input);
  std::ostringstream out, err;
  const Streams streams{
      .in = in, .out = out, .err = err, .out_is_terminal = terminal, .err_is_terminal = terminal};
  Outcome outcome;
  CrossTheSocket();
  outcome.code = Run(words, streams, environment);
  CrossTheSocket();
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

}  // namespace behalf::cli
