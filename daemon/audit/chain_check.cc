#include "daemon/audit/chain_check.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

constexpr std::string_view kBeforeTime = "{\"time\":\"";
constexpr std::size_t kTimeSize = 27;  // RFC 3339 with microseconds

std::string TimeOf(std::string_view line) {
  if (!line.starts_with(kBeforeTime)) return "";
  return std::string(line.substr(kBeforeTime.size(), kTimeSize));
}

// Only the event stands so: within a text the quotes would be escaped.
bool IsReopened(std::string_view line) {
  return line.find("\",\"event\":\"reopened\"") != std::string_view::npos;
}

}  // namespace

void ChainCheck::BeginFile(std::string name) {
  if (!last_ && debris_) report_.unchained += std::exchange(debris_, std::nullopt)->count;
  at_ = {std::move(name), 0};
  top_ = true;
  top_digest_ = kNoLine;
  if (!last_) digest_ = kNoLine;
}

void ChainCheck::Look(std::string_view line, bool closed) {
  ++at_.line;
  if (report_.fault) return;
  if (auto link = LinkOf(line)) {
    LookAtRecord(line, {at_, *std::move(link), DigestOfLine(line)});
  } else {
    LookAtDebris(line, closed);
  }
}

void ChainCheck::LookAtDebris(std::string_view line, bool closed) {
  if (!debris_) debris_ = Debris{.first = at_};
  ++debris_->count;
  debris_->closed = closed;
  digest_ = WithDebris(digest_, line);
  top_digest_ = WithDebris(top_digest_, line);
  if (suspect_) suspect_->digest = WithDebris(suspect_->digest, line);
}

void ChainCheck::LookAtRecord(std::string_view line, Seen seen) {
  if (suspect_) {
    report_.fault = Judge(&seen);
    return;
  }
  if (!last_ || BeginsHere(seen)) {
    Begin(line, seen);
  } else {
    Follow(seen);
  }
  if (report_.fault || suspect_) return;
  CheckHead(line, seen);
  if (!report_.fault) Take(line, std::move(seen));
}

bool ChainCheck::BeginsHere(const Seen& seen) const {
  return top_ && seen.link.seq == 1 && seen.link.prev == top_digest_ &&
         (!last_ || seen.link.chain != last_->link.chain);
}

void ChainCheck::Begin(std::string_view line, const Seen& seen) {
  const bool goes_on = !debris_ && seen.link.seq > 1 && seen.link.prev != kNoLine &&
                       at_.line == 1 && IsReopened(line);
  if (BeginsHere(seen) || goes_on) {
    report_.begins.push_back({seen.place, seen.link.chain, seen.link.seq});
    report_.unsigned_records += std::exchange(since_head_, 0);
  } else if (debris_) {
    report_.fault = FaultAt(debris_->first,
                            "was put in or edited, or lines behind it are missing: the next record "
                            "does not cover it");
  } else {
    report_.fault = FaultAt(
        seen.place, "is not the first of a chain: lines before it are missing, or it was edited");
  }
}

void ChainCheck::Follow(const Seen& seen) {
  if (seen.link == ChainLink{last_->link.chain, NextSeq(last_->link.seq), digest_}) return;
  if (debris_ && seen.link.prev == last_->digest) {
    report_.fault = FaultAt(debris_->first, "was put in: the record goes on without it");
  } else if (debris_) {
    report_.fault = FaultAt(debris_->first,
                            "was edited, or lines behind it are missing: the next record does not "
                            "fit");
  } else if (seen.link.prev == digest_) {
    report_.fault = FaultAt(seen.place, "was edited: its chain or number does not follow");
  } else if (seen.digest == last_->digest) {
    report_.fault = FaultAt(seen.place, "was put in: it repeats the line before");
  } else {
    suspect_ = seen;
  }
}

void ChainCheck::CheckHead(std::string_view line, const Seen& seen) {
  const auto head = SignedLineOf(line);
  if (head && key_ && !key_->Verifies(head->message, head->signature)) {
    report_.fault = FaultAt(seen.place, absl::StrCat("is not signed by the key ", key_->id()));
    return;
  }
  if (!anchored_.Fits(seen.link, seen.digest)) {
    report_.fault = FaultAt(seen.place, "is not the record that was anchored with its number");
    return;
  }
  if (head) ++report_.heads;
  since_head_ = head ? 0 : since_head_ + 1;
}

// `next` is null where no record follows.
ChainFault ChainCheck::Judge(const Seen* next) const {
  const bool followed = next == nullptr || next->link.prev == suspect_->digest;
  const std::uint64_t expected = NextSeq(last_->link.seq), seq = suspect_->link.seq;
  if (suspect_->link.prev == before_last_ && followed) return FaultAt(last_->place, "was put in");
  if (next != nullptr && next->link.prev == last_->digest) {
    return FaultAt(suspect_->place, "was put in, or stands in the wrong place");
  }
  if (seq == expected && followed) {
    return FaultAt(last_->place,
                   "was edited, or what stood behind it is missing: the next record does not fit");
  }
  if (seq == expected) return FaultAt(suspect_->place, "was edited");
  if (seq > expected && followed) {
    const bool one = seq - expected == 1;
    return FaultAt(suspect_->place, absl::StrCat("comes too early: ", one ? "record " : "records ",
                                                 expected, one ? "" : absl::StrCat(" to ", seq - 1),
                                                 one ? " is missing" : " are missing"));
  }
  return FaultAt(suspect_->place, "stands in the wrong place, or was edited");
}

ChainFault ChainCheck::FaultAt(const LinePlace& place, std::string what) const {
  ChainFault fault{.place = place, .what = std::move(what), .expected = ""};
  if (last_) {
    fault.expected = absl::StrCat("after ", last_->place.file, ":", last_->place.line, " record ",
                                  NextSeq(last_->link.seq), " of chain ", last_->link.chain,
                                  " with \"prev\" ", digest_);
  }
  return fault;
}

void ChainCheck::Take(std::string_view line, Seen seen) {
  if (report_.records == 0) report_.first_time = TimeOf(line);
  report_.last_time = TimeOf(line);
  report_.last_seq = seen.link.seq;
  ++report_.records;
  if (debris_) report_.debris += std::exchange(debris_, std::nullopt)->count;
  before_last_ = seen.link.prev;
  digest_ = seen.digest;
  last_ = std::move(seen);
  top_ = false;
}

// What a crash cut short has no newline until the next record is written.
ChainReport ChainCheck::Finish() && {
  report_.unsigned_records += since_head_;
  if (!report_.fault && suspect_) report_.fault = Judge(nullptr);
  if (const auto missing = anchored_.Missing(); missing && !report_.fault) {
    report_.fault =
        FaultAt(last_ ? last_->place : at_,
                absl::StrCat("is followed by nothing: the record ended later, record ",
                             missing->seq, " of chain ", missing->chain, " was anchored"));
  }
  if (!debris_ || report_.fault) return std::move(report_);
  if (!last_) {
    report_.unchained += debris_->count;
  } else if (debris_->closed || debris_->count > 1) {
    report_.fault = FaultAt(debris_->first, "is no record, and no record follows that covers it");
  } else {
    ++report_.debris;
  }
  return std::move(report_);
}

}  // namespace behalf
