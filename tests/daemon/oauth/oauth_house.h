// What tests of oauth share: Contoso's documents, an Entra in memory, a clock
// that the test moves, and the real parts in between.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "daemon/base/executor.h"
#include "daemon/oauth/signing_keys.h"
#include "daemon/oauth/subject_verifier.h"
#include "daemon/oauth/token_exchanger.h"
#include "tests/daemon/base/coroutines.h"
#include "tests/fakes/contoso.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_entra.h"
#include "tests/fakes/fake_http.h"
#include "tests/status_matchers.h"

namespace behalf {

// Everything that a failed status holds, its payload included.
inline std::string Everything(const absl::Status& status) {
  std::string all = status.ToString();
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    all += std::string(url) + std::string(payload);
  });
  return all;
}

class OauthHouse : public testing::Test {
 protected:
  OauthHouse() = default;
  ~OauthHouse() override { executor_.Stop(); }

  const Provider& provider() const { return *catalog_->providers().front(); }
  const Blueprint& blueprint() const { return *catalog_->blueprints().front(); }
  absl::Time now() const { return clock_.Now(); }

  absl::StatusOr<SubjectPtr> Verify(const std::string& token) {
    return Verify(token, *blueprint().provider);
  }
  absl::StatusOr<SubjectPtr> Verify(const std::string& token, const Provider& by) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(verifier_.Verify(SecretString(std::string_view(token)), by, now(), call));
  }

  // Alice, accepted.
  SubjectPtr Alice() { return *Verify(FakeEntra::Signed(AliceV2(now()))); }

  // What invoice-bot, through the tool mail-search, asks of Graph for alice.
  ExchangeRequest MailRequest(SubjectPtr subject) const {
    const Agent& agent = *catalog_->FindAgent("invoice-bot");
    ExchangeRequest request(catalog_, agent, *AllowanceOf("mail-search"), std::move(subject));
    request.scopes = {"Mail.Read", "Mail.Send"};
    return request;
  }
  const Allowance* AllowanceOf(std::string_view tool) const {
    return catalog_->FindAllowance(*catalog_->FindAgent("invoice-bot"), catalog_->FindTool(tool),
                                   *catalog_->FindApi("graph"), Access::kDelegated);
  }

  FakeClock clock_;
  Executor executor_{2};
  FakeHttp http_{executor_};
  std::shared_ptr<const Catalog> catalog_ = ContosoCatalog();
  FakeEntra entra_{http_, clock_, *catalog_->providers().front()};
  SigningKeys keys_{http_, executor_, clock_};
  SubjectVerifier verifier_{keys_, 16 << 20};
};

}  // namespace behalf
