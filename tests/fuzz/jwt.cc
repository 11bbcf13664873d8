// A token as a caller sends it.
#include "daemon/jose/jwt.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "daemon/crypto/digest.h"
#include "daemon/jose/base64url.h"
#include "daemon/jose/verify.h"
#include "tests/fuzz/promise.h"

namespace behalf::fuzz {
namespace {

// Keys whose private halves signed what seeds/jwt holds, and are gone.
constexpr char kKeys[] =
    R"({"keys":[{"kty":"RSA","kid":"r","use":"sig","e":"AQAB","n":"xyK1jxb-TgiRLpeSoisFHG5G)"
    R"(9_ZskjG_7MRp4Kti_m98x8Rpmv-1VJ3RushgdT13san4fcMb48LjX6TVZoECsQK8A73KLdRG6RgnyEY_ggXi)"
    R"(pzwf6keVh-TKOgUrHa5Tc9q5X2tQavfreexFAbGNdt_CG28Eq-C_cu2VLyf2kovY7aOQbIwolfD6F4xDhnlj)"
    R"(jkefICZRScjir6xnMRdh7344NhDn9hs8b4rejyTwm550khRJwohLQqXz3BzGfr8jidEr2jU4b39JJRABp2-N)"
    R"(kCrslOUWGBURpiD1FoNmMv3aea5umkLlppw-XbS10oi57ERToO75BjzAM3Id9Y_djw"},{"kty":"EC","cr)"
    R"(v":"P-256","kid":"e","use":"sig","x":"htE3OS_8iPe8bwyuw4H1sJSS1lMDGrR2HIxbLFO35rE",")"
    R"(y":"i805Xgkbs87pnDNmSVuIwl4ZXDClMYredOO3XctXdq0"}]})";

// SHA-256 of what they signed.
constexpr std::array<std::string_view, 3> kSigned = {
    "619b72a787837de1146daa4ddd02e76ac560378e8ff0cc3258a894039121a51f",
    "5211c03c8afdb9d705dcc31015e501e9ca873f3382371511267d302d4598925a",
    "1936a9f2ba4f9ff4814823d01a414ead0b0d58e06b99663e8dd2c70cf82a46d0"};

// "{HEADER\nPAYLOAD" stands for a token of these parts, whose base64url the
// fuzzer would have to guess; everything else for itself.
std::string Compact(std::string_view text) {
  if (!text.starts_with('{')) return std::string(text);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view payload = text.substr(std::min(end + 1, text.size()));
  return Base64UrlEncode(text.substr(0, end)) + "." + Base64UrlEncode(payload) + ".AA";
}

void CheckJws(const CompactJws& jws, std::string_view compact) {
  const std::string again =
      std::string(jws.signing_input()) + "." + Base64UrlEncode(jws.signature());
  Promise(again == compact, "what is read is written the same");
  const std::string payload = "." + Base64UrlEncode(jws.payload());
  Promise(jws.signing_input().ends_with(payload), "the payload is what was signed");
  Promise(!jws.HasHeader("crit") && !jws.HasHeader("b64"), "no extension is passed over");
  Promise(!jws.key_id() || !jws.key_id()->empty(), "a kid is not empty");
}

const KeySet& Keys() {
  static const auto* const keys = new std::shared_ptr<const KeySet>(*KeySet::Parse(kKeys));
  return **keys;
}

bool CheckSignature(const CompactJws& jws) {
  if (!VerifySignature(jws, Keys()).ok()) return false;
  const std::string digest = Hex(Sha256(jws.signing_input()));
  Promise(std::ranges::find(kSigned, digest) != kSigned.end(), "what verifies was signed");
  return true;
}

void CheckVerified(UnverifiedJwt jwt, bool holds) {
  const auto verified = VerifyJwt(std::move(jwt), Keys());
  Promise(verified.ok() == holds, "a token is verified by its signature");
  if (!verified.ok()) return;
  const VerificationKey* const key = Keys().Find(verified->key_id());
  Promise(key != nullptr && key->thumbprint() == verified->key_thumbprint(), "by the key it names");
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf;
  const std::string compact = fuzz::Compact(fuzz::TextOf(data, size));
  const auto jws = CompactJws::Parse(compact);
  const auto jwt = UnverifiedJwt::Parse(compact);
  fuzz::Promise(jws.ok() || !jwt.ok(), "a JWT is a JWS");
  if (!jws.ok()) return 0;
  fuzz::CheckJws(*jws, compact);
  const bool holds = fuzz::CheckSignature(*jws);
  if (!jwt.ok()) return 0;
  fuzz::Promise(JsonObject::Parse(jws->payload()).ok(), "claims are a JSON object");
  fuzz::Promise(jwt->type() == jws->type() && jwt->HasHeader("alg"), "the header is the same");
  // Once more only where it costs nothing or matters.
  if (holds || jwt->signature().size() == 1)
    fuzz::CheckVerified(*UnverifiedJwt::Parse(compact), holds);
  return 0;
}
