// behalf.v1.Admin: for operators.
#pragma once

#include <behalf/v1/admin.grpc.pb.h>

#include <functional>
#include <utility>

#include "daemon/attest/peer_table.h"
#include "daemon/broker/admin_gate.h"
#include "daemon/broker/live_catalog.h"

namespace behalf {

// Thread-safe; the references must outlive it.
class AdminService final : public v1::Admin::CallbackService {
 public:
  // Fills in what the daemon is now; called on gRPC's threads.
  using ReportStatus = std::function<void(const CatalogInForce&, v1::GetStatusResponse&)>;

  AdminService(const AdminGate& gate, const PeerTable& peers, ReportStatus report)
      : gate_(gate), peers_(peers), report_(std::move(report)) {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override;

 private:
  const AdminGate& gate_;
  const PeerTable& peers_;
  const ReportStatus report_;
};

}  // namespace behalf
