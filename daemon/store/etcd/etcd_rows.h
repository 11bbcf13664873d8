// What stands under which key of a fleet's etcd.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/store/handle_store.h"
#include "daemon/store/revocation.h"

namespace behalf {

// All keys of one fleet begin with its prefix.
class EtcdKeys {
 public:
  explicit EtcdKeys(std::string prefix) : prefix_(std::move(prefix)) {}

  std::string State() const { return prefix_ + "state/"; }  // with all below
  std::string Head() const { return State() + "head"; }
  std::string DigestKey() const { return State() + "digest-key"; }
  std::string Revocations() const { return State() + "revocations/"; }
  std::string Revocation(std::uint64_t revision) const;
  std::string Handles() const { return prefix_ + "handles/"; }
  std::string Handle(std::string_view id) const;
  std::string Replica(std::string_view name) const;

  // The revision in a key that Revocation made.
  std::optional<std::uint64_t> RevisionOf(std::string_view key) const;

 private:
  const std::string prefix_;
};

// The newest format of all these values that this daemon knows.
inline constexpr std::uint32_t kEtcdFormat = 1;

// Nothing where the bytes are no such value, or of a newer format.
std::string EncodeHead(std::uint64_t revision);
std::optional<std::uint64_t> DecodeHead(const std::string& bytes);
std::string EncodeRevocation(const Revocation& revocation);
std::optional<Revocation> DecodeRevocation(const std::string& bytes, std::uint64_t revision);
std::string EncodeHandle(const HandleRow& row);
std::optional<HandleRow> DecodeHandle(const std::string& bytes, std::int64_t version);

}  // namespace behalf
