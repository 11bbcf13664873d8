// The whole chain of exchangers as the daemon has it, in front of a provider
// that a test takes away; one clock moves all time.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/str_format.h"
#include "daemon/oauth/agent_proof.h"
#include "daemon/oauth/circuit_http.h"
#include "daemon/oauth/circuits.h"
#include "daemon/oauth/entra.h"
#include "daemon/oauth/entra_errors.h"
#include "daemon/oauth/exchangers.h"
#include "daemon/oauth/patient_dialect.h"
#include "daemon/oauth/retrying_dialect.h"
#include "tests/daemon/oauth/oauth_house.h"
#include "tests/fakes/fake_steady_clock.h"
#include "tests/fakes/fake_timer.h"

namespace behalf {

class OutageHouse : public OauthHouse {
 protected:
  using Outcome = absl::StatusOr<Exchanged>;

  // A user with a token of their own, which lives for a day.
  SubjectPtr SubjectOf(int number) {
    const std::string id = absl::StrFormat("00000000-0000-4000-8000-%012d", number);
    const Claims claims = AliceV2(now()).Text("oid", id).Time("exp", now() + absl::Hours(24));
    return *Verify(FakeEntra::Signed(claims));
  }
  Outcome Exchange(const ExchangeRequest& request) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(cache_.Exchange(request, call));
  }
  // Of a user whom nobody has seen before.
  ExchangeRequest Fresh() { return MailRequest(SubjectOf(++strangers_)); }
  Outcome ExchangeAnew() { return Exchange(Fresh()); }

  bool IsOpen() const { return circuits_.StateOf(provider()).open; }
  // Two exchanges, which make three requests and two.
  void OpenTheCircuit() {
    const ExchangeRequest first = Fresh(), second = Fresh();
    http_.Cut();
    Exchange(first).IgnoreError();
    Exchange(second).IgnoreError();
    ASSERT_TRUE(IsOpen());
  }
  // Until anybody may send the next probe.
  void PassAnInterval() { clock_.Advance(Circuit::kInterval + Circuit::kJitter + Circuit::kYield); }
  std::size_t Asked() const { return http_.count(entra_.token_url()); }

  FollowingSteadyClock steady_{clock_};
  FakeTimer timer_{clock_};
  FakeSecrets secrets_;
  Circuits circuits_{steady_};
  CircuitHttp guarded_{http_, circuits_, &SaysEntraIsInTrouble};
  AgentProofs proofs_{guarded_, secrets_, executor_, clock_};
  Entra dialect_{guarded_, secrets_, proofs_};
  PatientDialect patient_{dialect_, secrets_, clock_, 8 << 20};
  RetryingDialect retrying_{patient_, circuits_, timer_, clock_};
  VerifyingExchanger verifying_{retrying_, clock_, absl::Seconds(5)};
  CachingExchanger cache_{
      verifying_, executor_, clock_, {.bytes = 64 << 20, .waiters = 10000}, [] { return 0; }};
  int strangers_ = 1000;
};

}  // namespace behalf
