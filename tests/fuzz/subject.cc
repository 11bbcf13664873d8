// What a user's token claims, once its signature was verified.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/jose/base64url.h"
#include "daemon/jose/verify.h"
#include "daemon/oauth/entra_subject.h"
#include "tests/fakes/contoso.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/promise.h"

namespace behalf {

// In place of the daemon's own, which is not linked here: of the inputs nobody
// could sign each.
absl::StatusOr<VerifiedJwt> VerifyJwt(UnverifiedJwt jwt, const KeySet&) {
  return VerifiedJwt(std::move(jwt), "thumbprint", JwsAlgorithm::kRs256);
}

}  // namespace behalf

namespace behalf::fuzz {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'750'001'000);
constexpr char kKeys[] = R"({"keys":[{"kty":"EC","crv":"P-256","kid":"e","use":"sig",)"
                         R"("x":"htE3OS_8iPe8bwyuw4H1sJSS1lMDGrR2HIxbLFO35rE",)"
                         R"("y":"i805Xgkbs87pnDNmSVuIwl4ZXDClMYredOO3XctXdq0"}]})";

const KeySet& Keys() {
  static const auto* const keys = new std::shared_ptr<const KeySet>(*KeySet::Parse(kKeys));
  return **keys;
}

const Provider& Contoso() {
  static const auto* const catalog = new std::shared_ptr<const Catalog>(ContosoCatalog());
  return *(*catalog)->providers().front();
}

std::string Token(bool with_nonce, std::string_view claims) {
  static const std::string plain = Base64UrlEncode(R"({"alg":"RS256","typ":"JWT","kid":"e"})");
  static const std::string nonce =
      Base64UrlEncode(R"({"alg":"RS256","typ":"JWT","kid":"e","nonce":"n"})");
  return absl::StrCat(with_nonce ? nonce : plain, ".", Base64UrlEncode(claims), ".AA");
}

std::string Lower(const JsonObject& claims, std::string_view name) {
  return absl::AsciiStrToLower(std::string(claims.String(name).value_or("")));
}

// A list is read whole and sorted, or is not there.
void CheckList(const JsonObject& claims, std::string_view name,
               const std::optional<std::vector<std::string>>& read) {
  const auto list = claims.Strings(name);
  Promise(list.has_value() == read.has_value() && claims.Has(name) == read.has_value(),
          "a list that stands there is read");
  if (!read) return;
  std::vector<std::string> sorted(list->begin(), list->end());
  std::ranges::sort(sorted);
  Promise(*read == sorted, "a list is read whole, and sorted");
}

void CheckRead(const JsonObject& json, const SubjectClaims& claims) {
  CheckList(json, "groups", claims.groups);
  CheckList(json, "roles", claims.roles);
  CheckList(json, "amr", claims.amr);
  CheckList(json, "acrs", claims.auth_contexts);
  Promise(std::ranges::is_sorted(claims.scopes), "scopes are sorted");
  Promise(std::ranges::count(claims.scopes, "") == 0, "a scope is not empty");
  Promise(!claims.tenant.empty() && !claims.object_id.empty(), "a user has a name");
  Promise(claims.tenant == Lower(json, "tid") && claims.object_id == Lower(json, "oid"),
          "a user is who the token says");
  const bool states_time = json.Has("auth_time");
  Promise(claims.signed_in_at.has_value() == states_time, "a sign-in that is stated is read");
  Promise(claims.signed_in_at.value_or(kNow) > absl::UnixEpoch(), "a sign-in has a time");
}

// Read once more from the token itself: an access token of a user of this
// tenant, within its time.
void CheckAccepted(const JsonObject& json, const SubjectClaims& claims) {
  const bool is_v1 = json.String("ver") == "1.0";
  Promise(is_v1 || json.String("ver") == "2.0", "the version is known");
  Promise(Lower(json, "tid") == kTenant, "the tenant is the provider's");
  Promise(json.String("iss") == (is_v1 ? kIssuerV1 : kIssuerV2), "the issuer is the tenant's");
  Promise(!Lower(json, is_v1 ? "appid" : "azp").empty(), "a client obtained it");
  Promise(Lower(json, is_v1 ? "azp" : "appid").empty(), "and only one");
  Promise(!json.Has("nonce") && !json.Has("at_hash") && !json.Has("c_hash"), "it is no id token");
  Promise(json.String("idtyp") != "app", "it is a user's");
  Promise(!json.Has("roles") || !claims.scopes.empty(), "roles alone are an application's");
  Promise(*json.Integer("exp") + 60 > absl::ToUnixSeconds(kNow), "it has not ended");
  Promise(*json.Integer("nbf") - 60 <= absl::ToUnixSeconds(kNow), "it has begun");
}

}  // namespace
}  // namespace behalf::fuzz

// One byte says what stands in the header; the rest is the claims.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf;
  fuzz::Choices choices(fuzz::TextOf(data, size));
  const bool with_nonce = choices.Flag();
  auto unverified = UnverifiedJwt::Parse(fuzz::Token(with_nonce, choices.Rest()));
  if (!unverified.ok()) return 0;
  const bool refused = !RefuseGraphToken(*unverified).ok();
  fuzz::Promise(refused || !with_nonce, "a token for Graph is told by its header");
  const auto verified = VerifyJwt(*std::move(unverified), fuzz::Keys());
  const auto claims = ReadSubjectClaims(*verified, fuzz::Contoso());
  if (!claims.ok()) {
    fuzz::Promise(DetailOf(claims.status()).reason == Reason::kSubjectClaims, "a claim is wrong");
    fuzz::Promise(DetailOf(claims.status()).metadata.contains("claim"), "and one of them");
    return 0;
  }
  fuzz::CheckRead(verified->claims(), *claims);
  if (CheckSubject(*claims, fuzz::Contoso(), fuzz::kNow).ok()) {
    fuzz::CheckAccepted(verified->claims(), *claims);
  }
  return 0;
}
