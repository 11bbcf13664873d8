#include "tests/fakes/fake_http.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

std::string PercentDecoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size()) {
      const std::string_view hex = text.substr(at + 1, 2);
      plain += absl::HexStringToBytes(absl::string_view(hex.data(), hex.size()));
      at += 2;
    } else {
      plain += text[at] == '+' ? ' ' : text[at];
    }
  }
  return plain;
}

absl::StatusOr<HttpResponse> NobodyThere(const SeenRequest&) {
  return MakeError(
      ErrorDetail{.reason = Reason::kProviderUnavailable, .retry_after = absl::Seconds(1)},
      "nobody answers for this URL");
}

}  // namespace

Form DecodeForm(std::string_view encoded) {
  Form form;
  const absl::string_view text(encoded.data(), encoded.size());
  for (const absl::string_view field : absl::StrSplit(text, '&', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(field, absl::MaxSplits('=', 1));
    const bool first =
        form.emplace(PercentDecoded(parts[0]), parts.size() > 1 ? PercentDecoded(parts[1]) : "")
            .second;
    EXPECT_TRUE(first) << parts[0] << " stands twice in the form";
  }
  return form;
}

HttpResponse Answered(int status, std::string_view body) {
  HttpResponse response;
  response.status = status;
  response.body = SecretString(body);
  return response;
}

// Where a request waits while the network holds.
class FakeHttp::Passage {
 public:
  explicit Passage(FakeHttp& http) : http_(http) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiting) { return http_.Park(waiting); }
  void await_resume() const noexcept {}

 private:
  FakeHttp& http_;
};

Task<absl::StatusOr<HttpResponse>> FakeHttp::Send(HttpRequest request) {
  SeenRequest seen{.url = request.url,
                   .form = DecodeForm(request.form.Reveal()),
                   .content = request.content,
                   .content_type = request.content_type,
                   .bearer = std::string(request.bearer.Reveal()),
                   .plain = request.plain,
                   .ca_file = request.ca_file,
                   .proxy = request.proxy,
                   .correlation_id = request.correlation_id,
                   .provider = request.provider,
                   .timeout = request.timeout};
  const Answer answer = Note(seen);
  Passage passage(*this);
  co_await passage;
  auto response = answer(seen);
  if (response.ok() && response->body.size() > request.max_body) {
    co_return MakeError(Reason::kProviderUnavailable, "larger than allowed");
  }
  co_return response;
}

void FakeHttp::On(std::string url, Answer answer) {
  const absl::MutexLock lock(&mutex_);
  answers_[std::move(url)] = std::move(answer);
}

void FakeHttp::On(std::string url, int status, std::string body) {
  On(std::move(url), [status, body = std::move(body)](const SeenRequest&) {
    return absl::StatusOr<HttpResponse>(Answered(status, body));
  });
}

void FakeHttp::Cut() {
  const absl::MutexLock lock(&mutex_);
  cut_ = true;
}

void FakeHttp::Mend() {
  const absl::MutexLock lock(&mutex_);
  cut_ = false;
}

void FakeHttp::Hold() {
  const absl::MutexLock lock(&mutex_);
  holding_ = true;
}

void FakeHttp::Release() {
  std::vector<std::coroutine_handle<>> released;
  {
    const absl::MutexLock lock(&mutex_);
    holding_ = false;
    released.swap(held_);
  }
  for (const std::coroutine_handle<> waiting : released) executor_.Post(waiting);
}

void FakeHttp::AwaitHeld(std::size_t count) {
  const auto enough = [this, count] {
    mutex_.AssertReaderHeld();
    return held_.size() >= count;
  };
  const absl::MutexLock lock(&mutex_, absl::Condition(&enough));
}

std::vector<SeenRequest> FakeHttp::seen() const {
  const absl::MutexLock lock(&mutex_);
  return seen_;
}

void FakeHttp::Forget() {
  const absl::MutexLock lock(&mutex_);
  seen_.clear();
}

std::size_t FakeHttp::count(std::string_view url) const {
  const absl::MutexLock lock(&mutex_);
  return static_cast<std::size_t>(std::ranges::count(seen_, url, &SeenRequest::url));
}

FakeHttp::Answer FakeHttp::Note(SeenRequest request) {
  const absl::MutexLock lock(&mutex_);
  const auto found = answers_.find(request.url);
  seen_.push_back(std::move(request));
  return cut_ || found == answers_.end() ? NobodyThere : found->second;
}

bool FakeHttp::Park(std::coroutine_handle<> waiting) {
  const absl::MutexLock lock(&mutex_);
  if (holding_) held_.push_back(waiting);
  return holding_;
}

}  // namespace behalf
