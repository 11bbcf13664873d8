// Whether files of the record are as the daemon wrote them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/audit/anchored_heads.h"
#include "daemon/audit/chain_link.h"
#include "daemon/crypto/ed25519.h"

namespace behalf {

struct LinePlace {
  std::string file;
  std::uint64_t line = 0;  // from 1

  bool operator==(const LinePlace&) const = default;
};

// The first line that does not fit.
struct ChainFault {
  LinePlace place;
  std::string what;      // what it means
  std::string expected;  // of the line after what stands before; may be empty
};

struct ChainBegin {
  LinePlace place;
  std::string chain;
  std::uint64_t seq = 0;  // more than 1: what was before is in files that were not given
};

struct ChainReport {
  std::uint64_t records = 0;  // lines of chains
  std::uint64_t debris = 0;   // lines of none, which the line after them vouches for
  std::uint64_t unchained =
      0;  // the same in files before the first chain: nothing vouches for them
  std::string first_time;
  std::string last_time;
  std::vector<ChainBegin> begins;
  std::uint64_t last_seq = 0;  // of the newest chain
  std::uint64_t heads = 0;     // lines that are signed; by the key, where one is given
  // Records with no head behind them in their chain: who can write the file
  // can write them anew.
  std::uint64_t unsigned_records = 0;
  std::optional<ChainFault> fault;
};

// Lines are given in order, the files oldest first. A line is judged by the
// one after it: an edit shows in what follows. Keeps two lines, so that files
// may be large. Not thread-safe.
//
// A chain may begin at the top of a file: with its first line, or, in the
// first file, with the record of a rotation. Of the end nothing is known: not
// whether lines are missing there, nor what the last one said.
class ChainCheck {
 public:
  // With a key, a signature of another is a fault.
  // What an anchor kept must stand in the files: other lines there, or an end
  // before the head that it kept last, are faults.
  explicit ChainCheck(std::optional<Ed25519PublicKey> key = {}, AnchoredHeads anchored = {})
      : key_(std::move(key)), anchored_(std::move(anchored)) {}

  void BeginFile(std::string name);

  // `line`: without its newline; `closed`: whether it had one.
  void Look(std::string_view line, bool closed);

  ChainReport Finish() &&;

 private:
  struct Seen {
    LinePlace place;
    ChainLink link;
    std::string digest;
  };
  // Lines of no chain since the last record.
  struct Debris {
    LinePlace first;
    std::uint64_t count = 0;
    bool closed = false;  // the newest of them has a newline
  };

  void LookAtDebris(std::string_view line, bool closed);
  void LookAtRecord(std::string_view line, Seen seen);
  bool BeginsHere(const Seen& seen) const;
  void Begin(std::string_view line, const Seen& seen);
  void Follow(const Seen& seen);
  void CheckHead(std::string_view line, const Seen& seen);
  ChainFault Judge(const Seen* next) const;
  ChainFault FaultAt(const LinePlace& place, std::string what) const;
  void Take(std::string_view line, Seen seen);

  std::optional<Ed25519PublicKey> key_;
  AnchoredHeads anchored_;
  ChainReport report_;
  LinePlace at_;
  bool top_ = true;                   // no record of this file was seen
  std::string digest_ = kNoLine;      // what the next record must bear
  std::string top_digest_ = kNoLine;  // the same of one that begins a chain in this file
  std::optional<Debris> debris_;
  std::optional<Seen> last_;
  std::uint64_t since_head_ = 0;  // records
  std::string before_last_;       // what last_ bears
  std::optional<Seen> suspect_;   // does not fit last_; the next record tells why
};

}  // namespace behalf
