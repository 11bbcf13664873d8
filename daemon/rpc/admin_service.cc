#include "daemon/rpc/admin_service.h"

#include <string>

#include "daemon/rpc/call.h"
#include "daemon/rpc/connections.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/rpc_status.h"

namespace behalf {
namespace {

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const grpc::Status& status) {
  auto* const reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

// In gRPC's own words for a service that it does not know.
grpc::ServerUnaryReactor* NoSuchService(grpc::CallbackServerContext* context) {
  return Finish(context, grpc::Status(grpc::StatusCode::UNIMPLEMENTED, ""));
}

}  // namespace

v1::CatalogTrigger ToMessage(CatalogTrigger trigger) {
  switch (trigger) {
    case CatalogTrigger::kStart:
      return v1::CATALOG_TRIGGER_START;
    case CatalogTrigger::kSignal:
      return v1::CATALOG_TRIGGER_SIGNAL;
    case CatalogTrigger::kWatch:
      return v1::CATALOG_TRIGGER_WATCH;
    case CatalogTrigger::kAdmin:
      return v1::CATALOG_TRIGGER_ADMIN;
    case CatalogTrigger::kRollback:
      return v1::CATALOG_TRIGGER_ROLLBACK;
  }
  return v1::CATALOG_TRIGGER_UNSPECIFIED;
}

grpc::ServerUnaryReactor* AdminService::GetStatus(grpc::CallbackServerContext* context,
                                                  const v1::GetStatusRequest*,
                                                  v1::GetStatusResponse* response) {
  const CallerPtr caller = CallerOf(*context, peers_);
  if (!gate_.Serves(caller)) return NoSuchService(context);
  const auto in_force = gate_.Enter(caller);
  if (in_force.ok()) report_(**in_force, *response);
  return Finish(context, ToRpcStatus(in_force.status()));
}

grpc::ServerUnaryReactor* AdminService::ReloadCatalog(grpc::CallbackServerContext* context,
                                                      const v1::ReloadCatalogRequest*,
                                                      v1::ReloadCatalogResponse* response) {
  const CallerPtr caller = CallerOf(*context, peers_);
  if (!gate_.Serves(caller)) return NoSuchService(context);
  const auto fill = [response](const CatalogReport& report) {
    response->set_taken(report.taken);
    response->set_catalog_digest(report.digest);
    AddAll(report.issues, response->mutable_issues());
  };
  return RunCall<CatalogReport>(context, fill, [&](CallContext&) { return desk_.Reload(caller); });
}

grpc::ServerUnaryReactor* AdminService::ListCatalogs(grpc::CallbackServerContext* context,
                                                     const v1::ListCatalogsRequest*,
                                                     v1::ListCatalogsResponse* response) {
  const CallerPtr caller = CallerOf(*context, peers_);
  if (!gate_.Serves(caller)) return NoSuchService(context);
  const auto entries = desk_.History(caller);
  if (!entries.ok()) return Finish(context, ToRpcStatus(entries.status()));
  for (const CatalogEntry& entry : *entries) {
    auto& catalog = *response->add_catalogs();
    catalog.set_digest(entry.catalog->digest());
    SetTimestamp(entry.since, *catalog.mutable_since());
    catalog.set_trigger(ToMessage(entry.trigger));
  }
  return Finish(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* AdminService::RollbackCatalog(grpc::CallbackServerContext* context,
                                                        const v1::RollbackCatalogRequest* request,
                                                        v1::RollbackCatalogResponse* response) {
  const CallerPtr caller = CallerOf(*context, peers_);
  if (!gate_.Serves(caller)) return NoSuchService(context);
  const auto fill = [response](const CatalogReport& report) {
    response->set_catalog_digest(report.digest);
    AddAll(report.issues, response->mutable_issues());
  };
  return RunCall<CatalogReport>(
      context, fill, [&](CallContext&) { return desk_.Rollback(caller, request->digest()); });
}

}  // namespace behalf
