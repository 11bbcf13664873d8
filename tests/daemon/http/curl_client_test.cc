#include "daemon/http/curl_client.h"

#include <stdlib.h>

#include <deque>
#include <string>

#include "daemon/jose/json.h"
#include "tests/daemon/base/coroutines.h"
#include "tests/daemon/http/tls_server.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

using Response = absl::StatusOr<HttpResponse>;

class CurlClientTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new TlsServer; }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }
  ~CurlClientTest() override {
    client_.Stop();
    executor_.Stop();
  }

  static HttpRequest To(const std::string& url) {
    HttpRequest request(url);
    request.ca_file = server_->ca_file();
    request.timeout = absl::Seconds(30);
    return request;
  }
  static HttpRequest Get(const std::string& path) { return To(server_->Url(path)); }

  Response Send(HttpRequest request) { return RunToEnd(client_.Send(std::move(request))); }

  // What the server saw of a request that it echoed.
  static JsonObject Seen(const Response& response) {
    return *JsonObject::Parse(response->body.Reveal());
  }

  static TlsServer* server_;
  Executor executor_{2};
  CurlClient client_{executor_};
};

TlsServer* CurlClientTest::server_ = nullptr;

// For one test; restored afterwards.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Environment() { unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
};

TEST_F(CurlClientTest, ARequestWithoutAFormIsAGet) {
  const Response response = Send(Get("/hello?a=b"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(Seen(response).String("method"), "GET");
  EXPECT_EQ(Seen(response).String("path"), "/hello?a=b");
  EXPECT_EQ(Seen(response).Object("headers")->String("accept"), "application/json");
  EXPECT_EQ(response->retry_after, "");
  EXPECT_THAT(response->date, testing::EndsWith(" GMT"));
}

TEST_F(CurlClientTest, AFormArrivesAsItWasSent) {
  HttpRequest request = Get("/token");
  std::string form;
  AppendFormField(form, "scope", "a b");
  AppendFormField(form, "secret", std::string("\0&=\xff", 4));
  request.form = SecretString(std::string_view(form));
  request.correlation_id = "11111111-2222-4333-8444-555555555555";
  const Response response = Send(std::move(request));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(Seen(response).String("method"), "POST");
  EXPECT_EQ(Seen(response).String("body"), form);
  const auto headers = Seen(response).Object("headers");
  EXPECT_EQ(headers->String("content-type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(headers->String("client-request-id"), "11111111-2222-4333-8444-555555555555");
  EXPECT_EQ(headers->String("return-client-request-id"), "true");
  EXPECT_FALSE(headers->Has("expect"));
}

TEST_F(CurlClientTest, AnotherContentArrivesAsItWasSent) {
  HttpRequest request = Get("/heads");
  request.content = "{\"a\":1}\n";
  request.content_type = "application/json";
  request.bearer = SecretString(std::string_view("abc.def"));
  const Response response = Send(std::move(request));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(Seen(response).String("method"), "POST");
  EXPECT_EQ(Seen(response).String("body"), "{\"a\":1}\n");
  const auto headers = Seen(response).Object("headers");
  EXPECT_EQ(headers->String("content-type"), "application/json");
  EXPECT_EQ(headers->String("authorization"), "Bearer abc.def");
  EXPECT_FALSE(Seen(Send(Get("/after"))).Object("headers")->Has("authorization"));
}

TEST_F(CurlClientTest, AGetAfterAPostIsAGetAgain) {
  HttpRequest post = Get("/token");
  post.form = SecretString(std::string_view("secret=1"));
  post.correlation_id = "c";
  ASSERT_THAT(Send(std::move(post)), IsOk());
  const Response response = Send(Get("/after"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(Seen(response).String("method"), "GET");
  EXPECT_EQ(Seen(response).String("body"), "");
  EXPECT_FALSE(Seen(response).Object("headers")->Has("client-request-id"));
}

TEST_F(CurlClientTest, AnyStatusIsAResponseWithItsHeaders) {
  for (const int status : {400, 401, 404, 429, 500, 503}) {
    const Response response = Send(Get("/status?" + std::to_string(status)));
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->status, status);
    EXPECT_EQ(response->retry_after, "7");
    EXPECT_EQ(response->body.Reveal(), "{}");
  }
}

TEST_F(CurlClientTest, ARedirectIsNotFollowed) {
  const Response response = Send(Get("/redirect"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 302);
  EXPECT_TRUE(response->body.empty());
}

TEST_F(CurlClientTest, ACertificateThatIsNotTrustedIsRefused) {
  HttpRequest request = Get("/hello");
  request.ca_file.clear();
  const Response response = Send(std::move(request));
  EXPECT_THAT(response, HasReason(Reason::kProviderUnavailable));
}

TEST_F(CurlClientTest, TrustIsThatOfEachRequest) {
  ASSERT_THAT(Send(Get("/hello")), IsOk());
  HttpRequest untrusting = Get("/hello");
  untrusting.ca_file.clear();
  EXPECT_THAT(Send(std::move(untrusting)), HasReason(Reason::kProviderUnavailable))
      << "an open connection of another trust is not shared";
  EXPECT_THAT(Send(Get("/hello")), IsOk());
}

TEST_F(CurlClientTest, ATrustFileThatIsNotThereTrustsNobody) {
  HttpRequest request = Get("/hello");
  request.ca_file = "/nonexistent/ca.pem";
  EXPECT_THAT(Send(std::move(request)), HasReason(Reason::kProviderUnavailable));
}

TEST_F(CurlClientTest, ACertificateOfAnotherNameIsRefused) {
  EXPECT_THAT(Send(To(server_->UrlAt("127.0.0.1", "/hello"))),
              HasReason(Reason::kProviderUnavailable));
}

TEST_F(CurlClientTest, OnlyHttpsIsSpoken) {
  std::string plain = server_->Url("/hello");
  plain.erase(4, 1);
  for (const std::string& url : {plain, std::string("file:///etc/hostname"),
                                 std::string("ftp://localhost/x"), std::string("")}) {
    SCOPED_TRACE(url);
    EXPECT_THAT(Send(To(url)), HasReason(Reason::kProviderUnavailable));
  }
}

TEST_F(CurlClientTest, WhoMayBeSpokenToPlainlyIsSpokenToInTlsAllTheSame) {
  HttpRequest request = Get("/hello");
  request.plain = true;
  EXPECT_THAT(Send(std::move(request)), IsOk());
  HttpRequest untrusting = Get("/hello");
  untrusting.plain = true;
  untrusting.ca_file.clear();
  EXPECT_THAT(Send(std::move(untrusting)), HasReason(Reason::kProviderUnavailable));
  HttpRequest file("file:///etc/hostname");
  file.plain = true;
  EXPECT_THAT(Send(std::move(file)), HasReason(Reason::kProviderUnavailable));
}

TEST_F(CurlClientTest, ABodyMayBeAsLargeAsTheBoundAndNoLarger) {
  HttpRequest fits = Get("/bytes?100000");
  fits.max_body = 100000;
  const Response response = Send(std::move(fits));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->body.size(), 100000);
  HttpRequest too_large = Get("/bytes?100001");
  too_large.max_body = 100000;
  EXPECT_THAT(Send(std::move(too_large)), HasReason(Reason::kProviderUnavailable));
}

TEST_F(CurlClientTest, ABodyWithoutAnEndIsRefused) {
  EXPECT_THAT(Send(Get("/endless")), HasReason(Reason::kProviderUnavailable));
}

TEST_F(CurlClientTest, AServerThatDoesNotAnswerIsGivenUp) {
  HttpRequest request = Get("/slow");
  request.timeout = absl::Milliseconds(300);
  const Response response = Send(std::move(request));
  EXPECT_THAT(response, HasReason(Reason::kProviderUnavailable));
  EXPECT_TRUE(DetailOf(response.status()).retry_after.has_value());
}

TEST_F(CurlClientTest, NobodyListeningIsAnUnavailableProvider) {
  EXPECT_THAT(Send(To("https://localhost:1/")), HasReason(Reason::kProviderUnavailable));
  HttpRequest request = To("https://localhost:1/");
  request.called = "the collector";
  const Response response = Send(std::move(request));
  EXPECT_THAT(std::string(response.status().message()), testing::StartsWith("the collector "));
}

TEST_F(CurlClientTest, ProxiesOfTheEnvironmentAreIgnored) {
  const Environment https("https_proxy", "http://127.0.0.1:1");
  const Environment upper("HTTPS_PROXY", "http://127.0.0.1:1");
  const Environment all("all_proxy", "http://127.0.0.1:1");
  EXPECT_THAT(Send(Get("/hello")), IsOk());
}

TEST_F(CurlClientTest, TheProxyOfTheRequestIsUsedWhateverTheEnvironmentExcepts) {
  const Environment lower("no_proxy", "*");
  const Environment upper("NO_PROXY", "*");
  HttpRequest request = Get("/hello");
  request.proxy = "http://127.0.0.1:1";
  EXPECT_THAT(Send(std::move(request)), HasReason(Reason::kProviderUnavailable));
}

TEST_F(CurlClientTest, ManyRequestsRunAtTheSameTime) {
  std::deque<Running<Response>> running;
  for (int i = 0; i < 64; ++i) {
    running.emplace_back(client_.Send(Get("/number?" + std::to_string(i))));
  }
  for (int i = 0; i < 64; ++i) {
    const Response response = running[static_cast<std::size_t>(i)].Result();
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(Seen(response).String("path"), "/number?" + std::to_string(i));
  }
}

TEST_F(CurlClientTest, StoppingEndsWhatIsUnderWayAndWhatComesLater) {
  Running<Response> under_way(client_.Send(Get("/slow?until-stopped")));
  while (server_->NextLine() != "slow until-stopped") {
  }
  client_.Stop();
  EXPECT_THAT(under_way.Result(), HasReason(Reason::kProviderUnavailable));
  EXPECT_THAT(Send(Get("/hello")), HasReason(Reason::kProviderUnavailable));
  client_.Stop();
}

}  // namespace
}  // namespace behalf
