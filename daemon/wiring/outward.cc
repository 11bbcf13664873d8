#include "daemon/wiring/outward.h"

#include <utility>

namespace behalf {

ReceiverClient Outward::To(const Receiver& receiver, const std::string& called) {
  return ReceiverClient(network_, {.url = receiver.url,
                                   .ca_file = receiver.ca_file,
                                   .proxy = receiver.proxy,
                                   .token_file = receiver.token_file,
                                   .called = called});
}

Anchor HttpAnchor(std::shared_ptr<Outward> outward, const Receiver& receiver) {
  auto client = outward->To(receiver, "the server");
  return {"http", receiver.url, [outward = std::move(outward), client](const std::string& head) {
            return client.Post(head + "\n", "application/json");
          }};
}

}  // namespace behalf
