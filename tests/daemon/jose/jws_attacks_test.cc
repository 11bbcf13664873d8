// Attacks by the header and the serialisation of a token: each by name, with
// the reason it is refused for.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "daemon/base/error.h"
#include "daemon/crypto/digest.h"
#include "daemon/jose/base64url.h"
#include "daemon/jose/verify.h"
#include "tests/fakes/test_keys.h"

namespace behalf {
namespace {

using namespace std::string_literals;

constexpr char kClaims[] = R"({"sub":"alice"})";
constexpr char kHeader[] = R"({"alg":"RS256","kid":"rsa"})";

const KeySet& Keys() {
  static const auto keys =
      KeySet::Parse(JwkSet({TestKey::Rsa2048().PublicJwk("rsa"), TestKey::P256().PublicJwk("ec")}));
  return **keys;
}

// Signed by the right key, whatever the header says.
std::string Signed(std::string_view header, std::string_view claims = kClaims) {
  return TestKey::Rsa2048().Sign("RS256", header, claims);
}

// Signed by the attacker's own key.
std::string Forged(std::string_view header) {
  return TestKey::OtherRsa2048().Sign("RS256", header, kClaims);
}

std::string Hmac(std::string_view secret) {
  const std::string input = absl::StrCat(Base64UrlEncode(R"({"alg":"HS256","kid":"rsa"})"), ".",
                                         Base64UrlEncode(kClaims));
  return absl::StrCat(input, ".", Base64UrlEncode(HmacSha256(secret, input)));
}

// A header with the given `kid`, as JSON.
std::string WithKid(std::string_view kid_json) {
  return absl::StrCat(R"({"alg":"RS256","kid":)", std::string(kid_json), "}");
}

std::string WithMember(std::string_view member_json) {
  return absl::StrCat(R"({"alg":"RS256","kid":"rsa",)", std::string(member_json), "}");
}

constexpr std::string_view kAccepted = "accepted";
constexpr std::string_view kMalformed = "SUBJECT_MALFORMED";
constexpr std::string_view kAlgorithm = "SUBJECT_ALGORITHM";
constexpr std::string_view kKeyUnknown = "SUBJECT_KEY_UNKNOWN";
constexpr std::string_view kSignature = "SUBJECT_SIGNATURE";

std::string_view ReasonName(const absl::Status& status) {
  return RowOf(DetailOf(status).reason).name;
}

std::string_view Verdict(const std::string& token) {
  auto jwt = UnverifiedJwt::Parse(token);
  if (!jwt.ok()) return ReasonName(jwt.status());
  const auto verified = VerifyJwt(*std::move(jwt), Keys());
  return verified.ok() ? kAccepted : ReasonName(verified.status());
}

struct Attack {
  std::string name;
  std::string token;
  std::string_view expected;
};

void ExpectRefused(const std::vector<Attack>& attacks) {
  for (const Attack& attack : attacks) {
    SCOPED_TRACE(attack.name);
    EXPECT_EQ(Verdict(attack.token), attack.expected);
  }
}

TEST(JwsAttacksTest, TheHonestTokensAreAccepted) {
  for (const std::string& token :
       {Signed(kHeader), TestKey::Rsa2048().Token("PS256", "rsa", kClaims),
        TestKey::P256().Token("ES256", "ec", kClaims)}) {
    auto jwt = UnverifiedJwt::Parse(token);
    ASSERT_TRUE(jwt.ok()) << jwt.status();
    const auto verified = VerifyJwt(*std::move(jwt), Keys());
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->claims().String("sub"), "alice");
    EXPECT_EQ(verified->key_thumbprint(), Keys().Find(verified->key_id())->thumbprint());
  }
}

TEST(JwsAttacksTest, TheAlgorithmIsNotTheTokensChoice) {
  std::vector<Attack> attacks;
  for (const char* none : {"none", "None", "NONE", "nOnE"}) {
    const std::string header = absl::StrCat(R"({"alg":")", none, R"(","kid":"rsa"})");
    attacks.push_back({none, TestKey::Rsa2048().Sign("none", header, kClaims), kMalformed});
    attacks.push_back({absl::StrCat(none, ", signed"), Signed(header), kAlgorithm});
  }
  for (const char* name : {"HS256", "RS384", "RS512", "PS384", "PS512", "ES384", "ES256K", "EdDSA",
                           "rs256", "RS256 ", "", "RSA-OAEP", "dir"}) {
    const std::string header = absl::StrCat(R"({"alg":")", name, R"(","kid":"rsa"})");
    attacks.push_back({absl::StrCat("alg ", name), Signed(header), kAlgorithm});
  }
  for (const char* value : {"null", "[\"RS256\"]", "256", "true", "{}"}) {
    const std::string header = absl::StrCat(R"({"alg":)", value, R"(,"kid":"rsa"})");
    attacks.push_back({absl::StrCat("alg is ", value), Signed(header), kMalformed});
  }
  attacks.push_back({"alg missing", Signed(R"({"kid":"rsa"})"), kMalformed});
  attacks.push_back(
      {"PS256 over an RS256 signature", Signed(R"({"alg":"PS256","kid":"rsa"})"), kSignature});
  attacks.push_back(
      {"ES256 with an RSA key", Signed(R"({"alg":"ES256","kid":"rsa"})"), kSignature});
  attacks.push_back({"RS256 with an EC key", Signed(R"({"alg":"RS256","kid":"ec"})"), kSignature});
  ExpectRefused(attacks);
}

TEST(JwsAttacksTest, APublicKeyIsNoSecret) {
  const TestKey& key = TestKey::Rsa2048();
  ExpectRefused({{"HS256 with the PEM", Hmac(key.PublicPem()), kAlgorithm},
                 {"HS256 with the DER", Hmac(key.PublicDer()), kAlgorithm},
                 {"HS256 with the JWK", Hmac(key.PublicJwk("rsa")), kAlgorithm},
                 {"HS256 with an empty secret", Hmac(""), kAlgorithm},
                 {"HS256 with a common secret", Hmac("secret"), kAlgorithm}});
}

TEST(JwsAttacksTest, AKeyThatTheTokenBringsOrNamesIsNotLookedAt) {
  const std::string jwk = TestKey::OtherRsa2048().PublicJwk("own");
  const std::string x5c = R"("x5c":["MIIB"],"x5t":"AAAA","x5t#S256":"AAAA")";
  ExpectRefused({
      {"embedded jwk under a known kid", Forged(WithMember("\"jwk\":" + jwk)), kSignature},
      {"embedded jwk under its own kid", Forged(R"({"alg":"RS256","kid":"own","jwk":)" + jwk + "}"),
       kKeyUnknown},
      {"embedded jwk without kid", Forged(R"({"alg":"RS256","jwk":)" + jwk + "}"), kKeyUnknown},
      {"jku", Forged(WithMember(R"("jku":"https://evil.example/keys")")), kSignature},
      {"x5u", Forged(WithMember(R"("x5u":"https://evil.example/cert")")), kSignature},
      {"x5c", Forged(WithMember(x5c)), kSignature},
  });
  EXPECT_EQ(Verdict(Signed(WithMember(R"("jku":7,"x5c":"ignored")"))), kAccepted)
      << "what is ignored does no harm";
}

TEST(JwsAttacksTest, AKeyIdIsOnlyEverComparedForEquality) {
  std::vector<Attack> attacks = {
      {"no kid", Signed(R"({"alg":"RS256"})"), kKeyUnknown},
      {"empty", Signed(WithKid("\"\"")), kMalformed},
      {"a number", Signed(WithKid("7")), kMalformed},
      {"null", Signed(WithKid("null")), kMalformed},
      {"an array", Signed(WithKid(R"(["rsa"])")), kMalformed},
      {"256 bytes", Signed(WithKid("\"" + std::string(256, 'k') + "\"")), kKeyUnknown},
      {"257 bytes", Signed(WithKid("\"" + std::string(257, 'k') + "\"")), kMalformed},
      {"1 MB", Signed(WithKid("\"" + std::string(1 << 20, 'k') + "\"")), kMalformed},
  };
  for (const char* kid : {"../../dev/null", "/dev/null", "/etc/passwd", "' OR '1'='1", "rsa'; --",
                          "$(sleep 5)", "; sleep 5", "rsa\\u0000", "\\u0000", "RSA", "rsa ", " rsa",
                          "rs", "rsaa", "*", "%", "https://evil.example/key"}) {
    attacks.push_back({kid, Signed(WithKid(absl::StrCat("\"", kid, "\""))), kKeyUnknown});
  }
  ExpectRefused(attacks);
}

TEST(JwsAttacksTest, ExtensionsAreRefusedAndNotIgnored) {
  std::vector<Attack> attacks;
  for (const char* member :
       {R"("crit":["exp"],"exp":1)", R"("crit":[])", R"("crit":"b64")", R"("crit":null)",
        R"("crit":[7])", R"("crit":["b64","b64"],"b64":true)", R"("crit":["alg"])",
        R"("b64":false,"crit":["b64"])", R"("b64":false)", R"("b64":true)", R"("b64":"false")",
        R"("zip":"DEF")", R"("zip":null)"}) {
    attacks.push_back({member, Signed(WithMember(member)), kMalformed});
  }
  ExpectRefused(attacks);
}

TEST(JwsAttacksTest, OneTextHasOneMeaning) {
  ExpectRefused({
      {"alg twice", Signed(R"({"alg":"none","alg":"RS256","kid":"rsa"})"), kMalformed},
      {"alg twice, once escaped", Signed(R"({"\u0061lg":"none","alg":"RS256","kid":"rsa"})"),
       kMalformed},
      {"kid twice", Signed(WithMember(R"("kid":"ec")")), kMalformed},
      {"a claim twice", Signed(kHeader, R"({"sub":"alice","sub":"bob"})"), kMalformed},
      {"a claim twice, once escaped", Signed(kHeader, R"({"sub":"alice","s\u0075b":"bob"})"),
       kMalformed},
      {"a claim twice, deep", Signed(kHeader, R"({"act":{"sub":"a","sub":"b"}})"), kMalformed},
  });
}

TEST(JwsAttacksTest, OtherSerialisationsAreRefused) {
  const std::string inner = Signed(kHeader);
  const auto first = inner.find('.'), second = inner.rfind('.');
  const std::string parts = absl::StrCat(R"("protected":")", inner.substr(0, first),
                                         R"(","signature":")", inner.substr(second + 1), "\"");
  const std::string payload =
      absl::StrCat(R"("payload":")", inner.substr(first + 1, second - first - 1), "\"");
  ExpectRefused({
      {"flattened JSON", absl::StrCat("{", payload, ",", parts, "}"), kMalformed},
      {"general JSON", absl::StrCat("{", payload, R"(,"signatures":[{)", parts, "}]}"), kMalformed},
      {"JWE, five parts", "eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA", kMalformed},
      {"nested: the payload is a token", Signed(kHeader, inner), kMalformed},
      {"nested: cty JWT", Signed(WithMember(R"("cty":"JWT")")), kMalformed},
      {"nested: cty jwt", Signed(WithMember(R"("cty":"jwt")")), kMalformed},
      {"nested: cty application/jwt", Signed(WithMember(R"("cty":"application/JWT")")), kMalformed},
      {"cty is not a string", Signed(WithMember(R"("cty":["JWT"])")), kMalformed},
      {"typ is not a string", Signed(WithMember(R"("typ":7)")), kMalformed},
      {"the payload is an array", Signed(kHeader, "[]"), kMalformed},
      {"the payload is a string", Signed(kHeader, "\"alice\""), kMalformed},
      {"the payload is empty (detached)", Signed(kHeader, ""), kMalformed},
  });
}

// The last letter of a part of 3n+1 or 3n+2 bytes, with an unused bit set.
std::string WithTrailingBit(std::string part) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  part.back() = alphabet[alphabet.find(part.back()) + 1];
  return part;
}

TEST(JwsAttacksTest, ATokenHasOneSpellingOnly) {
  // Lengths that leave unused bits in the last letter of every part.
  const std::string token = Signed(R"({"alg":"RS256","kid":"rsa" })", R"({"sub":"alice" })");
  const std::string header = token.substr(0, token.find('.'));
  const std::string payload = token.substr(header.size() + 1, token.rfind('.') - header.size() - 1);
  const std::string signature = token.substr(token.rfind('.') + 1);
  ASSERT_EQ(Verdict(token), kAccepted);
  ASSERT_TRUE(header.size() % 4 != 0 && payload.size() % 4 != 0 && signature.size() % 4 != 0);

  const auto joined = [](const std::string& a, const std::string& b, const std::string& c) {
    return a + "." + b + "." + c;
  };
  ExpectRefused({
      {"nothing", "", kMalformed},
      {"a word", "token", kMalformed},
      {"one dot", header + "." + payload, kMalformed},
      {"two dots", "..", kMalformed},
      {"four dots", "....", kMalformed},
      {"a dot behind", token + ".", kMalformed},
      {"a dot in front", "." + token, kMalformed},
      {"empty header", joined("", payload, signature), kMalformed},
      {"empty payload", joined(header, "", signature), kMalformed},
      {"empty signature", joined(header, payload, ""), kMalformed},
      {"padded header", joined(header + "=", payload, signature), kMalformed},
      {"padded payload", joined(header, payload + "==", signature), kMalformed},
      {"padded signature", joined(header, payload, signature + "=="), kMalformed},
      {"space in front", " " + token, kMalformed},
      {"space behind", token + " ", kMalformed},
      {"newline behind", token + "\n", kMalformed},
      {"CRLF inside", joined(header, payload, "\r\n" + signature), kMalformed},
      {"NUL behind", token + "\0"s, kMalformed},
      {"NUL inside", joined(header, payload, signature + "\0AA"s), kMalformed},
      {"plus", joined(header, payload, "++++" + signature), kMalformed},
      {"slash", joined(header, payload, "////" + signature), kMalformed},
      {"trailing bit in the header", joined(WithTrailingBit(header), payload, signature),
       kMalformed},
      {"trailing bit in the payload", joined(header, WithTrailingBit(payload), signature),
       kMalformed},
      {"trailing bit in the signature", joined(header, payload, WithTrailingBit(signature)),
       kMalformed},
      {"Bearer in front", "Bearer " + token, kMalformed},
      {"a letter more", token + "A", kSignature},
      {"a letter less", token.substr(0, token.size() - 1), kMalformed},
  });
}

TEST(JwsAttacksTest, SizesAndDepthsAreBounded) {
  const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
  const std::string header_padding(4 * 1024, ' ');
  ExpectRefused({
      {"header over 4 KB", Signed(kHeader + header_padding), kMalformed},
      {"token over 16 KB", Signed(kHeader, kClaims + std::string(16 * 1024, ' ')), kMalformed},
      {"deep header", Signed(WithMember("\"x\":" + std::string(50, '[') + std::string(50, ']'))),
       kMalformed},
      {"depth 10,000 in the claims", Signed(kHeader, "{\"x\":" + deep + "}"), kMalformed},
      {"depth 50 in the claims",
       Signed(kHeader, "{\"x\":" + std::string(50, '[') + std::string(50, ']') + "}"), kMalformed},
      {"1e400", Signed(kHeader, R"({"exp":1e400})"), kMalformed},
      {"lone surrogate", Signed(kHeader, R"({"sub":"\ud800"})"), kMalformed},
      {"byte order mark", Signed(kHeader, "\xEF\xBB\xBF{\"sub\":\"alice\"}"), kMalformed},
      {"UTF-16 claims", Signed(kHeader, "{\0\"\0a\0\"\0:\0001\0}\0"s), kMalformed},
      {"UTF-16 header", Signed("{\0\"\0a\0\"\0:\0001\0}\0"s), kMalformed},
      {"invalid UTF-8", Signed(kHeader, "{\"sub\":\"\xff\"}"), kMalformed},
  });
}

TEST(JwsAttacksTest, TheLargestTokenIsAcceptedAndNoLargerOne) {
  std::string claims = kClaims;
  const std::size_t room = CompactJws::kMaxBytes - Signed(kHeader, claims).size();
  claims.append(room / 4 * 3, ' ');  // three bytes are four letters
  EXPECT_EQ(Verdict(Signed(kHeader, claims)), kAccepted);
  EXPECT_EQ(Verdict(Signed(kHeader, claims + "   ")), kMalformed);
}

// Which types are wanted is the caller's affair: it must be able to tell.
TEST(JwsAttacksTest, TheTypeIsReportedAsItStands) {
  for (const char* type : {"JWT", "at+jwt", "logout+jwt"}) {
    const auto jwt =
        UnverifiedJwt::Parse(Signed(WithMember(absl::StrCat(R"("typ":")", type, "\""))));
    ASSERT_TRUE(jwt.ok());
    EXPECT_EQ(jwt->type(), type);
  }
  EXPECT_EQ(UnverifiedJwt::Parse(Signed(kHeader))->type(), std::nullopt);
}

TEST(JwsAttacksTest, OtherHeadersAreReported) {
  const auto jwt = UnverifiedJwt::Parse(Signed(WithMember(R"("nonce":"n")")));
  ASSERT_TRUE(jwt.ok());
  EXPECT_TRUE(jwt->HasHeader("nonce"));
  EXPECT_FALSE(jwt->HasHeader("nonces"));
}

TEST(JwsAttacksTest, NoRefusalQuotesTheToken) {
  const std::string token = Signed(kHeader, R"({"canary":"c4n4ry","canary":1})");
  const auto status = UnverifiedJwt::Parse(token).status();
  EXPECT_EQ(status.ToString().find("c4n4ry"), std::string::npos);
  EXPECT_EQ(status.ToString().find(token.substr(0, 10)), std::string::npos);
}

TEST(JwsAttacksTest, ViewsStayValidWhenATokenMoves) {
  UnverifiedJwt first = *UnverifiedJwt::Parse(Signed(kHeader));
  const std::string_view input = first.signing_input(), algorithm = first.algorithm();
  const UnverifiedJwt second = std::move(first);
  EXPECT_EQ(second.signing_input().data(), input.data());
  EXPECT_EQ(second.algorithm().data(), algorithm.data());
  EXPECT_EQ(second.key_id(), "rsa");
  EXPECT_EQ(second.claims().String("sub"), "alice");
}

}  // namespace
}  // namespace behalf
