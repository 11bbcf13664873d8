// behalf.v1.Admin: for operators.
#pragma once

#include <behalf/v1/admin.grpc.pb.h>

#include <functional>
#include <utility>

#include "daemon/attest/peer_table.h"
#include "daemon/broker/admin_gate.h"
#include "daemon/broker/catalog_desk.h"
#include "daemon/broker/explainer.h"
#include "daemon/broker/live_catalog.h"
#include "daemon/broker/revocation_desk.h"

namespace behalf {

v1::CatalogTrigger ToMessage(CatalogTrigger trigger);

// Thread-safe; the references must outlive it. On a socket that is not for
// admins it answers as if it did not exist.
class AdminService final : public v1::Admin::CallbackService {
 public:
  // Fills in what the daemon is now; called on gRPC's threads.
  using ReportStatus = std::function<void(const CatalogInForce&, v1::GetStatusResponse&)>;

  AdminService(const AdminGate& gate, CatalogDesk& desk, RevocationDesk& revocations,
               Explainer& explainer, const PeerTable& peers, ReportStatus report)
      : gate_(gate),
        desk_(desk),
        revocations_(revocations),
        explainer_(explainer),
        peers_(peers),
        report_(std::move(report)) {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override;
  grpc::ServerUnaryReactor* ReloadCatalog(grpc::CallbackServerContext* context,
                                          const v1::ReloadCatalogRequest* request,
                                          v1::ReloadCatalogResponse* response) override;
  grpc::ServerUnaryReactor* ListCatalogs(grpc::CallbackServerContext* context,
                                         const v1::ListCatalogsRequest* request,
                                         v1::ListCatalogsResponse* response) override;
  grpc::ServerUnaryReactor* RollbackCatalog(grpc::CallbackServerContext* context,
                                            const v1::RollbackCatalogRequest* request,
                                            v1::RollbackCatalogResponse* response) override;

  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* context,
                                    const v1::AdminExplainRequest* request,
                                    v1::AdminExplainResponse* response) override;

  grpc::ServerUnaryReactor* Revoke(grpc::CallbackServerContext* context,
                                   const v1::RevokeRequest* request,
                                   v1::RevokeResponse* response) override;
  grpc::ServerUnaryReactor* Restore(grpc::CallbackServerContext* context,
                                    const v1::RestoreRequest* request,
                                    v1::RestoreResponse* response) override;
  grpc::ServerUnaryReactor* ListRevocations(grpc::CallbackServerContext* context,
                                            const v1::ListRevocationsRequest* request,
                                            v1::ListRevocationsResponse* response) override;

 private:
  const AdminGate& gate_;
  CatalogDesk& desk_;
  RevocationDesk& revocations_;
  Explainer& explainer_;
  const PeerTable& peers_;
  const ReportStatus report_;
};

}  // namespace behalf
