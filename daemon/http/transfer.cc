#include "daemon/http/transfer.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/http/response_header.h"

namespace behalf {
namespace {

absl::Status Unavailable(std::string_view who, std::string_view why) {
  return MakeError(
      ErrorDetail{.reason = Reason::kProviderUnavailable, .retry_after = absl::Seconds(1)},
      absl::StrCat(absl::string_view(who.data(), who.size()),
                   " cannot be reached: ", absl::string_view(why.data(), why.size())));
}

}  // namespace

Transfer::~Transfer() {
  curl_slist_free_all(headers_);
  WipeString(body_);
}

bool Transfer::Prepare(Easy easy) {
  easy_ = std::move(easy);
  return easy_ != nullptr && SetSecurity() && SetRequest();
}

bool Transfer::SetSecurity() {
  CURL* const e = easy_.get();
  const auto ok = [](CURLcode code) { return code == CURLE_OK; };
  bool all =
      ok(curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, request_.plain ? "http,https" : "https")) &&
      ok(curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L)) &&
      ok(curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L)) &&
      ok(curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L)) &&
      ok(curl_easy_setopt(e, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)) &&
      ok(curl_easy_setopt(e, CURLOPT_NETRC, CURL_NETRC_IGNORED)) &&
      ok(curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L)) &&
      ok(curl_easy_setopt(e, CURLOPT_PROXY, request_.proxy.c_str())) &&
      ok(curl_easy_setopt(e, CURLOPT_NOPROXY, ""));
  if (all && !request_.ca_file.empty()) {
    all = ok(curl_easy_setopt(e, CURLOPT_CAINFO, request_.ca_file.c_str())) &&
          ok(curl_easy_setopt(e, CURLOPT_CAPATH, nullptr));
  }
  return all;
}

bool Transfer::SetRequest() {
  CURL* const e = easy_.get();
  const auto ok = [](CURLcode code) { return code == CURLE_OK; };
  const auto add = [this](const std::string& header) {
    headers_ = curl_slist_append(headers_, header.c_str());
    return headers_ != nullptr;
  };
  const auto timeout = absl::ToInt64Milliseconds(request_.timeout);
  bool all = ok(curl_easy_setopt(e, CURLOPT_URL, request_.url.c_str())) &&
             ok(curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, std::max<long>(1, timeout))) &&
             ok(curl_easy_setopt(e, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)) &&
             ok(curl_easy_setopt(e, CURLOPT_PIPEWAIT, 1L)) &&
             ok(curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, &Transfer::OnBody)) &&
             ok(curl_easy_setopt(e, CURLOPT_WRITEDATA, this)) &&
             ok(curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader)) &&
             ok(curl_easy_setopt(e, CURLOPT_HEADERDATA, this)) &&
             ok(curl_easy_setopt(e, CURLOPT_PRIVATE, this)) && add("Accept: application/json") &&
             add("Expect:");
  if (all && !request_.correlation_id.empty()) {
    all = add(absl::StrCat("client-request-id: ", request_.correlation_id)) &&
          add("return-client-request-id: true");
  }
  if (all && !request_.bearer.empty()) {
    std::string header("Authorization: Bearer ");
    header.append(request_.bearer.Reveal());
    all = add(header);
    WipeString(header);
  }
  return all && SetBody() && ok(curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers_));
}

bool Transfer::SetBody() {
  const bool is_form = request_.content.empty();
  const std::string_view body = is_form ? request_.form.Reveal() : request_.content;
  if (body.empty()) return true;
  if (!is_form) {
    const std::string header = absl::StrCat("Content-Type: ", request_.content_type);
    headers_ = curl_slist_append(headers_, header.c_str());
  }
  return headers_ != nullptr &&
         curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                          static_cast<curl_off_t>(body.size())) == CURLE_OK &&
         curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDS, body.data()) == CURLE_OK;
}

Transfer::Easy Transfer::Finish(CURLcode code) {
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    response_.body = SecretString(std::string_view(body_));
    result_ = std::move(response_);
  } else if (code == CURLE_WRITE_ERROR) {
    Fail("its answer is larger than allowed");
  } else {
    Fail(curl_easy_strerror(code));
  }
  curl_easy_reset(easy_.get());
  return std::move(easy_);
}

void Transfer::Fail(std::string_view message) { result_ = Unavailable(request_.called, message); }

size_t Transfer::OnBody(char* data, size_t size, size_t count, void* self) {
  auto* const transfer = static_cast<Transfer*>(self);
  const size_t bytes = size * count;
  if (bytes > transfer->request_.max_body - transfer->body_.size()) return 0;
  // Reserved once, so that growing leaves no copy of a token behind.
  if (transfer->body_.capacity() < transfer->request_.max_body) {
    transfer->body_.reserve(transfer->request_.max_body);
  }
  transfer->body_.append(data, bytes);
  return bytes;
}

size_t Transfer::OnHeader(char* data, size_t size, size_t count, void* self) {
  auto* const transfer = static_cast<Transfer*>(self);
  ReadHeader({data, size * count}, transfer->response_);
  return size * count;
}

}  // namespace behalf
