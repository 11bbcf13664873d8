#include "daemon/http/curl_client.h"

#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "daemon/base/error.h"
#include "daemon/http/transfer.h"

namespace behalf {
namespace {

constexpr std::size_t kPooledHandles = 64;
constexpr long kConnections = 256;  // kept open over all hosts
constexpr int kIdlePollMilliseconds = 60000;

void InitialiseCurlOnce() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

}  // namespace

class CurlClient::Engine {
 public:
  explicit Engine(Executor& executor);
  ~Engine() { Stop(); }

  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  // The transfer lives in the waiting coroutine's frame until it is posted.
  void Submit(Transfer* transfer) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run();
  bool TakeSubmitted() ABSL_LOCKS_EXCLUDED(mutex_);
  void Begin(Transfer* transfer);
  void CollectFinished();
  void FailAll();

  Executor& executor_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  absl::Mutex mutex_;
  std::vector<Transfer*> submitted_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the network thread alone:
  absl::flat_hash_set<Transfer*> under_way_;
  std::vector<Transfer::Easy> pool_;
  std::thread thread_;
};

CurlClient::Engine::Engine(Executor& executor) : executor_(executor) {
  InitialiseCurlOnce();
  multi_.reset(curl_multi_init());
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kConnections);
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  thread_ = std::thread([this] { Run(); });
}

void CurlClient::Engine::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (!thread_.joinable()) return;
  curl_multi_wakeup(multi_.get());
  thread_.join();
}

void CurlClient::Engine::Submit(Transfer* transfer) {
  bool wake = false;
  {
    absl::MutexLock lock(&mutex_);
    if (!stopping_) {
      wake = submitted_.empty();
      submitted_.push_back(transfer);
      transfer = nullptr;
    }
  }
  if (wake) curl_multi_wakeup(multi_.get());
  if (transfer != nullptr) {
    transfer->Fail("the daemon is stopping");
    executor_.Post(transfer->waiting);
  }
}

void CurlClient::Engine::Run() {
  while (TakeSubmitted()) {
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    CollectFinished();
    curl_multi_poll(multi_.get(), nullptr, 0, kIdlePollMilliseconds, nullptr);
  }
  FailAll();
}

bool CurlClient::Engine::TakeSubmitted() {
  std::vector<Transfer*> taken;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) {
      under_way_.insert(submitted_.begin(), submitted_.end());
      submitted_.clear();
      return false;
    }
    taken.swap(submitted_);
  }
  for (Transfer* transfer : taken) Begin(transfer);
  return true;
}

void CurlClient::Engine::Begin(Transfer* transfer) {
  Transfer::Easy easy;
  if (pool_.empty()) {
    easy.reset(curl_easy_init());
  } else {
    easy = std::move(pool_.back());
    pool_.pop_back();
  }
  if (transfer->Prepare(std::move(easy)) &&
      curl_multi_add_handle(multi_.get(), transfer->easy()) == CURLM_OK) {
    under_way_.insert(transfer);
    return;
  }
  transfer->Fail("the request cannot be prepared");
  executor_.Post(transfer->waiting);
}

// The coroutines are posted only after libcurl's queue is drained.
void CurlClient::Engine::CollectFinished() {
  std::vector<std::coroutine_handle<>> finished;
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CURL* const easy = message->easy_handle;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    curl_multi_remove_handle(multi_.get(), easy);
    under_way_.erase(transfer);
    Transfer::Easy cleared = transfer->Finish(code);
    if (pool_.size() < kPooledHandles) pool_.push_back(std::move(cleared));
    finished.push_back(transfer->waiting);
  }
  for (std::coroutine_handle<> waiting : finished) executor_.Post(waiting);
}

void CurlClient::Engine::FailAll() {
  for (Transfer* transfer : under_way_) {
    if (transfer->easy() != nullptr) curl_multi_remove_handle(multi_.get(), transfer->easy());
    transfer->Fail("the daemon is stopping");
    executor_.Post(transfer->waiting);
  }
  under_way_.clear();
}

namespace {

template <typename Engine>
class Sending {
 public:
  Sending(Engine& engine, HttpRequest request) : engine_(engine), transfer_(std::move(request)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    transfer_.waiting = handle;
    engine_.Submit(&transfer_);
  }
  absl::StatusOr<HttpResponse> await_resume() { return transfer_.TakeResult(); }

 private:
  Engine& engine_;
  Transfer transfer_;
};

}  // namespace

CurlClient::CurlClient(Executor& executor) : engine_(std::make_unique<Engine>(executor)) {}

CurlClient::~CurlClient() = default;

void CurlClient::Stop() { engine_->Stop(); }

Task<absl::StatusOr<HttpResponse>> CurlClient::Send(HttpRequest request) {
  Sending<Engine> sending(*engine_, std::move(request));
  co_return co_await sending;
}

}  // namespace behalf
