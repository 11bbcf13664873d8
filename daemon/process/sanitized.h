// Whether this build has a sanitizer, which does to its own process what
// hardening forbids: it inspects it, forks it and reserves terabytes.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BEHALF_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BEHALF_SANITIZED 1
#endif
#endif
#ifndef BEHALF_SANITIZED
#define BEHALF_SANITIZED 0
#endif

namespace behalf {

inline constexpr bool kSanitized = BEHALF_SANITIZED != 0;

}  // namespace behalf
