#include "tests/idp/directory_file.h"

#include <gmock/gmock.h>

#include "tests/idp/fixture.h"

namespace behalf::idp {
namespace {

using testing::HasSubstr;

constexpr char kHead[] =
    "tenants:\n"
    "  - id: 5b404cf4-a79d-4cfe-b866-24bf8e1a4921\n"
    "    name: Contoso\n"
    "    domain: contoso.example\n";

TEST_F(IdpTest, ContosoHasWhatTheQuickstartNeeds) {
  const Tenant& tenant = TheTenant();
  EXPECT_EQ(tenant.id, kTenant);
  EXPECT_EQ(tenant.FindUser("alice@contoso.example")->messages.size(), 2U);
  EXPECT_EQ(tenant.FindUser("bob@contoso.example")->messages.size(), 2U);
  EXPECT_EQ(tenant.ParentOf(kAgent), tenant.FindBlueprint(kBlueprint));
  EXPECT_EQ(tenant.FindResource("https://graph.microsoft.com")->token_version, 1);
}

struct Mistake {
  std::string name;
  std::string tail;
  std::string message;
};

TEST(DirectoryFile, TellsEveryMistakeWithItsPlace) {
  const Mistake mistakes[] = {
      {"unknown key", "    colour: blue\n...\n", "x.yaml:5:5: `colour` is not a key here"},
      {"missing key", "    apps:\n      - name: P\n...\n", "x.yaml:6:9: `id` is missing"},
      {"bad id", "    apps:\n      - {id: 12, name: P}\n...\n", "`id` must be a GUID"},
      {"taken id", "    apps:\n      - {id: 5b404cf4-a79d-4cfe-b866-24bf8e1a4921, name: P}\n...\n",
       "`id` is taken already"},
      {"no secret",
       "    blueprints:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, name: B, scopes: [a]}\n"
       "...\n",
       "`secret` or another credential must be given"},
      {"two secrets",
       "    apps:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, name: P, secret: s,"
       " secretFile: f}\n...\n",
       "`secret` or `secretFile` may be given, and not both"},
      {"a secret that expires some time",
       "    apps:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, name: P, secret: s,"
       " secretExpires: soon}\n...\n",
       "`secretExpires` must be a time"},
      {"no certificate",
       "    apps:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, name: P,"
       " certificates: [missing.pem]}\n...\n",
       "`certificates` name missing.pem, which is no RSA certificate"},
      {"no keys of the issuer",
       "    apps:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, name: P,"
       " federatedCredentials: [{issuer: i, subject: s, keysFile: missing.json}]}\n...\n",
       "`keysFile` cannot be read"},
      {"unreadable secret",
       "    blueprints:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, name: B, scopes: [a],"
       " secretFile: missing}\n...\n",
       "`secretFile` cannot be read"},
      {"consent for a role that does not exist",
       "    apps:\n      - id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11\n        name: P\n"
       "        roles: [R]\n        consents:\n"
       "          - {resource: 'api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11', roles: [Q]}\n...\n",
       "has a consent for Q, which api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11 does not expose"},
      {"a user of no agent",
       "    users:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, upn: u, name: U,"
       " agent: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f12}\n...\n",
       "has the user of an unknown agent"},
      {"a user that nobody can be",
       "    users:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, upn: u, name: U}\n...\n",
       "`password` or `agent` must be given"},
      {"consent for nothing",
       "    apps:\n      - id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11\n        name: P\n"
       "        consents:\n          - {resource: api://void, scopes: [a]}\n...\n",
       "unknown resource api://void"},
      {"a policy that wants nothing",
       "    conditionalAccess:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, name: P}\n...\n",
       "`require` or `authContext` must be given"},
      {"a policy for no context",
       "    conditionalAccess:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, name: P,"
       " authContext: c0}\n...\n",
       "`authContext` must be one of c1 to c99"},
      {"a redirect to nowhere",
       "    apps:\n      - {id: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11, name: P,"
       " redirectUris: ['back#']}\n...\n",
       "`redirectUris` must be absolute"},
      {"a limit that is none",
       "    throttle: {requests: 0, seconds: 1, retryAfterSeconds: 1}\n...\n",
       "`requests` must be a number, 1 or more"},
      {"list for a map", "    apps:\n      - [P]\n...\n", "a map belongs here"},
      {"text for a list", "    users: nobody\n...\n", "`users` must be a list"},
      {"cut short", "", "x.yaml:"},
  };
  for (const Mistake& mistake : mistakes) {
    SCOPED_TRACE(mistake.name);
    const auto directory = ParseDirectory("x.yaml", kHead + mistake.tail);
    ASSERT_FALSE(directory.ok());
    EXPECT_THAT(std::string(directory.status().message()), HasSubstr(mistake.message));
  }
}

TEST(DirectoryFile, NeedsATenant) {
  EXPECT_FALSE(ParseDirectory("x.yaml", "tenants: []\n...\n").ok());
  EXPECT_FALSE(LoadDirectory("/nonexistent.yaml").ok());
}

}  // namespace
}  // namespace behalf::idp
