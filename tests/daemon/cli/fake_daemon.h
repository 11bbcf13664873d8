// The daemon's services on a unix socket, answering what a test told them.
#pragma once

#include <google/protobuf/any.pb.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <functional>
#include <memory>
#include <string>

#include "behalf/v1/admin.grpc.pb.h"
#include "behalf/v1/token_broker.grpc.pb.h"
#include "behalf/v1/tool_tokens.grpc.pb.h"
#include "daemon/base/error.h"
#include "tests/daemon/cli/order.h"

namespace behalf::cli {

// A failed status in the wire form that docs/errors.md describes.
inline grpc::Status Refuse(const ErrorDetail& detail, const std::string& message) {
  const ReasonRow& row = RowOf(detail.reason);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(row.name));
  info.set_domain("behalf");
  info.mutable_metadata()->insert(detail.metadata.begin(), detail.metadata.end());
  (*info.mutable_metadata())["move"] = std::string(MoveName(row.move));
  google::rpc::Status details;
  details.set_code(static_cast<int>(row.code));
  details.set_message(message);
  details.add_details()->PackFrom(info);
  if (detail.retry_after) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(*detail.retry_after));
    details.add_details()->PackFrom(retry);
  }
  return grpc::Status(static_cast<grpc::StatusCode>(row.code), message,
                      details.SerializeAsString());
}

// Set the answers before the calls. What was asked is kept for the test.
class FakeDaemon final : public v1::TokenBroker::Service,
                         public v1::ToolTokens::Service,
                         public v1::Admin::Service {
 public:
  explicit FakeDaemon(const std::string& socket) {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + socket, grpc::InsecureServerCredentials());
    builder.RegisterService(static_cast<v1::TokenBroker::Service*>(this));
    builder.RegisterService(static_cast<v1::ToolTokens::Service*>(this));
    builder.RegisterService(static_cast<v1::Admin::Service*>(this));
    server_ = builder.BuildAndStart();
  }
  ~FakeDaemon() override { server_->Shutdown(); }

  void SetHealthy(bool healthy) { server_->GetHealthCheckService()->SetServingStatus(healthy); }

  grpc::Status failure = grpc::Status::OK;  // what every call answers unless it is OK
  std::function<void()> before_answering = [] {};
  v1::GetTokenResponse token;
  v1::CreateHandleResponse handle;
  v1::RedeemHandleResponse redeemed;
  v1::GetStatusResponse status;
  v1::ReloadCatalogResponse reloaded;
  v1::ListCatalogsResponse catalogs;
  v1::RollbackCatalogResponse rolled_back;

  v1::GetTokenRequest asked_token;
  v1::CreateHandleRequest asked_handle;
  v1::RedeemHandleRequest asked_redeem;
  v1::RollbackCatalogRequest asked_rollback;
  int calls = 0;

 private:
  template <typename Request, typename Response>
  grpc::Status Answer(const Request& request, Request& asked, const Response& prepared,
                      Response& response) {
    CrossTheSocket();
    ++calls;
    asked = request;
    before_answering();
    response = prepared;
    grpc::Status status_answered = failure;
    CrossTheSocket();
    return status_answered;
  }

  grpc::Status GetToken(grpc::ServerContext*, const v1::GetTokenRequest* request,
                        v1::GetTokenResponse* response) override {
    return Answer(*request, asked_token, token, *response);
  }
  grpc::Status CreateHandle(grpc::ServerContext*, const v1::CreateHandleRequest* request,
                            v1::CreateHandleResponse* response) override {
    return Answer(*request, asked_handle, handle, *response);
  }
  grpc::Status RedeemHandle(grpc::ServerContext*, const v1::RedeemHandleRequest* request,
                            v1::RedeemHandleResponse* response) override {
    return Answer(*request, asked_redeem, redeemed, *response);
  }
  grpc::Status GetStatus(grpc::ServerContext*, const v1::GetStatusRequest* request,
                         v1::GetStatusResponse* response) override {
    v1::GetStatusRequest ignored;
    return Answer(*request, ignored, status, *response);
  }
  grpc::Status ReloadCatalog(grpc::ServerContext*, const v1::ReloadCatalogRequest* request,
                             v1::ReloadCatalogResponse* response) override {
    v1::ReloadCatalogRequest ignored;
    return Answer(*request, ignored, reloaded, *response);
  }
  grpc::Status ListCatalogs(grpc::ServerContext*, const v1::ListCatalogsRequest* request,
                            v1::ListCatalogsResponse* response) override {
    v1::ListCatalogsRequest ignored;
    return Answer(*request, ignored, catalogs, *response);
  }
  grpc::Status RollbackCatalog(grpc::ServerContext*, const v1::RollbackCatalogRequest* request,
                               v1::RollbackCatalogResponse* response) override {
    return Answer(*request, asked_rollback, rolled_back, *response);
  }

  std::unique_ptr<grpc::Server> server_;
};

}  // namespace behalf::cli
