// A record as the daemon writes it, in two files, for somebody to edit.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/audit/chain_link.h"
#include "daemon/crypto/ed25519.h"

namespace behalf::fuzz {

// Without its newline; `closed`: it has one.
struct GivenLine {
  std::string_view text;
  bool closed = false;
};

// As readers of the record see them.
std::vector<GivenLine> LinesIn(std::string_view text);

// Two files of one chain: what stood there before it, debris within it, a
// rotation, and two heads, the second of which is the last line.
struct ChainLog {
  static constexpr char kName[] = "0123456789abcdef";

  ChainLog();

  const Ed25519PrivateKey key;
  std::array<std::string, 2> files;
  std::vector<std::string> heads;  // those lines; the oldest first

 private:
  void Append(std::string& file, std::string_view event, bool is_head = false);
  void AppendDebris(std::string& file, std::string_view text);

  ChainEnd end_ = {.chain = kName, .seq = 0, .digest = kNoLine};
};

}  // namespace behalf::fuzz
