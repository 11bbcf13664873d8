// One HTTP exchange with libcurl: its handle, its options, what has arrived.
#pragma once

#include <curl/curl.h>

#include <coroutine>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "daemon/http/http_client.h"

namespace behalf {

// Used by the network thread alone after Prepare.
class Transfer {
 public:
  struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  using Easy = std::unique_ptr<CURL, EasyDeleter>;

  explicit Transfer(HttpRequest request) : request_(std::move(request)) {}
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Sets every option on `easy`, which holds none yet. False when libcurl
  // refuses one: then the request cannot be made safely.
  bool Prepare(Easy easy);

  CURL* easy() const { return easy_.get(); }

  // Ends the exchange. The handle comes back, cleared, for the next one.
  Easy Finish(CURLcode code);
  void Fail(std::string_view message);

  absl::StatusOr<HttpResponse> TakeResult() { return std::move(result_); }

  std::coroutine_handle<> waiting;

 private:
  static size_t OnBody(char* data, size_t size, size_t count, void* self);
  static size_t OnHeader(char* data, size_t size, size_t count, void* self);
  bool SetSecurity();
  bool SetRequest();
  bool SetBody();

  HttpRequest request_;
  Easy easy_;
  curl_slist* headers_ = nullptr;
  std::string body_;
  HttpResponse response_;
  absl::StatusOr<HttpResponse> result_ = absl::UnknownError("not finished");
};

}  // namespace behalf
