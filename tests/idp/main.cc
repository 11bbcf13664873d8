// behalf-idp: an identity provider for development and tests. It runs offline,
// speaks as Microsoft Entra does, and guards nothing: never use it in earnest.
#include <cstdio>
#include <string>
#include <vector>

#include "tests/idp/commands.h"

namespace {

constexpr char kUsage[] =
    "behalf-idp serve --config FILE --state DIR [--listen 127.0.0.1:8443]\n"
    "    [--ready-file FILE] [--seed NUMBER]\n"
    "behalf-idp sign-in --url https://localhost:8443 --ca DIR/ca.pem --tenant ID\n"
    "    --client ID --user NAME (--password-file FILE | --config FILE)\n"
    "    --scope SCOPE --output FILE|- [--claims CHALLENGE]\n";

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string command = words.empty() ? "" : words.front();
  if (command == "--help" || command == "help") return std::fputs(kUsage, stdout) < 0 ? 1 : 0;
  if (command != "serve" && command != "sign-in") {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const std::vector<std::string> arguments(words.begin() + 1, words.end());
  const absl::Status status = command == "serve" ? behalf::idp::ServeCommand(arguments)
                                                 : behalf::idp::SignInCommand(arguments);
  if (status.ok()) return 0;
  std::fprintf(stderr, "behalf-idp: %s\n", std::string(status.message()).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument ? 2 : 1;
}
