// Clients that prove themselves by certificates, foreign tokens, and secrets
// that expire.
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json/serialize.hpp>
#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/idp/base64url.h"
#include "tests/idp/directory_file.h"
#include "tests/idp/fixture.h"
#include "tests/idp/state_directory.h"

namespace behalf::idp {
namespace {

constexpr char kCluster[] = "https://cluster.example";
constexpr char kWorkload[] = "system:serviceaccount:agents:invoice";

EVP_PKEY* TheKey() {
  static EVP_PKEY* key = EVP_RSA_gen(2048);
  return key;
}

X509* TheCertificate() {
  static X509* certificate = [] {
    X509* made = X509_new();
    X509_set_version(made, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(made), 0);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, TheKey());
    X509_sign(made, TheKey(), EVP_sha256());
    return made;
  }();
  return certificate;
}

std::string Der() {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(TheCertificate(), &bytes);
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string Standard(std::string_view bytes) {
  return absl::Base64Escape({bytes.data(), bytes.size()});
}

std::string Sha1(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha1(), nullptr);
  return {reinterpret_cast<const char*>(digest), size};
}

std::string SignWithCertificate(const json::object& header, const json::object& claims) {
  const std::string input =
      Base64Url(json::serialize(header)) + "." + Base64Url(json::serialize(claims));
  const DigestPtr digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr;
  EVP_DigestSignInit(digest.get(), &context, EVP_sha256(), nullptr, TheKey());
  if (TextAt(header, "alg") == "PS256") {
    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST);
  }
  std::string signature(256, '\0');
  std::size_t size = signature.size();
  EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                 reinterpret_cast<const unsigned char*>(input.data()), input.size());
  return input + "." + Base64Url(signature);
}

std::string CertificatePem() {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), TheCertificate());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

class CredentialsTest : public IdpTest {
 protected:
  void SetUp() override { Serve(false); }
  ~CredentialsTest() override { std::filesystem::remove_all(folder_); }

  // Contoso, but that the blueprint has every kind of credential.
  void Serve(bool refuse_replays) {
    EXPECT_TRUE(WriteWholeFile(folder_ + "/cert.pem", CertificatePem(), 0600).ok());
    const SigningKey& key = cluster_.current();
    const json::object jwk{
        {"kty", "RSA"}, {"kid", key.id()}, {"n", key.modulus()}, {"e", key.exponent()}};
    const std::string set = json::serialize(json::object{{"keys", json::array{jwk}}});
    EXPECT_TRUE(WriteWholeFile(folder_ + "/keys.json", set, 0600).ok());
    std::string text = absl::StrReplaceAll(
        *ReadWholeFile(Path()),
        {{absl::StrCat("        secret: ", kSecret, "\n"),
          absl::StrCat("        secret: ", kSecret, "\n        secretExpires: ",
                       "\"2026-11-18T11:06:41Z\"\n        certificates: [cert.pem]\n",
                       "        federatedCredentials:\n          - issuer: ", kCluster,
                       "\n            subject: \"", kWorkload,
                       "\"\n            keysFile: keys.json\n")},
         {"    domain: contoso.example\n",
          absl::StrCat("    domain: contoso.example\n    refuseReplays: ",
                       refuse_replays ? "true" : "false", "\n")}});
    auto directory = ParseDirectory(folder_ + "/contoso.yaml", text);
    ASSERT_TRUE(directory.ok()) << directory.status();
    directory_ = *std::move(directory);
    provider_ = std::make_unique<IdentityProvider>(directory_, Keys(), clock_, *random_);
  }

  json::object Claims() const {
    const std::int64_t now = absl::ToUnixSeconds(clock_.now);
    return {{"aud", absl::StrCat("https://localhost:8443/", kTenant, "/oauth2/v2.0/token")},
            {"iss", kBlueprint},
            {"sub", kBlueprint},
            {"jti", "8b7f0d2c-8f43-4a52-9f39-0c6f1d1e2a3b"},
            {"nbf", now},
            {"exp", now + 600}};
  }
  static json::object Header() {
    return {{"alg", "PS256"}, {"typ", "JWT"}, {"x5t#S256", Base64Url(Sha256(Der()))}};
  }
  json::object WorkloadClaims() const {
    const std::int64_t now = absl::ToUnixSeconds(clock_.now);
    return {{"aud", json::array{"api://AzureADTokenExchange"}},
            {"iss", kCluster},
            {"sub", kWorkload},
            {"nbf", now},
            {"exp", now + 600}};
  }

