// The small HTTP edge: one page, for machines that watch.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace behalf {

// Answers `GET` and `HEAD` of one path over plain HTTP/1.1, in a thread of its
// own, one request a connection. What is no HTTP gets 400, another path 404,
// another method 405; then the connection ends. Bounded in connections, in the
// size of a request, and in the time from the first byte that could have come
// to the last that was sent; what is beyond is closed. Nobody is authenticated.
class Edge {
 public:
  struct Bounds {
    int connections = 16;
    std::size_t header_bytes = 8 << 10;
    std::chrono::milliseconds time{10'000};
  };
  struct Page {
    std::string path;
    std::string content_type;
    std::function<std::string()> body;  // called on the edge's thread
  };

  // Binds `listen`, as documents have it: an IP address and a port. Whoever
  // connects waits until Serve. Fails with a sentence for the operator.
  static absl::StatusOr<std::unique_ptr<Edge>> Open(const std::string& listen, Bounds bounds);
  static absl::StatusOr<std::unique_ptr<Edge>> Open(const std::string& listen) {
    return Open(listen, Bounds());
  }

  // Begins to answer; once.
  void Serve(Page page);

  // Ends all connections and joins the thread.
  ~Edge();
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;

  // Where it listens.
  int port() const;

 private:
  class Core;
  explicit Edge(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace behalf
