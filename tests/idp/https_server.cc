#include "tests/idp/https_server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace behalf::idp {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Stream = beast::ssl_stream<beast::tcp_stream>;
using boost::system::error_code;

constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::milliseconds kAcceptPause{50};
constexpr std::size_t kMostBodyBytes = 64 << 10;
constexpr std::size_t kMostHeaderBytes = 32 << 10;
constexpr int kThreads = 2;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

bool IsAuthority(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](unsigned char symbol) {
    return absl::ascii_isalnum(symbol) ||
           std::string_view(".-:[]").find(static_cast<char>(symbol)) != std::string_view::npos;
  });
}

Request Understand(const http::request<http::string_body>& message, const std::string& base_url) {
  const std::string_view target(message.target().data(), message.target().size());
  const std::size_t mark = target.find('?');
  Request request{.method = std::string(message.method_string()),
                  .path = std::string(target.substr(0, mark)),
                  .query = std::string(mark == target.npos ? "" : target.substr(mark + 1)),
                  .headers = {},
                  .body = message.body(),
                  .base_url = base_url};
  for (const auto& field : message) {
    request.headers[absl::AsciiStrToLower(std::string(field.name_string()))] =
        std::string(field.value());
  }
  const std::string host(message[http::field::host]);
  if (IsAuthority(host)) request.base_url = absl::StrCat("https://", host);
  return request;
}

http::response<http::string_body> Render(const Response& response, bool keep_alive) {
  http::response<http::string_body> message;
  message.version(11);
  message.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep_alive);
  message.body() = response.body;
  message.prepare_payload();
  return message;
}

absl::StatusOr<tcp::endpoint> ParseEndpoint(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  std::uint32_t port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
      port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat("not an address and port: ", address));
  }
  std::string host = address.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  error_code error;
  const auto ip = asio::ip::make_address(host, error);
  if (error) return absl::InvalidArgumentError(absl::StrCat("not an IP address: ", host));
  return tcp::endpoint(ip, static_cast<std::uint16_t>(port));
}

}  // namespace

class HttpsServer::Core {
 public:
  explicit Core(Handler handler)
      : handler_(std::move(handler)), tls_(asio::ssl::context::tls_server), acceptor_(io_) {}

  absl::Status Open(const std::string& address, const TlsIdentity& identity) {
    const auto endpoint = ParseEndpoint(address);
    if (!endpoint.ok()) return endpoint.status();
    error_code error;
    tls_.use_certificate_chain_file(identity.certificate_file, error);
    if (!error) tls_.use_private_key_file(identity.key_file, asio::ssl::context::pem, error);
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
    if (!error) acceptor_.open(endpoint->protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(*endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return absl::UnavailableError(absl::StrCat(address, ": ", error.message()));
    base_url_ = absl::StrCat("https://localhost:", acceptor_.local_endpoint().port());
    return absl::OkStatus();
  }

  void Run() {
    signals_.async_wait([this](error_code error, int) {
      if (!error) io_.stop();
    });
    asio::co_spawn(io_, Accept(), asio::detached);
    std::vector<std::jthread> threads;
    for (int i = 1; i < kThreads; ++i) threads.emplace_back([this] { io_.run(); });
    io_.run();
  }

  void Stop() { io_.stop(); }
  const std::string& base_url() const { return base_url_; }

 private:
  asio::awaitable<void> Accept() {
    asio::steady_timer pause(io_);
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(asio::make_strand(io_), kAwait);
      if (!error) {
        const auto strand = socket.get_executor();
        asio::co_spawn(strand, Converse(std::move(socket)), asio::detached);
        continue;
      }
      if (error == asio::error::operation_aborted) co_return;
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kAwait);
    }
  }

  asio::awaitable<void> Converse(tcp::socket socket) {
    Stream stream(beast::tcp_stream(std::move(socket)), tls_);
    beast::get_lowest_layer(stream).expires_after(kPatience);
    auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, kAwait);
    if (failed) co_return;
    beast::flat_buffer buffer;
    bool open = true;
    while (open) open = co_await AnswerOne(stream, buffer);
    beast::get_lowest_layer(stream).expires_after(kPatience);
    co_await stream.async_shutdown(kAwait);
  }

  // Whether the connection stays open.
  asio::awaitable<bool> AnswerOne(Stream& stream, beast::flat_buffer& buffer) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(kMostBodyBytes);
    parser.header_limit(kMostHeaderBytes);
    beast::get_lowest_layer(stream).expires_after(kPatience);
    const auto [unread, read] = co_await http::async_read(stream, buffer, parser, kAwait);
    if (unread) co_return false;
    const Response response = handler_(Understand(parser.get(), base_url_));
    auto message = Render(response, parser.keep_alive());
    const auto [unwritten, written] = co_await http::async_write(stream, message, kAwait);
    co_return !unwritten && parser.keep_alive();
  }

  const Handler handler_;
  asio::io_context io_;
  // From the beginning, so that a signal before Run ends it too.
  asio::signal_set signals_{io_, SIGTERM, SIGINT};
  asio::ssl::context tls_;
  tcp::acceptor acceptor_;
  std::string base_url_;
};

absl::StatusOr<std::unique_ptr<HttpsServer>> HttpsServer::Listen(const std::string& address,
                                                                 const TlsIdentity& identity,
                                                                 Handler handler) {
  auto core = std::make_unique<Core>(std::move(handler));
  if (auto opened = core->Open(address, identity); !opened.ok()) return opened;
  return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(core)));
}

HttpsServer::HttpsServer(std::unique_ptr<Core> core) : core_(std::move(core)) {}
HttpsServer::~HttpsServer() = default;

const std::string& HttpsServer::base_url() const { return core_->base_url(); }
void HttpsServer::Run() { core_->Run(); }
void HttpsServer::Stop() { core_->Stop(); }

}  // namespace behalf::idp
