#include <unistd.h>

#include <iostream>

#include "daemon/cli/run.h"

namespace {

behalf::cli::Environment EnvironmentOf(char** variables) {
  behalf::cli::Environment environment;
  for (; *variables != nullptr; ++variables) {
    const std::string variable = *variables;
    const auto equals = variable.find('=');
    if (equals != variable.npos)
      environment[variable.substr(0, equals)] = variable.substr(equals + 1);
  }
  return environment;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const behalf::cli::Streams streams{.in = std::cin,
                                     .out = std::cout,
                                     .err = std::cerr,
                                     .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                                     .err_is_terminal = isatty(STDERR_FILENO) == 1};
  return behalf::cli::Run(arguments, streams, EnvironmentOf(environ));
}
