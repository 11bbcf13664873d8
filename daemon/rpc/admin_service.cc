#include "daemon/rpc/admin_service.h"

#include <string>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "daemon/rpc/call.h"
#include "daemon/rpc/connections.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/revocation_messages.h"
#include "daemon/rpc/rpc_status.h"
#include "daemon/wire/explanation.h"
#include "daemon/wire/question.h"

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

grpc::ServerUnaryReactor* AdminService::Explain(grpc::CallbackServerContext* context,
                                                const v1::AdminExplainRequest* request,
                                                v1::AdminExplainResponse* response) {
  const CallerPtr caller = CallerOf(*context, peers_);
  if (!gate_.Serves(caller)) return NoSuchService(context);
  auto in_force = gate_.Enter(caller);
  if (!in_force.ok()) return Finish(context, ToRpcStatus(in_force.status()));
  const auto fill = [response](const Explained& explained) {
    ToMessage(explained.explanation, explained.catalog->digest(), *response->mutable_explanation());
    response->set_decision_id(explained.decision_id);
  };
  return RunCall<Explained>(context, fill, [&](CallContext& call) {
    OperatorsQuestion question(caller);
    question.asked = FromMessage(*request, absl::Now());
    question.subject_token = SecretString(std::string_view(request->subject_token()));
    return explainer_.ForOperator(*std::move(in_force), std::move(question), call);
  });
}

grpc::ServerUnaryReactor* AdminService::Revoke(grpc::CallbackServerContext* context,
                                               const v1::RevokeRequest* request,
                                               v1::RevokeResponse* response) {
  const CallerPtr caller = CallerOf(*context, peers_);
  if (!gate_.Serves(caller)) return NoSuchService(context);
  const auto fill = [response](const Revoked& revoked) { ToMessage(revoked, *response); };
  return RunCall<Revoked>(context, fill, [&](CallContext&) {
    return revocations_.Revoke(FromMessage(*request, caller));
  });
}

grpc::ServerUnaryReactor* AdminService::Restore(grpc::CallbackServerContext* context,
                                                const v1::RestoreRequest* request,
                                                v1::RestoreResponse* response) {
  const CallerPtr caller = CallerOf(*context, peers_);
  if (!gate_.Serves(caller)) return NoSuchService(context);
  const auto fill = [response](const std::vector<RevocationPtr>& restored) {
    ToMessages(restored, response->mutable_restored());
  };
  return RunCall<std::vector<RevocationPtr>>(context, fill, [&](CallContext&) {
    return revocations_.Restore(FromMessage(*request, caller));
  });
}

grpc::ServerUnaryReactor* AdminService::ListRevocations(grpc::CallbackServerContext* context,
                                                        const v1::ListRevocationsRequest*,
                                                        v1::ListRevocationsResponse* response) {
  const CallerPtr caller = CallerOf(*context, peers_);
  if (!gate_.Serves(caller)) return NoSuchService(context);
  const auto listed = revocations_.List(caller);
  if (listed.ok()) ToMessages(*listed, response->mutable_revocations());
  return Finish(context, ToRpcStatus(listed.status()));
}

}  // namespace behalf
