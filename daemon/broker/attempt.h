// One request on its way through the broker: what it sees, and what will be
// written about it.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "daemon/audit/audit_record.h"
#include "daemon/broker/live_catalog.h"
#include "daemon/broker/requests.h"
#include "policies/decide.h"

namespace behalf {

// The record fills as the request learns. Not thread-safe; moves with its
// request.
class Attempt {
 public:
  // Draws the decision id and takes the snapshot that the request keeps to.
  Attempt(CatalogInForcePtr in_force, const CallerPtr& caller, absl::Time now);

  const Catalog& catalog() const { return *in_force_->catalog; }
  const CatalogInForce& in_force() const { return *in_force_; }
  const std::shared_ptr<const Catalog>& catalog_ptr() const { return in_force_->catalog; }
  absl::Time now() const { return now_; }
  const std::string& decision_id() const { return record.decision_id; }

  // The agent, once it is known; null before.
  const Agent* agent() const { return agent_; }

  void Saw(const Agent& agent);
  void Saw(const Tool& tool);
  void Saw(const Decision& decision);
  void Saw(const Exchanged& exchanged);

  // Turns the record into one of a refusal, and the status into what the
  // caller gets: the reason, with the decision id.
  absl::Status Refused(const absl::Status& why);

  AuditRecord record;

 private:
  CatalogInForcePtr in_force_;
  absl::Time now_;
  const Agent* agent_ = nullptr;
};

}  // namespace behalf
