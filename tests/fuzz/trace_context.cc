// What callers say of a call: the trace that it belongs to; and how gRPC names
// its connection.
#include "daemon/rpc/trace_context.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/rpc/peer_name.h"
#include "tests/fuzz/promise.h"

namespace behalf::fuzz {
namespace {

bool IsHex(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool IsSome(std::string_view text) { return text.find_first_not_of('0') != text.npos; }

// The grammar once more, by its parts.
bool IsTraceparent(std::string_view header) {
  if (header.size() < 55) return false;
  const std::string_view version = header.substr(0, 2), rest = header.substr(55);
  const std::string_view id = header.substr(3, 32), parent = header.substr(36, 16);
  return IsHex(version, 2) && version != "ff" && header[2] == '-' && IsHex(id, 32) && IsSome(id) &&
         header[35] == '-' && IsHex(parent, 16) && IsSome(parent) && header[52] == '-' &&
         IsHex(header.substr(53, 2), 2) && (rest.empty() || (version != "00" && rest[0] == '-'));
}

void CheckTrace(std::string_view header) {
  const auto trace = ParseTraceparent(header);
  Promise(trace.has_value() == IsTraceparent(header),
          "what the grammar says is taken, and no more");
  if (!trace) return;
  const std::string again = absl::StrCat("-", trace->id, "-", trace->parent, "-");
  Promise(again == header.substr(2, again.size()), "the ids are those of the header");
  const std::string flags(header.substr(53, 2));
  Promise(trace->sampled == ((std::stoi(flags, nullptr, 16) & 1) != 0), "sampled is the last bit");
}

void CheckPeer(std::string_view peer) {
  const auto number = DescriptorOf(peer);
  if (!number) return;
  Promise(*number >= 0 && absl::StrCat("fd:", *number) == peer, "a descriptor has one name");
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = behalf::fuzz::TextOf(data, size);
  behalf::fuzz::CheckTrace(text);
  behalf::fuzz::CheckPeer(text);
  return 0;
}
