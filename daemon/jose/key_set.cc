#include "daemon/jose/key_set.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/jose/json.h"
#include "daemon/jose/jws.h"

namespace behalf {
namespace {

using Text = std::optional<std::string_view>;

struct AlgorithmRow {
  JwsAlgorithm algorithm;
  std::string_view name;
};
constexpr std::array kAccepted = {AlgorithmRow{JwsAlgorithm::kRs256, "RS256"},
                                  AlgorithmRow{JwsAlgorithm::kPs256, "PS256"},
                                  AlgorithmRow{JwsAlgorithm::kEs256, "ES256"}};

// RFC 7518 sections 6.2.2, 6.3.2 and 6.4.
constexpr std::array<std::string_view, 8> kPrivateMembers = {"d",  "p",  "q",   "dp",
                                                             "dq", "qi", "oth", "k"};

// RFC 7518 section 3.1: the signature algorithms and the keys they take.
struct AlgorithmKey {
  std::string_view algorithm;
  std::string_view type;
  std::string_view curve;
};
constexpr std::array kAlgorithmKeys = {
    AlgorithmKey{"RS256", "RSA", ""},     AlgorithmKey{"RS384", "RSA", ""},
    AlgorithmKey{"RS512", "RSA", ""},     AlgorithmKey{"PS256", "RSA", ""},
    AlgorithmKey{"PS384", "RSA", ""},     AlgorithmKey{"PS512", "RSA", ""},
    AlgorithmKey{"ES256", "EC", "P-256"}, AlgorithmKey{"ES384", "EC", "P-384"},
    AlgorithmKey{"ES512", "EC", "P-521"}, AlgorithmKey{"HS256", "oct", ""},
    AlgorithmKey{"HS384", "oct", ""},     AlgorithmKey{"HS512", "oct", ""},
};

absl::Status Refused(std::string_view what) {
  return MakeError(Reason::kKeysUnavailable,
                   absl::StrCat("the issuer's key set is refused: ",
                                absl::string_view(what.data(), what.size())));
}

// The members that every kind of key may have, of the right types.
struct CommonMembers {
  std::string_view type;
  std::string_view curve;
  Text key_id;
  Text use;
  Text algorithm;
  std::optional<std::vector<std::string_view>> operations;
};

bool HasPrivateMember(const JsonObject& jwk) {
  return std::any_of(kPrivateMembers.begin(), kPrivateMembers.end(),
                     [&](std::string_view member) { return jwk.Has(member); });
}

bool HasWrongType(const JsonObject& jwk, const CommonMembers& members) {
  return jwk.Has("kid") != members.key_id.has_value() ||
         jwk.Has("use") != members.use.has_value() ||
         jwk.Has("alg") != members.algorithm.has_value() ||
         jwk.Has("key_ops") != members.operations.has_value() || members.type.empty();
}

bool Contradicts(const CommonMembers& members) {
  const auto row =
      std::find_if(kAlgorithmKeys.begin(), kAlgorithmKeys.end(),
                   [&](const AlgorithmKey& key) { return key.algorithm == members.algorithm; });
  return row != kAlgorithmKeys.end() && (row->type != members.type || row->curve != members.curve);
}

absl::StatusOr<CommonMembers> ReadCommonMembers(const JsonObject& jwk) {
  CommonMembers members{.type = jwk.String("kty").value_or(""),
                        .curve = jwk.String("crv").value_or(""),
                        .key_id = jwk.String("kid"),
                        .use = jwk.String("use"),
                        .algorithm = jwk.String("alg"),
                        .operations = jwk.Strings("key_ops")};
  if (HasPrivateMember(jwk)) return Refused("it publishes a private or symmetric key");
  if (HasWrongType(jwk, members)) return Refused("a key is malformed");
  if (members.key_id &&
      (members.key_id->empty() || members.key_id->size() > CompactJws::kMaxKeyIdBytes)) {
    return Refused("a `kid` is empty or too long");
  }
  if (Contradicts(members)) return Refused("the `alg` of a key contradicts its kind");
  return members;
}

bool HasRepeatedKeyId(const std::vector<JsonObject>& jwks) {
  std::vector<std::string_view> ids;
  for (const JsonObject& jwk : jwks) {
    if (const auto id = jwk.String("kid")) ids.push_back(*id);
  }
  std::sort(ids.begin(), ids.end());
  return std::adjacent_find(ids.begin(), ids.end()) != ids.end();
}

bool IsForVerifying(const CommonMembers& members) {
  const auto& operations = members.operations;
  return members.use.value_or("sig") == "sig" &&
         (!operations ||
          std::find(operations->begin(), operations->end(), "verify") != operations->end());
}

bool IsOurs(const CommonMembers& members) {
  const bool is_kind_known =
      members.type == "RSA" || (members.type == "EC" && members.curve == "P-256");
  return is_kind_known && IsForVerifying(members) &&
         (!members.algorithm || ParseAlgorithm(*members.algorithm));
}

}  // namespace

std::optional<JwsAlgorithm> ParseAlgorithm(std::string_view name) {
  for (const AlgorithmRow& row : kAccepted) {
    if (row.name == name) return row.algorithm;
  }
  return std::nullopt;
}

std::string_view AlgorithmName(JwsAlgorithm algorithm) {
  return kAccepted[static_cast<std::size_t>(algorithm)].name;
}

KeySet::KeySet(std::vector<VerificationKey> keys) : keys_(std::move(keys)) {}

absl::StatusOr<std::shared_ptr<const KeySet>> KeySet::Parse(std::string_view json) {
  const auto document = JsonObject::Parse(json, {.max_bytes = kMaxBytes});
  if (!document.ok()) return Refused(std::string(document.status().message()));
  const auto jwks = document->Objects("keys");
  if (!jwks || jwks->size() > kMaxKeys) return Refused("`keys` is not an array of up to 64 keys");

  if (HasRepeatedKeyId(*jwks)) return Refused("a `kid` stands twice");

  std::vector<VerificationKey> keys;
  for (const JsonObject& jwk : *jwks) {
    const auto members = ReadCommonMembers(jwk);
    if (!members.ok()) return members.status();
    if (!IsOurs(*members)) continue;
    auto key =
        members->type == "RSA" ? VerificationKey::FromRsa(jwk) : VerificationKey::FromP256(jwk);
    if (!key.ok()) return key.status();
    key->id_ = members->key_id.value_or("");
    if (members->algorithm) key->algorithm_ = ParseAlgorithm(*members->algorithm);
    keys.push_back(*std::move(key));
  }
  if (keys.empty()) return Refused("it holds no key to verify signatures with");
  return std::shared_ptr<const KeySet>(new KeySet(std::move(keys)));
}

const VerificationKey* KeySet::Find(std::string_view kid) const {
  if (kid.empty()) return nullptr;
  const auto it = std::find_if(keys_.begin(), keys_.end(),
                               [kid](const VerificationKey& key) { return key.id() == kid; });
  return it == keys_.end() ? nullptr : &*it;
}

}  // namespace behalf
