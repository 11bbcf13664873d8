// `behalf`, the operator's tool, as a function: the executable adds nothing but
// the process.
#pragma once

#include <string>
#include <vector>

#include "daemon/cli/console.h"

namespace behalf::cli {

// Runs one command line, given without the program's name, to its end and
// returns the exit code (exit_code.h). Blocking; call it from one thread.
int Run(const std::vector<std::string>& arguments, const Streams& streams,
        const Environment& environment);

}  // namespace behalf::cli
