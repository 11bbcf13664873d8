#include "daemon/oauth/client_assertion.h"

#include "daemon/jose/base64url.h"
#include "daemon/jose/json.h"
#include "daemon/jose/jws.h"
#include "daemon/jose/key_set.h"
#include "tests/daemon/oauth/oauth_house.h"
#include "tests/fakes/test_keys.h"

namespace behalf {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

class ClientAssertionTest : public testing::Test {
 protected:
  ClientAssertionTest() {
    certificate_ = TestKey::Rsa2048().SelfSigned(kNow, kNow + absl::Hours(24));
    made_ = *SigningCertificate::FromPem(
        certificate_.pem, SecretString(std::string_view(TestKey::Rsa2048().PrivatePem())));
  }
  CompactJws Made() const {
    const SecretString jwt = ClientAssertion(*catalog_->blueprints().front(), *made_, kNow);
    return *CompactJws::Parse(jwt.Reveal());
  }
  static JsonObject ClaimsOf(const CompactJws& jws) { return *JsonObject::Parse(jws.payload()); }

  std::shared_ptr<const Catalog> catalog_ = ContosoCatalog();
  TestKey::Certificate certificate_;
  std::optional<SigningCertificate> made_;
};

TEST_F(ClientAssertionTest, VerifiesByTheCertificatesKey) {
  const CompactJws jws = Made();
  EXPECT_EQ(jws.algorithm(), "PS256");
  const auto keys = KeySet::Parse(JwkSet({TestKey::Rsa2048().PublicJwk("k")}));
  EXPECT_TRUE(
      (*keys)->Find("k")->Verify(JwsAlgorithm::kPs256, jws.signing_input(), jws.signature()));
}

TEST_F(ClientAssertionTest, ItsHeaderNamesTheCertificate) {
  const CompactJws jws = Made();
  const std::string_view input = jws.signing_input();
  const auto header = Base64UrlDecode(input.substr(0, input.find('.')));
  EXPECT_EQ(*header, R"({"alg":"PS256","typ":"JWT","x5t#S256":")" +
                         Base64UrlEncode(certificate_.sha256) + R"("})");
}

TEST_F(ClientAssertionTest, ItsClaimsAreForTheTokenEndpointAndShortLived) {
  const JsonObject claims = ClaimsOf(Made());
  EXPECT_EQ(claims.String("aud"), catalog_->blueprints().front()->provider->token_endpoint);
  EXPECT_EQ(claims.String("iss"), kBlueprintId);
  EXPECT_EQ(claims.String("sub"), kBlueprintId);
  EXPECT_EQ(claims.Integer("iat"), 1'750'000'000);
  EXPECT_EQ(claims.Integer("nbf"), 1'750'000'000 - 60);
  EXPECT_EQ(claims.Integer("exp"), 1'750'000'000 + 540);
}

TEST_F(ClientAssertionTest, ItsIdIsAFreshUuid) {
  const JsonObject first = ClaimsOf(Made()), second = ClaimsOf(Made());
  EXPECT_THAT(std::string(*first.String("jti")),
              testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                    "[0-9a-f]{12}"));
  EXPECT_NE(first.String("jti"), second.String("jti"));
}

}  // namespace
}  // namespace behalf
