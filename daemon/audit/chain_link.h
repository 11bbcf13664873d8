// What makes lines of the record a chain: each bears a number and the digest
// of what stands before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/crypto/ed25519.h"

namespace behalf {

// Where a line stands in its chain.
struct ChainLink {
  std::string chain;  // 16 hex digits: which chain
  std::uint64_t seq;  // 1 is the first line
  std::string prev;   // of what stands before it: ChainEnd::digest

  bool operator==(const ChainLink&) const = default;
};

// Of the line behind one with this number. The last number there is stays, so
// that whatever a file holds, a line can follow it.
constexpr std::uint64_t NextSeq(std::uint64_t seq) { return seq == UINT64_MAX ? seq : seq + 1; }

// Where a chain goes on.
struct ChainEnd {
  std::string chain;
  std::uint64_t seq = 0;  // of the last line
  // DigestOfLine of the last line, or kNoLine before the first; debris that
  // follows is added by WithDebris, line by line.
  std::string digest;

  ChainLink Next() const { return {chain, NextSeq(seq), digest}; }
};

// Stands for the line before the first.
inline constexpr char kNoLine[] =
    "0000000000000000000000000000000000000000000000000000000000000000";

// The end of a chain that has no line yet, with a random name.
ChainEnd NewChain();

// 64 hex digits of SHA-256 of the line without its newline.
std::string DigestOfLine(std::string_view line);

// Makes the link the last members of the object at the end of `line`, which
// is a line of JSON with its newline.
void AddLink(std::string& line, const ChainLink& link);

// The digest with a line that is none of the chain: what is left of a write
// that was cut short, or what stood in the file before its first chain.
std::string WithDebris(std::string_view digest, std::string_view line);

// Signs a line that bears its link: the signature becomes its last member, and
// covers the line before it, and by its link all that stands before the line.
void AddSignature(std::string& line, const Ed25519PrivateKey& key);

// What a line (without its newline) says that AddSignature signed.
struct SignedLine {
  std::string message;    // that was signed
  std::string signature;  // 64 bytes
};
std::optional<SignedLine> SignedLineOf(std::string_view line);

// What AddLink wrote into a line (here without its newline), signed or not;
// nothing where it does not end so.
std::optional<ChainLink> LinkOf(std::string_view line);

}  // namespace behalf
