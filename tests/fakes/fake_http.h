// A network in memory: the answers are a test's, and so is the moment when
// they come.
#pragma once

#include <coroutine>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "daemon/base/executor.h"
#include "daemon/http/http_client.h"

namespace behalf {

using Form = std::map<std::string, std::string>;

// The fields of a form; a field that stands twice is a failure of the test.
Form DecodeForm(std::string_view encoded);

HttpResponse Answered(int status, std::string_view body);

// What was sent, but for the form's bytes.
struct SeenRequest {
  std::string url;
  Form form;  // empty, and no content: a GET
  std::string content;
  std::string content_type;
  std::string bearer;
  bool plain;
  std::string ca_file;
  std::string proxy;
  std::string correlation_id;
  std::string provider;
  absl::Duration timeout;
};

// Thread-safe. Answers at once on the asking thread; while it holds, requests
// wait, and go on in the executor's threads when released. A URL that nobody
// answers for fails with kProviderUnavailable.
class FakeHttp final : public HttpClient {
 public:
  using Answer = std::function<absl::StatusOr<HttpResponse>(const SeenRequest&)>;

  explicit FakeHttp(Executor& executor) : executor_(executor) {}

  Task<absl::StatusOr<HttpResponse>> Send(HttpRequest request) override;

  void On(std::string url, Answer answer) ABSL_LOCKS_EXCLUDED(mutex_);
  void On(std::string url, int status, std::string body);

  // Nobody answers for any URL, until the network is mended.
  void Cut() ABSL_LOCKS_EXCLUDED(mutex_);
  void Mend() ABSL_LOCKS_EXCLUDED(mutex_);

  void Hold() ABSL_LOCKS_EXCLUDED(mutex_);
  void Release() ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits until this many requests are held.
  void AwaitHeld(std::size_t count) ABSL_LOCKS_EXCLUDED(mutex_);

  std::vector<SeenRequest> seen() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::size_t count() const { return seen().size(); }
  std::size_t count(std::string_view url) const;
  void Forget() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  class Passage;

  Answer Note(SeenRequest request) ABSL_LOCKS_EXCLUDED(mutex_);
  bool Park(std::coroutine_handle<> waiting) ABSL_LOCKS_EXCLUDED(mutex_);

  Executor& executor_;
  mutable absl::Mutex mutex_;
  std::map<std::string, Answer> answers_ ABSL_GUARDED_BY(mutex_);
  std::vector<SeenRequest> seen_ ABSL_GUARDED_BY(mutex_);
  bool cut_ ABSL_GUARDED_BY(mutex_) = false;
  bool holding_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::coroutine_handle<>> held_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf
