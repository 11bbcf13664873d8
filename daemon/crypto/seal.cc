#include "daemon/crypto/seal.h"

#include <array>
#include <cstddef>
#include <limits>
#include <utility>

#include "daemon/base/error.h"
#include "daemon/crypto/openssl.h"
#include "daemon/crypto/random.h"

namespace behalf {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kMaxBytes = std::numeric_limits<int>::max() / 2;

absl::Status CannotSeal() { return MakeError(Reason::kInternal, "the value cannot be sealed"); }
absl::Status CannotUnseal() { return MakeError(Reason::kInternal, "the seal does not open"); }

bool Acceptable(std::string_view key, std::string_view data, std::string_view associated) {
  return key.size() == kKeyBytes && data.size() <= kMaxBytes && associated.size() <= kMaxBytes;
}

const EVP_CIPHER* Aes256Gcm() {
  static const CipherPtr cipher =
      Required(CipherPtr(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)));
  return cipher.get();
}

// One encryption or decryption; the context forgets the key at the end.
class Gcm {
 public:
  enum class Direction { kDecrypt = 0, kEncrypt = 1 };

  Gcm(Direction direction, std::string_view key, std::string_view nonce,
      std::string_view associated)
      : context_(Context()) {
    Require(EVP_CipherInit_ex2(context_, Aes256Gcm(), Octets(key), Octets(nonce),
                               static_cast<int>(direction), nullptr) == 1);
    Update(nullptr, associated);
  }
  ~Gcm() { EVP_CIPHER_CTX_reset(context_); }
  Gcm(const Gcm&) = delete;
  Gcm& operator=(const Gcm&) = delete;

  void Update(unsigned char* out, std::string_view in) {
    int written = 0;
    Require(EVP_CipherUpdate(context_, out, &written, Octets(in), static_cast<int>(in.size())) ==
            1);
  }

  // False when decrypting and the tag is not right.
  bool Finish() {
    std::array<unsigned char, kTagBytes> nothing;
    int written = 0;
    return EVP_CipherFinal_ex(context_, nothing.data(), &written) == 1;
  }

  void Control(int what, std::string& tag) {
    Require(EVP_CIPHER_CTX_ctrl(context_, what, static_cast<int>(tag.size()), tag.data()) == 1);
  }

 private:
  static EVP_CIPHER_CTX* Context() {
    thread_local const CipherContextPtr context = Required(CipherContextPtr(EVP_CIPHER_CTX_new()));
    return context.get();
  }

  EVP_CIPHER_CTX* const context_;
};

}  // namespace

absl::StatusOr<std::string> Seal(std::string_view key32, std::string_view plaintext,
                                 std::string_view associated) {
  if (!Acceptable(key32, plaintext, associated)) return CannotSeal();
  std::string sealed = RandomBytes(kNonceBytes);
  Gcm gcm(Gcm::Direction::kEncrypt, key32, sealed, associated);
  sealed.resize(kNonceBytes + plaintext.size());
  gcm.Update(Octets(sealed) + kNonceBytes, plaintext);
  if (!gcm.Finish()) return CannotSeal();
  std::string tag(kTagBytes, '\0');
  gcm.Control(EVP_CTRL_AEAD_GET_TAG, tag);
  return sealed + tag;
}

absl::StatusOr<SecretString> Unseal(std::string_view key32, std::string_view sealed,
                                    std::string_view associated) {
  const ErrorQueueScope errors;
  if (!Acceptable(key32, sealed, associated)) return CannotUnseal();
  if (sealed.size() < kNonceBytes + kTagBytes) return CannotUnseal();
  const std::string_view nonce = sealed.substr(0, kNonceBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  sealed.remove_prefix(kNonceBytes);
  sealed.remove_suffix(kTagBytes);

  Gcm gcm(Gcm::Direction::kDecrypt, key32, nonce, associated);
  std::string plaintext(sealed.size(), '\0');
  gcm.Update(Octets(plaintext), sealed);
  gcm.Control(EVP_CTRL_AEAD_SET_TAG, tag);
  const bool right = gcm.Finish();
  SecretString result(std::move(plaintext));
  if (!right) return CannotUnseal();
  return result;
}

}  // namespace behalf
