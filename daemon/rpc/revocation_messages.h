// Revocations as messages, and requests as the broker takes them.
#pragma once

#include <behalf/v1/admin.pb.h>

#include <vector>

#include "daemon/broker/revocation_desk.h"

namespace behalf {

RevokeRequest FromMessage(const v1::RevokeRequest& message, CallerPtr caller);
RestoreRequest FromMessage(const v1::RestoreRequest& message, CallerPtr caller);

void ToMessage(const Revocation& revocation, v1::Revocation& message);
void ToMessage(const Revoked& revoked, v1::RevokeResponse& message);

template <typename Messages>
void ToMessages(const std::vector<RevocationPtr>& revocations, Messages* messages) {
  for (const RevocationPtr& one : revocations) ToMessage(*one, *messages->Add());
}

}  // namespace behalf
