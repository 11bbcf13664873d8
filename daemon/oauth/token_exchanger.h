// Trading a user's token for one that works at an API.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "blueprint/catalog.h"
#include "daemon/base/cancel.h"
#include "daemon/base/secret_string.h"
#include "daemon/base/task.h"
#include "daemon/oauth/subject.h"

namespace behalf {

// What was decided, in resolved values. Shares the catalog, so that it may
// outlive the request that it came from.
struct ExchangeRequest {
  ExchangeRequest(std::shared_ptr<const Catalog> in_force, const Agent& for_agent,
                  const Allowance& by_allowance, std::shared_ptr<const Subject> for_subject)
      : catalog(std::move(in_force)),
        agent(&for_agent),
        allowance(&by_allowance),
        subject(std::move(for_subject)),
        max_lifetime(by_allowance.max_lifetime),
        reuse_for(by_allowance.reuse_for) {}

  const Blueprint& blueprint() const { return *agent->blueprint; }
  const Provider& provider() const { return *agent->blueprint->provider; }
  const Api& api() const { return *allowance->api; }
  Access access() const { return allowance->access; }
  // Empty with application access.
  std::string_view subject_token() const {
    return subject ? subject->token().Reveal() : std::string_view();
  }

  std::shared_ptr<const Catalog> catalog;
  const Agent* agent;                      // in the catalog
  const Allowance* allowance;              // in the catalog
  std::shared_ptr<const Subject> subject;  // null with application access, else never
  std::vector<std::string> scopes;    // sorted; what is asked for, or the app roles that must come
  std::vector<std::string> withheld;  // sorted; no token may carry these, accepted or not
  absl::Duration max_lifetime;
  absl::Duration reuse_for;
  // Of who asked first. They name no token and decide nothing.
  std::string decision_id;
  std::string trace_id;  // may be empty
  bool trace_sampled = false;
};

// A token for an API whose every claim was compared with what was asked for.
struct ApiToken {
  SecretString value;
  absl::Time expires_at;
  absl::Time obtained_at;
  std::vector<std::string> scopes;  // or app roles: what it truly carries, sorted
  std::string unique_id;            // `uti`; empty when it has none
  std::string correlation_id;       // of the exchange
};
using ApiTokenPtr = std::shared_ptr<const ApiToken>;

struct Exchanged {
  ApiTokenPtr token;
  bool cached = false;  // nobody was asked this time
};

// Thread-safe. Fails with the reason; never returns a token wider, longer or
// for somebody else than asked for.
class TokenExchanger {
 public:
  virtual ~TokenExchanger() = default;
  virtual Task<absl::StatusOr<Exchanged>> Exchange(ExchangeRequest request, CallContext& call) = 0;

  // What is kept for this request is not handed out again.
  virtual void Forget(const ExchangeRequest& request) = 0;
};

}  // namespace behalf
