// What other replicas revoke and restore is in force here, too.
#pragma once

#include <utility>

#include "daemon/audit/audit_trail.h"
#include "daemon/broker/revocations.h"
#include "daemon/store/revocation.h"
#include "spdlog/spdlog.h"

namespace behalf {

// Called by one thread of the store; blocks it until what is revoked is in force.
class FleetChanges final : public RevocationObserver {
 public:
  // Both outlive it.
  FleetChanges(Revocations& revocations, AuditSink& audit)
      : revocations_(revocations), audit_(audit) {}

  void Learn(Revocation revocation) override {
    const RevocationPtr learned = revocations_.Learn(std::move(revocation));
    if (learned) spdlog::warn("by another replica: {}", DescriptionOf(*learned));
  }
  void Forget(std::uint64_t revision) override { revocations_.Remove({revision}); }
  void StandOn(std::uint64_t revision) override { audit_.StandOn(revision); }

 private:
  Revocations& revocations_;
  AuditSink& audit_;
};

}  // namespace behalf
