// Keys as an issuer publishes them.
#include "daemon/jose/key_set.h"

#include <set>
#include <string>

#include "daemon/jose/json.h"
#include "tests/fuzz/promise.h"

namespace behalf::fuzz {
namespace {

void CheckKey(const KeySet& keys, const VerificationKey& key) {
  Promise(key.thumbprint().size() == 32, "a thumbprint is a SHA-256");
  if (key.id().empty()) return;
  const VerificationKey* const found = keys.Find(key.id());
  Promise(found != nullptr && found->thumbprint() == key.thumbprint(), "a key is found by its id");
  const auto algorithm = key.algorithm().value_or(JwsAlgorithm::kRs256);
  Promise(ParseAlgorithm(AlgorithmName(algorithm)) == algorithm, "an algorithm has one name");
}

// What must be refused, whatever else stands in the set.
void CheckMembers(const JsonObject& jwk) {
  for (const std::string_view secret : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
    Promise(!jwk.Has(secret), "no private key is taken");
  }
}

// Signatures of the right lengths that nobody made.
void CheckForgery(const VerificationKey& key) {
  static const std::string nothing(256, '\0');
  for (const auto algorithm : {JwsAlgorithm::kRs256, JwsAlgorithm::kPs256, JwsAlgorithm::kEs256}) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{64}, nothing.size()}) {
      Promise(!key.Verify(algorithm, "input", std::string_view(nothing).substr(0, size)),
              "zeros are no signature");
    }
  }
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf;
  const std::string_view text = fuzz::TextOf(data, size);
  const auto keys = KeySet::Parse(text);
  if (!keys.ok()) return 0;
  fuzz::Promise(!(*keys)->keys().empty(), "a set that is taken holds a key");
  fuzz::Promise((*keys)->keys().size() <= KeySet::kMaxKeys, "a set is bounded");
  fuzz::Promise((*keys)->Find("") == nullptr, "no key is found by no id");
  std::set<std::string> ids;
  for (const VerificationKey& key : (*keys)->keys()) {
    fuzz::Promise(key.id().empty() || ids.insert(key.id()).second, "no id stands twice");
    fuzz::CheckKey(**keys, key);
    fuzz::CheckForgery(key);
  }
  const auto jwks = JsonObject::Parse(text)->Objects("keys");
  for (const JsonObject& jwk : *jwks) fuzz::CheckMembers(jwk);
  return 0;
}
