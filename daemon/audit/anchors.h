// Heads of the record to where who writes the record cannot take them back.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "daemon/audit/anchor_line.h"
#include "daemon/base/clock.h"

namespace behalf {

// Appends to a file (0600, made where there is none), and syncs it.
Anchor FileAnchor(const std::string& path);

// Sends to the socket of the local syslog, as authpriv.notice from behalfd.
Anchor SyslogAnchor(const std::string& socket);

// Gives each head to each anchor. Nobody waits for it, and no anchor for
// another. Thread-safe.
class Anchors {
 public:
  // `report` is called on the anchors' threads. All outlive this.
  Anchors(std::vector<Anchor> anchors, AnchorLine::Report report, const Clock& clock,
          AnchorLine::Patience patience = {});
  // Gives away what can be given away in seconds: the newest heads that wait.
  ~Anchors();
  Anchors(const Anchors&) = delete;
  Anchors& operator=(const Anchors&) = delete;

  void Send(const std::string& head);

  // In the order in which they were given.
  std::vector<AnchorState> States() const;

 private:
  std::vector<std::unique_ptr<AnchorLine>> lines_;
};

}  // namespace behalf
