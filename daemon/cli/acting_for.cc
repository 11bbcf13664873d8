#include "daemon/cli/acting_for.h"

#include "daemon/cli/secret_file.h"

namespace behalf::cli {

Flag AccessFlag() {
  return {"access",
          "ACCESS",
          "delegated, as the user (the default), or application, as the agent itself",
          Flag::Use::kOptional,
          0,
          {"delegated", "application"}};
}

Flag SubjectTokenFlag() {
  return {"subject-token-file", "FILE|-",
          "the user's token, for delegated access; - is the standard input"};
}

v1::Access AccessOf(const Arguments& arguments) {
  return arguments.Value("access") == "application" ? v1::ACCESS_APPLICATION : v1::ACCESS_DELEGATED;
}

absl::StatusOr<ActingFor> ActingForOf(const Arguments& arguments, Console& console) {
  const v1::Access access = AccessOf(arguments);
  const bool given = arguments.Has("subject-token-file");
  if (access == v1::ACCESS_APPLICATION) {
    if (given) {
      return absl::InvalidArgumentError(
          "--subject-token-file is for delegated access: an application acts for nobody");
    }
    return ActingFor{access, SecretString()};
  }
  if (!given) {
    return absl::InvalidArgumentError(
        "--subject-token-file is required, unless --access application is meant");
  }
  absl::StatusOr<SecretString> token =
      ReadSecret(arguments.Value("subject-token-file"), console.in());
  if (!token.ok()) return token.status();
  return ActingFor{access, *std::move(token)};
}

}  // namespace behalf::cli
