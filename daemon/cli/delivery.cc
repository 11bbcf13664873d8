#include "daemon/cli/delivery.h"

#include <utility>

namespace behalf::cli {

absl::StatusOr<Delivery> Delivery::Prepare(const Arguments& arguments) {
  Delivery delivery;
  delivery.show_ = arguments.Has("show-token");
  delivery.path_ = arguments.Value("token-file");
  if (delivery.path_.empty()) return delivery;
  absl::StatusOr<SecretFile> file = SecretFile::Prepare(delivery.path_);
  if (!file.ok()) return file.status();
  delivery.file_.emplace(*std::move(file));
  return delivery;
}

absl::Status Delivery::Deliver(const SecretString& token, Json::Object& record, Console& console) {
  if (file_) {
    if (absl::Status status = file_->Write(token); !status.ok()) return status;
    record.emplace_back("token_file", path_);
  }
  if (show_) record.emplace_back("access_token", token.Reveal());
  if (!file_ && !show_) {
    console.err() << "the token was dropped: --token-file FILE keeps it, --show-token prints it\n";
  }
  return absl::OkStatus();
}

}  // namespace behalf::cli
