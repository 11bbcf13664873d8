// A caller as records name it.
#pragma once

#include "daemon/attest/caller.h"
#include "daemon/audit/audit_record.h"

namespace behalf {

inline AuditCaller RecordedCaller(const Caller& caller) {
  return {.socket = caller.socket, .uid = caller.uid, .gid = caller.gid, .pid = caller.pid};
}

}  // namespace behalf
