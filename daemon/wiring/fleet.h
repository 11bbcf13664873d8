// How this daemon finds the etcd of its fleet, and is found there.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "blueprint/documents.h"
#include "daemon/store/etcd/etcd_client.h"

namespace behalf {

// Reads the certificates and the key, and again when they are replaced. Fails
// with a sentence for the operator.
absl::StatusOr<EtcdMembers> MembersOf(const EtcdStore& etcd);

// Unlike any other's, in this life of the process: HOST-PID-RANDOM.
std::string NameOfThisReplica();

}  // namespace behalf
