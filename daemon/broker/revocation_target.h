// A thing as an operator names it, and as it is compared.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "blueprint/catalog.h"
#include "daemon/store/revocation.h"

namespace behalf {

// A revocation of the thing of this name: its kind, its targets and what was
// said. Blueprints and agents are found by name or by their id at the
// provider; an id is taken even if no document has it, so that a thing can be
// revoked before its documents come back. `key_id`: of the daemon's digests.
//
// kRequestInvalid with the field and, in the message, what to write instead.
absl::StatusOr<Revocation> ResolveTarget(const Catalog& catalog, RevocationKind kind,
                                         std::string_view name, std::string_view tenant,
                                         std::string_view key_id);

}  // namespace behalf
