#include "daemon/audit/token_digest.h"

#include <cstddef>
#include <utility>

#include "daemon/base/length_prefixed.h"
#include "daemon/crypto/digest.h"

namespace behalf {
namespace {

constexpr std::size_t kKeyIdDigits = 8;
constexpr std::size_t kDigestBytes = 16;
constexpr std::size_t kKeyBytes = 32;

std::string KeyIdOf(const SecretString& key) {
  std::string input = "behalf audit key id";
  input += key.Reveal();
  std::string id = Hex(Sha256(input)).substr(0, kKeyIdDigits);
  WipeString(input);
  return id;
}

std::string ShortHmac(const SecretString& key, std::string_view data) {
  return Hex(HmacSha256(key.Reveal(), data).substr(0, kDigestBytes));
}

}  // namespace

TokenNamer::TokenNamer(SecretString key)
    : key_(std::move(key)),
      pseudonym_key_(Hkdf(key_, "behalf subject_ref", kKeyBytes)),
      key_id_(KeyIdOf(key_)) {}

std::string TokenNamer::Digest(std::string_view token) const {
  return key_id_ + ":" + ShortHmac(key_, token);
}

std::string TokenNamer::Pseudonym(std::string_view tool, std::string_view tid,
                                  std::string_view oid) const {
  std::string input;
  AppendPart(input, tool);
  AppendPart(input, tid);
  AppendPart(input, oid);
  return ShortHmac(pseudonym_key_, input);
}

}  // namespace behalf
