// What `Admin.GetStatus` says of the record and the store.
#include "daemon/audit/head_key.h"
#include "daemon/base/error.h"
#include "daemon/rpc/messages.h"
#include "daemon/wiring/parts.h"

namespace behalf {
namespace {

void Report(const AnchorState& state, v1::AnchorStatus& status) {
  status.set_kind(state.kind);
  status.set_place(state.place);
  status.set_waiting(static_cast<std::int64_t>(state.waiting));
  if (state.kept) {
    status.set_chain(state.kept->chain);
    status.set_seq(state.kept->seq);
    SetTimestamp(state.kept_at, *status.mutable_kept_at());
  }
  if (state.failing_since) {
    SetTimestamp(*state.failing_since, *status.mutable_failing_since());
    status.set_problem(std::string(state.problem.message()));
  }
}

}  // namespace

void Daemon::Parts::ReportRecord(v1::AuditStatus& status) const {
  status.set_durability(spec.audit_fsync ? v1::AUDIT_DURABILITY_FSYNC : v1::AUDIT_DURABILITY_WRITE);
  status.mutable_key()->set_id(head_key.id());
  status.mutable_key()->set_pem(head_key.Pem());
  status.mutable_key()->set_file(HeadKeyFile(spec.state_directory));
  status.set_reserve_problem(std::string(audit->ReserveProblem().message()));
  if (!anchors) return;
  for (const AnchorState& state : anchors->States()) behalf::Report(state, *status.add_anchors());
}

void Daemon::Parts::ReportStore(v1::StoreStatus& status) const {
  status.set_kind(replica ? "etcd" : "sqlite");
  status.set_revision(audit->Revision());
  status.set_handles_limit(limits.handles);
  if (const absl::Status knows = store->Knows(); !knows.ok()) {
    status.set_problem(DetailOf(knows).metadata["problem"]);
  }
  if (!replica) return void(status.add_places(spec.state_directory));
  AddAll(spec.etcd.endpoints, status.mutable_places());
  const EtcdState::Standing standing = replica->Stands();
  v1::ReplicaStatus& mine = *status.mutable_replica();
  mine.set_member(etcd->asked());
  mine.set_lease(standing.lease);
  SetDuration(standing.known_for, *mine.mutable_known_for());
}

}  // namespace behalf
