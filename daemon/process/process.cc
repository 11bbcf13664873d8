#include "daemon/process/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>

namespace behalf {
namespace {

constexpr const char* kUnwelcome[] = {
    "GRPC_TRACE",    "GRPC_VERBOSITY", "GRPC_STACKTRACE_MINLOGLEVEL",
    "SSLKEYLOGFILE", "OPENSSL_CONF",   "OPENSSL_MODULES",
    "SSL_CERT_FILE", "SSL_CERT_DIR",   "CURL_HOME",
    "http_proxy",    "https_proxy",    "HTTPS_PROXY",
    "all_proxy",     "ALL_PROXY",      "no_proxy",
    "NO_PROXY",      "grpc_proxy",
};

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

}  // namespace

void HardenProcess() {
  for (const char* name : kUnwelcome) unsetenv(name);
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  setrlimit(RLIMIT_CORE, &no_core);
  // The leak sanitizer inspects its own process.
  if (!kSanitized) prctl(PR_SET_DUMPABLE, 0);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

Signals::Signals() {
  sigemptyset(&set_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

int Signals::Wait(absl::Duration timeout) const {
  const timespec limit = absl::ToTimespec(timeout);
  const int signal = sigtimedwait(&set_, nullptr, &limit);
  return signal > 0 ? signal : 0;
}

}  // namespace behalf
