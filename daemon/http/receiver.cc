#include "daemon/http/receiver.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "daemon/crypto/secret_file.h"

namespace behalf {
namespace {

absl::StatusOr<HttpResponse> SendAndWait(HttpClient& http, HttpRequest request) {
  auto sending = http.Send(std::move(request));
  absl::Notification ended;
  sending.Start([](void* arg) noexcept { static_cast<absl::Notification*>(arg)->Notify(); },
                &ended);
  ended.WaitForNotification();
  return sending.Take();
}

// RFC 6750, section 2.1: anything else could end the header.
bool IsToken(const SecretString& text) {
  return std::ranges::all_of(text.Reveal(), [](char c) { return c > ' ' && c < '\x7f'; });
}

absl::Status TokenOf(const std::string& file, SecretString& token) {
  if (file.empty()) return absl::OkStatus();
  auto read = ReadSecretFile(file, SecretFileKind::kFile);
  if (!read.ok()) return read.status();
  if (!IsToken(*read)) {
    return absl::FailedPreconditionError(
        absl::StrCat(file, " holds no bearer token: characters without blanks, on one line"));
  }
  token = *std::move(read);
  return absl::OkStatus();
}

bool MayPass(int status) { return status == 408 || status == 429 || status >= 500; }

}  // namespace

absl::Status ReceiverClient::Post(std::string content, std::string content_type) const {
  HttpRequest request(address_.url);
  request.plain = request.url.starts_with("http://");
  request.ca_file = address_.ca_file;
  request.proxy = address_.proxy;
  request.called = address_.called;
  request.content = std::move(content);
  request.content_type = std::move(content_type);
  if (absl::Status read = TokenOf(address_.token_file, request.bearer); !read.ok()) return read;
  const auto response = SendAndWait(http_, std::move(request));
  if (!response.ok()) return absl::UnavailableError(response.status().message());
  if (response->status / 100 == 2) return absl::OkStatus();
  const std::string why = absl::StrCat(address_.called, " answered ", response->status);
  return MayPass(response->status) ? absl::UnavailableError(why)
                                   : absl::FailedPreconditionError(why);
}

}  // namespace behalf
