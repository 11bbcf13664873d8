// What `behalf status` says of what is kept: the record and the store.
#pragma once

#include <string>
#include <vector>

#include "behalf/v1/admin.pb.h"
#include "daemon/cli/json.h"

namespace behalf::cli {

Json RecordJson(const v1::AuditStatus& record);
Json StoreJson(const v1::StoreStatus& store);

// The same for people, as facts and as rows below a header. Of a daemon that
// does not say it: none.
Json::Object KeptFacts(const v1::GetStatusResponse& answer);
std::vector<std::vector<std::string>> AnchorRows(const v1::AuditStatus& record);

std::string DurabilityText(v1::AuditDurability durability);

}  // namespace behalf::cli