  Reply Present(const std::string& assertion) const {
    Parameters parameters = ForExchange();
    parameters.erase("client_secret");
    parameters["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    parameters["client_assertion"] = assertion;
    return Post(parameters);
  }
  Reply PresentWith(std::string_view claim, const json::value& value) const {
    json::object claims = Claims();
    claims[claim] = value;
    return Present(SignWithCertificate(Header(), claims));
  }
  Reply PresentWorkloadWith(std::string_view claim, const json::value& value) const {
    json::object claims = WorkloadClaims();
    claims[claim] = value;
    return Present(SignJwt(cluster_.current(), claims));
  }

  std::string folder_ = [] {
    char name[] = "/tmp/behalf-idp-test.XXXXXX";
    return std::string(mkdtemp(name));
  }();
  SigningKeys cluster_ = SigningKeys::Ephemeral();
  Directory directory_;
};

TEST_F(CredentialsTest, ThumbprintsComeInManyForms) {
  const std::string sha256 = Sha256(Der());
  const std::string sha1 = Sha1(Der());
  const std::vector<json::object> headers = {
      {{"alg", "PS256"}, {"x5t#S256", Base64Url(sha256)}},
      {{"alg", "PS256"}, {"x5t#S256", Base64Url(sha256) + "="}},
      {{"alg", "PS256"}, {"x5t#S256", Standard(sha256)}},
      {{"alg", "RS256"}, {"x5t#S256", Base64Url(sha256)}},
      {{"alg", "RS256"}, {"x5t", Base64Url(sha1)}},
      {{"alg", "RS256"}, {"x5t", Standard(sha1)}},
      {{"alg", "PS256"}, {"x5c", Standard(Der())}},
      {{"alg", "PS256"}, {"x5c", json::array{Standard(Der())}}},
  };
  for (const json::object& header : headers) {
    SCOPED_TRACE(json::serialize(header));
    const Reply reply = Present(SignWithCertificate(header, Claims()));
    EXPECT_EQ(reply.response.status, 200) << reply.response.body;
    EXPECT_EQ(TextAt(ClaimsOf(reply.Text("access_token")), "azpacr"), "2");
  }
}

TEST_F(CredentialsTest, TimesComeInManyForms) {
  const std::int64_t now = absl::ToUnixSeconds(clock_.now);
  for (const json::value& time : {json::value(now + 60), json::value(std::to_string(now + 60)),
                                  json::value(static_cast<double>(now) + 60.5)}) {
    EXPECT_EQ(PresentWith("exp", time).code(), 0) << json::serialize(time);
    EXPECT_EQ(PresentWith("nbf", time).code(), 700024) << json::serialize(time);
  }
}

TEST_F(CredentialsTest, AClientMayRoundUpToTheNextSecond) {
  const std::int64_t now = absl::ToUnixSeconds(clock_.now);
  EXPECT_EQ(PresentWith("nbf", now + 1).code(), 0);
  EXPECT_EQ(PresentWith("nbf", now + 2).code(), 700024);
}

TEST_F(CredentialsTest, CertificateAssertionsAreRefused) {
  const std::int64_t now = absl::ToUnixSeconds(clock_.now);
  EXPECT_EQ(PresentWith("exp", now).code(), 700024);
  EXPECT_EQ(PresentWith("exp", "soon").code(), 700024);
  EXPECT_EQ(PresentWith("iss", kAgent).code(), 50012);
  EXPECT_EQ(PresentWith("sub", kAgent).code(), 50012);
  EXPECT_EQ(PresentWith("aud", "https://elsewhere.example/oauth2/v2.0/token").code(), 50012);
  json::object header = Header();
  header["x5t#S256"] = Base64Url(Sha256("another certificate"));
  EXPECT_EQ(Present(SignWithCertificate(header, Claims())).code(), 700027);
  header = Header();
  header["alg"] = "none";
  EXPECT_EQ(Present(SignWithCertificate(header, Claims())).code(), 700027);
  const std::string good = SignWithCertificate(Header(), Claims());
  EXPECT_EQ(Present(good.substr(0, good.size() - 4)).code(), 700027);
}

TEST_F(CredentialsTest, AnAssertionMayComeAgainUnlessTheTenantRefuses) {
  const std::string assertion = SignWithCertificate(Header(), Claims());
  EXPECT_EQ(Present(assertion).code(), 0);
  EXPECT_EQ(Present(assertion).code(), 0);
  Serve(true);
  EXPECT_EQ(Present(assertion).code(), 0);
  EXPECT_EQ(Present(assertion).code(), 50012);
  EXPECT_EQ(PresentWith("jti", "another").code(), 0);
}

TEST_F(CredentialsTest, AForeignTokenStandsForTheClient) {
  const Reply reply = Present(SignJwt(cluster_.current(), WorkloadClaims()));
  EXPECT_EQ(reply.response.status, 200) << reply.response.body;
  EXPECT_EQ(TextAt(ClaimsOf(reply.Text("access_token")), "azpacr"), "2");
  EXPECT_EQ(PresentWorkloadWith("aud", "api://AzureADTokenExchange").code(), 0);
}

TEST_F(CredentialsTest, ForeignTokensAreRefused) {
  const std::int64_t now = absl::ToUnixSeconds(clock_.now);
  EXPECT_EQ(PresentWorkloadWith("iss", "https://another.example").code(), 700211);
  EXPECT_EQ(PresentWorkloadWith("sub", "system:serviceaccount:agents:other").code(), 700213);
  EXPECT_EQ(PresentWorkloadWith("aud", "api://other").code(), 700212);
  EXPECT_EQ(PresentWorkloadWith("exp", now).code(), 700024);
  EXPECT_EQ(Present(SignJwt(Keys().current(), WorkloadClaims())).code(), 700027);
  const std::string good = SignJwt(cluster_.current(), WorkloadClaims());
  EXPECT_EQ(Present(good.substr(0, good.size() - 4)).code(), 700027);
}

TEST_F(CredentialsTest, ASecretExpires) {
  EXPECT_EQ(Post(ForExchange()).code(), 0);
  clock_.now += absl::Seconds(1);
  const Reply reply = Post(ForExchange());
  EXPECT_EQ(reply.code(), 7000222);
  EXPECT_EQ(reply.response.status, 401);
  Parameters wrong = ForExchange();
  wrong["client_secret"] = "guess";
  EXPECT_EQ(Post(wrong).code(), 7000215);
}

}  // namespace
}  // namespace behalf::idp
