// The broker with everything real inside it but the network, the record and
// the clock. After each test the record is searched for every token that was
// about.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/audit/token_digest.h"
#include "daemon/base/executor.h"
#include "daemon/broker/token_broker.h"
#include "daemon/oauth/agent_proof.h"
#include "daemon/oauth/entra.h"
#include "daemon/oauth/exchangers.h"
#include "tests/daemon/base/coroutines.h"
#include "tests/fakes/contoso.h"
#include "tests/fakes/fake_audit.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_entra.h"
#include "tests/fakes/fake_http.h"
#include "tests/fakes/fake_revocation_store.h"
#include "tests/fakes/memory_handle_store.h"
#include "tests/status_matchers.h"

namespace behalf {

inline CallerPtr CallerAt(std::string socket, uid_t uid, std::vector<gid_t> groups = {}) {
  auto caller = std::make_shared<Caller>();
  caller->socket = std::move(socket);
  caller->uid = uid;
  caller->gid = uid;
  caller->pid = 4242;
  caller->groups = std::move(groups);
  return caller;
}

inline CallerPtr InvoiceBot() { return CallerAt("agents", kInvoiceUid); }
inline CallerPtr MailSearch() { return CallerAt("tools", kMailSearchUid); }
inline CallerPtr Calendar() { return CallerAt("tools", kCalendarUid); }

class BrokerHouse : public testing::Test {
 protected:
  using Disabled = std::map<std::string, std::vector<std::string>, std::less<>>;

  BrokerHouse() = default;
  ~BrokerHouse() override { executor_.Stop(); }

  void TearDown() override {
    for (const AuditRecord& record : audit_.records()) {
      const std::string line = ToJsonLine(record);
      for (const std::string& secret : secrets_) {
        EXPECT_EQ(line.find(secret), std::string::npos) << "a secret is on record";
      }
    }
  }

  absl::Time now() const { return clock_.Now(); }

  std::string TokenOf(const Claims& claims) {
    std::string token = FakeEntra::Signed(claims);
    secrets_.push_back(token.substr(token.rfind('.') + 1));
    return token;
  }

  // Invoice-bot asks for a token for invoices, as alice.
  TokenRequest ForInvoices() {
    TokenRequest request(InvoiceBot());
    request.subject_token = SecretString(TokenOf(AliceV2(now())));
    request.api = "invoices";
    return request;
  }

  // Invoice-bot asks for a handle to alice's mail, for a tool.
  TokenRequest ForMail(const std::string& tool = "mail-search") {
    TokenRequest request = ForInvoices();
    request.for_handle = true;
    request.api = "graph";
    request.tool = tool;
    return request;
  }

  absl::StatusOr<IssuedToken> GetToken(TokenRequest request) {
    CallContext call(absl::InfiniteFuture());
    auto issued = RunToEnd(broker_.GetToken(std::move(request), call));
    if (issued.ok()) secrets_.emplace_back(issued->token->value.Reveal());
    if (issued.ok()) issued->permit = {};
    return issued;
  }

  absl::StatusOr<CreatedHandle> Create(TokenRequest request) {
    CallContext call(absl::InfiniteFuture());
    auto created = RunToEnd(broker_.CreateHandle(std::move(request), call));
    if (created.ok()) secrets_.emplace_back(created->handle.Reveal());
    if (created.ok()) created->permit = {};
    return created;
  }
  // The handle itself.
  std::string Handle(TokenRequest request) {
    const auto created = Create(std::move(request));
    EXPECT_THAT(created, IsOk());
    return created.ok() ? std::string(created->handle.Reveal()) : "";
  }

  static RedeemRequest Redemption(const std::string& handle, CallerPtr caller = MailSearch(),
                                  const std::string& request_id = {}) {
    RedeemRequest request(std::move(caller));
    request.handle = SecretString(std::string_view(handle));
    request.request_id = request_id;
    return request;
  }

  absl::StatusOr<IssuedToken> Redeem(RedeemRequest request) {
    return RedeemUnder(broker_, std::move(request));
  }
  absl::StatusOr<IssuedToken> Redeem(const std::string& handle, CallerPtr caller = MailSearch(),
                                     const std::string& request_id = {}) {
    return Redeem(Redemption(handle, std::move(caller), request_id));
  }
  // A daemon with other documents, and all else the same.
  absl::StatusOr<IssuedToken> RedeemUnder(std::shared_ptr<const Catalog> catalog,
                                          RedeemRequest request, Disabled disabled = {}) {
    const LiveCatalog live(InForce(std::move(catalog), std::move(disabled)));
    TokenBroker broker(PartsWith(live));
    return RedeemUnder(broker, std::move(request));
  }

  static CatalogInForcePtr InForce(std::shared_ptr<const Catalog> catalog, Disabled disabled = {}) {
    auto in_force = std::make_shared<CatalogInForce>();
    in_force->catalog = std::move(catalog);
    in_force->disabled = std::move(disabled);
    return in_force;
  }
  TokenBroker::Parts PartsWith(const LiveCatalog& live) {
    return {live, verifier_, cache_, desk_, revocations_, outstanding_, audit_, namer_, clock_};
  }

  std::size_t Trades() const { return entra_.FormsOf(EntraLeg::kOnBehalfOf).size(); }

  // A refusal of `status`: its reason, told to the caller and on record under
  // the same decision.
  void ExpectRefused(const absl::Status& status, Reason reason,
                     AuditEvent event = AuditEvent::kDenied) const {
    EXPECT_THAT(status, HasReason(reason));
    const AuditRecord record = audit_.last();
    EXPECT_EQ(record.reason, reason);
    EXPECT_EQ(record.event, event) << EventName(record.event);
    EXPECT_EQ(record.token.digest, "");
    EXPECT_EQ(record.decision_id.size(), 32);
    EXPECT_EQ(DetailOf(status).metadata["decision_id"], record.decision_id);
  }

  FakeClock clock_;
  Executor executor_{2};
  FakeHttp http_{executor_};
  std::shared_ptr<const Catalog> catalog_ = ContosoCatalog();
  FakeEntra entra_{http_, clock_, *catalog_->providers().front()};
  SigningKeys keys_{http_, executor_, clock_};
  SubjectVerifier verifier_{keys_, 16 << 20};
  FakeSecrets client_secrets_;
  AgentProofs proofs_{http_, client_secrets_, executor_, clock_};
  Entra dialect_{http_, client_secrets_, proofs_};
  VerifyingExchanger exchanger_{dialect_, clock_, absl::Seconds(5)};
  FakeRevocationStore kept_;
  Revocations revocations_{{}, kept_};
  OutstandingTokens outstanding_{100};
  CachingExchanger cache_{
      exchanger_, executor_, clock_, {.bytes = 64 << 20, .waiters = 10000}, [this] {
        return revocations_.epoch();
      }};
  MemoryHandleStore store_{20000, clock_};
  HandleDesk desk_{store_};
  FakeAudit audit_;
  TokenNamer namer_{SecretString(std::string(32, 'k'))};
  LiveCatalog live_{InForce(catalog_)};
  TokenBroker broker_{PartsWith(live_)};
  std::vector<std::string> secrets_ = {kClientSecret, "proof-"};

  absl::StatusOr<IssuedToken> RedeemUnder(TokenBroker& broker, RedeemRequest request) {
    CallContext call(absl::InfiniteFuture());
    auto issued = RunToEnd(broker.RedeemHandle(std::move(request), call));
    if (issued.ok()) secrets_.emplace_back(issued->token->value.Reveal());
    if (issued.ok()) issued->permit = {};
    return issued;
  }
};

}  // namespace behalf
