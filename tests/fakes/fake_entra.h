// Entra's endpoints for Contoso, in memory: metadata, keys, and the legs of the
// agents' and the applications' flows. For the inside of the daemon; behalf-idp is the
// stand-in that others can talk to.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "blueprint/documents.h"
#include "daemon/base/clock.h"
#include "daemon/oauth/entra_errors.h"
#include "tests/fakes/claims.h"
#include "tests/fakes/fake_http.h"
#include "tests/fakes/test_keys.h"

namespace behalf {

// Thread-safe.
class FakeEntra {
 public:
  // Answers at the URLs of `provider`; all must outlive it.
  FakeEntra(FakeHttp& http, const Clock& clock, const Provider& provider);

  const std::string& keys_url() const { return keys_url_; }
  const std::string& metadata_url() const { return metadata_url_; }
  const std::string& token_url() const { return token_url_; }

  // What the issuer publishes: at first the RSA key "rsa" and the EC key "ec".
  void PublishKeys(std::string jwk_set);
  void PublishMetadata(std::string json);

  // A user's token, signed by the key "rsa".
  static std::string Signed(const Claims& claims) {
    return TestKey::Rsa2048().Token("RS256", "rsa", claims.ToJson());
  }

  // The next request of this leg gets this instead; several queue up.
  void Next(EntraLeg leg, int status, std::string body, std::string retry_after = {})
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Every later token for an API is changed like this.
  void Change(std::function<void(Claims&)> change) ABSL_LOCKS_EXCLUDED(mutex_);

  // The forms of one leg, in the order in which they came.
  std::vector<Form> FormsOf(EntraLeg leg) const;

 private:
  struct Scripted {
    EntraLeg leg;
    int status;
    std::string body;
    std::string retry_after;
  };

  HttpResponse Answer(const SeenRequest& request) ABSL_LOCKS_EXCLUDED(mutex_);
  HttpResponse Own(const Form& form) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  HttpResponse Proof(const Form& form) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  HttpResponse OnBehalfOf(const Form& form) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  FakeHttp& http_;
  const Clock& clock_;
  const std::string metadata_url_;
  const std::string keys_url_;
  const std::string token_url_;
  mutable absl::Mutex mutex_;
  std::deque<Scripted> scripted_ ABSL_GUARDED_BY(mutex_);
  std::function<void(Claims&)> change_ ABSL_GUARDED_BY(mutex_);
  int tokens_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace behalf
