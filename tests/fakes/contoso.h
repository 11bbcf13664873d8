// Contoso: the documents, users and tokens that tests of the daemon's inside
// share.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "blueprint/catalog.h"
#include "blueprint/load.h"
#include "daemon/oauth/client_credentials.h"
#include "tests/fakes/claims.h"

namespace behalf {

inline constexpr char kTenant[] = "5b404cf4-a79d-4cfe-b866-24bf8e1a4921";
inline constexpr char kOtherTenant[] = "11111111-2222-3333-4444-555555555555";
inline constexpr char kBlueprintId[] = "8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11";
inline constexpr char kBlueprintAudience[] = "api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11";
inline constexpr char kInvoiceBotId[] = "b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2";
inline constexpr char kReportBotId[] = "b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d3";
inline constexpr char kLedgerId[] = "1ed9e700-0000-4000-8000-000000000001";  // an application
inline constexpr char kFrontendId[] = "3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77";
inline constexpr char kAliceId[] = "a11ce000-0000-4000-8000-000000000001";
inline constexpr char kBobId[] = "b0b00000-0000-4000-8000-000000000002";
inline constexpr char kIssuerV1[] = "https://sts.windows.net/5b404cf4-a79d-4cfe-b866-24bf8e1a4921/";
inline constexpr char kIssuerV2[] =
    "https://login.microsoftonline.com/5b404cf4-a79d-4cfe-b866-24bf8e1a4921/v2.0";
inline constexpr char kGraph[] = "https://graph.microsoft.com";
inline constexpr char kClientSecret[] = "contoso~client.secret_VeryMuchSo";

// Accounts of the documents' callers.
inline constexpr uid_t kInvoiceUid = 1001;     // agent invoice-bot
inline constexpr uid_t kReportUid = 1002;      // agent report-bot
inline constexpr uid_t kMailSearchUid = 1003;  // tool mail-search
inline constexpr uid_t kCalendarUid = 1004;    // tool calendar
inline constexpr uid_t kLedgerUid = 1005;      // agent ledger, WithApplications
inline constexpr uid_t kAdminUid = 900;
inline constexpr gid_t kToolsGid = 2003;  // tool mail-search too

// Parts of the documents to be replaced, each of which stands in them.
using Edits = std::vector<std::pair<std::string, std::string>>;

// The text of the documents, edited. A failure of the test when a part is not
// there.
std::string ContosoText(const Edits& edits = {});

// A host without accounts: the documents write numbers.
std::unique_ptr<HostAccounts> NoHostAccounts();

// Agents invoice-bot and report-bot reach Graph through the tools mail-search
// (Mail.Read, reuse) and calendar (no reuse), and invoices by themselves. A
// failure of the test when the documents do not load.
std::shared_ptr<const Catalog> ContosoCatalog(const Edits& edits = {});

// Edits that add application access: invoice-bot's to invoices (Invoices.Post)
// and, through mail-search, to Graph (Mail.Read.All); and a second blueprint
// whose agent ledger acts as the application itself, for users and for itself.
Edits WithApplications();

// Alice's token for the blueprint, of either version, issued at `now`, for an
// hour; good but for the signature.
Claims AliceV1(absl::Time now);
Claims AliceV2(absl::Time now);

// What Entra returns to invoice-bot for alice: Graph's own form (v1, with agent
// claims) and that of other APIs (v2, without).
Claims GraphReply(absl::Time now);
Claims GraphReplyV2(absl::Time now);

// What Entra returns for application access to invoices: to invoice-bot (v1,
// with agent claims), and to the ledger (v2, without).
Claims AgentsOwnReply(absl::Time now);
Claims LedgersOwnReply(absl::Time now);

// Secrets that are always there, until they are lost or replaced; not while
// somebody asks.
class FakeSecrets final : public ClientCredentials {
 public:
  absl::StatusOr<ClientAuthentication> For(const Blueprint& blueprint) override;
  absl::StatusOr<std::string> BasisOf(const Blueprint& blueprint) override;
  void ReadAgain(const Blueprint&) override { ++read_again_; }
  int read_again() const { return read_again_; }
  void Lose() { lost_ = true; }
  void Replace(std::string secret) { secret_ = std::move(secret); }

 private:
  bool lost_ = false;
  std::atomic<int> read_again_ = 0;
  std::string secret_ = kClientSecret;
};

}  // namespace behalf
