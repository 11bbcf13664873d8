#include "daemon/http/edge.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

constexpr std::chrono::milliseconds kPause{50};  // where accepting failed
constexpr std::size_t kDrainedBytes = 64 << 10;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

absl::Status CannotListen(const std::string& listen, std::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat(
      "metrics.listen: ", listen,
      " cannot be listened on: ", absl::string_view(why.data(), why.size()),
      "; choose another address or port, or leave `metrics` out of the Daemon document"));
}

absl::StatusOr<tcp::endpoint> Parse(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::uint32_t port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(listen.substr(colon + 1), &port) ||
      port > 65535) {
    return CannotListen(listen, "it has no port");
  }
  std::string host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) return CannotListen(listen, "it is no IP address");
  return tcp::endpoint(address, static_cast<std::uint16_t>(port));
}

Response Answer(http::status status, std::string_view text) {
  Response response(status, 11);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.body() = text;
  return response;
}

std::string_view PathOf(const Request& request) {
  const std::string_view target(request.target().data(), request.target().size());
  return target.substr(0, target.find('?'));
}

}  // namespace

class Edge::Core {
 public:
  explicit Core(Bounds bounds) : bounds_(bounds) {}
  ~Core() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  absl::Status Open(const std::string& listen) {
    const auto endpoint = Parse(listen);
    if (!endpoint.ok()) return endpoint.status();
    error_code error;
    acceptor_.open(endpoint->protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(*endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    return error ? CannotListen(listen, error.message()) : absl::OkStatus();
  }

  void Serve(Page page) {
    page_ = std::move(page);
    asio::co_spawn(io_, Accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }

  int port() const { return acceptor_.local_endpoint().port(); }

 private:
  asio::awaitable<void> Accept() {
    asio::steady_timer pause(io_);
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(kAwait);
      if (!error && open_ < bounds_.connections) {
        ++open_;
        asio::co_spawn(io_, Converse(std::move(socket)), [this](auto) { --open_; });
      }
      if (!error) continue;
      pause.expires_after(kPause);
      co_await pause.async_wait(kAwait);
    }
  }

  // The time is set once: it bounds the conversation, not its steps.
  asio::awaitable<void> Converse(tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    stream.expires_after(bounds_.time);
    beast::flat_buffer buffer(bounds_.header_bytes + 1024);
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(bounds_.header_bytes));
    parser.body_limit(0);
    const auto [unread, read] = co_await http::async_read(stream, buffer, parser, kAwait);
    if (unread == http::error::end_of_stream || unread == beast::error::timeout) co_return;
    Response response =
        unread ? Answer(http::status::bad_request, "this is no request\n") : Say(parser.get());
    response.keep_alive(false);
    const bool head = !unread && parser.get().method() == http::verb::head;
    response.prepare_payload();
    http::response_serializer<http::string_body> serializer(response);
    serializer.split(head);
    const auto [unsent, sent] = head ? co_await http::async_write_header(stream, serializer, kAwait)
                                     : co_await http::async_write(stream, serializer, kAwait);
    if (!unsent) co_await Drain(stream);
  }

  Response Say(const Request& request) const {
    if (PathOf(request) != page_.path) {
      return Answer(http::status::not_found, absl::StrCat("there is only ", page_.path, "\n"));
    }
    if (request.method() != http::verb::get && request.method() != http::verb::head) {
      Response response = Answer(http::status::method_not_allowed, "it can only be read\n");
      response.set(http::field::allow, "GET, HEAD");
      return response;
    }
    Response response = Answer(http::status::ok, page_.body());
    response.set(http::field::content_type, page_.content_type);
    return response;
  }

  // A socket that is closed with bytes unread takes the answer back.
  static asio::awaitable<void> Drain(beast::tcp_stream& stream) {
    error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    std::array<char, 4096> rest;
    for (std::size_t drained = 0; drained < kDrainedBytes;) {
      const auto [error, bytes] = co_await stream.async_read_some(asio::buffer(rest), kAwait);
      if (error) co_return;
      drained += bytes;
    }
  }

  const Bounds bounds_;
  Page page_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  int open_ = 0;  // of the thread alone
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<Edge>> Edge::Open(const std::string& listen, Bounds bounds) {
  auto core = std::make_unique<Core>(bounds);
  const absl::Status opened = core->Open(listen);
  if (!opened.ok()) return opened;
  return std::unique_ptr<Edge>(new Edge(std::move(core)));
}

Edge::Edge(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Edge::~Edge() = default;

void Edge::Serve(Page page) { core_->Serve(std::move(page)); }
int Edge::port() const { return core_->port(); }

}  // namespace behalf
