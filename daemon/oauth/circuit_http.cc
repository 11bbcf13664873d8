#include "daemon/oauth/circuit_http.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

// Empty: the provider answered.
std::string ProblemOf(const absl::StatusOr<HttpResponse>& response,
                      CircuitHttp::InTrouble in_trouble) {
  if (!response.ok()) return std::string(response.status().message());
  if (in_trouble(*response)) return absl::StrCat("the provider answers HTTP ", response->status);
  return {};
}

}  // namespace

Task<absl::StatusOr<HttpResponse>> CircuitHttp::Send(HttpRequest request) {
  const std::string provider = request.provider;
  const std::shared_ptr<Circuit> circuit = circuits_.Of(request.provider_digest);
  const Circuit::Sent sent = circuit->Sending();
  auto response = co_await inner_.Send(std::move(request));
  std::string problem = ProblemOf(response, in_trouble_);
  if (problem.empty()) {
    if (const auto open_for = circuit->Answered()) {
      spdlog::info("provider {} answers again, after {}", provider,
                   absl::FormatDuration(absl::Trunc(*open_for, absl::Milliseconds(1))));
    }
  } else if (circuit->Failed(sent, problem)) {
    spdlog::warn("provider {} does not answer, and is asked once a second until it does: {}",
                 provider, problem);
  }
  co_return response;
}

}  // namespace behalf
