// The `scope` parameter: what of which resource.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/idp/directory.h"
#include "tests/idp/errors.h"

namespace behalf::idp {

struct ScopeRequest {
  const Resource* resource = nullptr;
  std::vector<std::string> names;  // without the resource
  bool everything = false;         // `/.default`
  bool openid = false;
  bool offline_access = false;
};

// One resource per request (700022, 500011), known scopes (70011), `.default`
// alone. A scope without a resource is Graph's. OIDC scopes are set aside.
Outcome<ScopeRequest> ReadScopes(std::string_view text, const Tenant& tenant);

// The resource that is named first, as it is named; empty: none.
std::string ResourceName(std::string_view text);

// "{resource}/.default", as client_credentials must say it (1002012), and of
// one resource (700022); the resource's name, which need not exist.
Outcome<std::string> ReadDefaultScope(std::string_view text);

// "{resource}/{scope}" for each scope, space separated, as replies list them.
std::string QualifiedScopes(const Resource& resource, const std::vector<std::string>& scopes);

}  // namespace behalf::idp
