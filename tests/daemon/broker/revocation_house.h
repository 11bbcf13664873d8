// The broker with an operator who takes things back.
#pragma once

#include <string>
#include <utility>

#include "daemon/broker/revocation_desk.h"
#include "tests/daemon/broker/broker_house.h"

namespace behalf {

class RevocationHouse : public BrokerHouse {
 protected:
  static CallerPtr Admin() { return CallerAt("admin", kAdminUid); }

  static NamedTarget Target(RevocationKind kind, std::string name = {}) {
    NamedTarget target;
    target.kind = kind;
    target.name = std::move(name);
    return target;
  }
  static RevokeRequest Revocation(NamedTarget target) {
    RevokeRequest request(Admin());
    request.target = std::move(target);
    request.reason = "a test takes it back";
    return request;
  }

  absl::StatusOr<Revoked> Revoke(RevokeRequest request) {
    return RunToEnd(revoking_.Revoke(std::move(request)));
  }
  absl::StatusOr<Revoked> Revoke(RevocationKind kind, std::string name = {}) {
    return Revoke(Revocation(Target(kind, std::move(name))));
  }
  absl::StatusOr<std::vector<RevocationPtr>> Restore(RevocationKind kind, std::string name = {}) {
    RestoreRequest request(Admin());
    request.target = Target(kind, std::move(name));
    return RunToEnd(revoking_.Restore(std::move(request)));
  }

  AdminGate gate_{live_, audit_, clock_};
  RevocationDesk revoking_{{gate_, revocations_, kept_, outstanding_, audit_, namer_, clock_}};
};

}  // namespace behalf
