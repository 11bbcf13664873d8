// The network to those who are told something: anchors of the record, and
// collectors of traces.
#pragma once

#include <memory>
#include <string>

#include "blueprint/documents.h"
#include "daemon/audit/anchors.h"
#include "daemon/base/executor.h"
#include "daemon/http/curl_client.h"
#include "daemon/http/receiver.h"

namespace behalf {

// Apart from the network to providers, which it neither waits for nor holds up,
// and there until the last head was given away.
class Outward {
 public:
  // This outlives what it returns.
  ReceiverClient To(const Receiver& receiver, const std::string& called);

 private:
  Executor executor_{1};
  CurlClient network_{executor_};
};

// Posts each head to the server, as a line of JSON.
Anchor HttpAnchor(std::shared_ptr<Outward> outward, const Receiver& receiver);

}  // namespace behalf
