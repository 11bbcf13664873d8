#include "daemon/cli/status_kept.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "daemon/cli/record.h"
#include "daemon/wire/times.h"

namespace behalf::cli {
namespace {

// As etcdctl writes it.
std::string LeaseText(const v1::ReplicaStatus& replica) {
  return replica.lease() == 0 ? "none" : absl::StrCat(absl::Hex(replica.lease()));
}

std::string KnownText(const v1::ReplicaStatus& replica) {
  return absl::FormatDuration(absl::Trunc(FromMessage(replica.known_for()), absl::Milliseconds(1)));
}

std::string HeadText(const v1::AnchorStatus& anchor) {
  if (!anchor.has_kept_at()) return "none yet";
  return absl::StrCat(anchor.seq(), " of ", anchor.chain());
}

Json AnchorJson(const v1::AnchorStatus& anchor) {
  Json chain, number, kept_at, failing_since;  // null where there is none
  if (anchor.has_kept_at()) {
    chain = anchor.chain();
    number = anchor.seq();
    kept_at = TimeText(anchor.kept_at());
  }
  if (anchor.has_failing_since()) failing_since = TimeText(anchor.failing_since());
  return Json::Object{{"kind", anchor.kind()},
                      {"place", anchor.place()},
                      {"chain", std::move(chain)},
                      {"number", std::move(number)},
                      {"kept_at", std::move(kept_at)},
                      {"waiting", anchor.waiting()},
                      {"failing_since", std::move(failing_since)},
                      {"problem", anchor.problem()}};
}

Json ReplicaJson(const v1::ReplicaStatus& replica) {
  return Json::Object{{"member", replica.member()},
                      {"lease", LeaseText(replica)},
                      {"known_for", KnownText(replica)}};
}

}  // namespace

std::string DurabilityText(v1::AuditDurability durability) {
  switch (durability) {
    case v1::AUDIT_DURABILITY_WRITE:
      return "write";
    case v1::AUDIT_DURABILITY_FSYNC:
      return "fsync";
    default:
      return "unknown";
  }
}

Json RecordJson(const v1::AuditStatus& record) {
  Json::Array anchors;
  for (const auto& anchor : record.anchors()) anchors.push_back(AnchorJson(anchor));
  return Json::Object{{"durability", DurabilityText(record.durability())},
                      {"key", record.key().id()},
                      {"key_file", record.key().file()},
                      {"reserve_problem", record.reserve_problem()},
                      {"anchors", std::move(anchors)}};
}

Json StoreJson(const v1::StoreStatus& store) {
  return Json::Object{{"kind", store.kind()},
                      {"places", JsonStrings(store.places())},
                      {"revision", store.revision()},
                      {"problem", store.problem()},
                      {"handles_limit", store.handles_limit()},
                      {"replica", store.has_replica() ? ReplicaJson(store.replica()) : Json()}};
}

Json::Object KeptFacts(const v1::GetStatusResponse& answer) {
  Json::Object facts;
  if (answer.has_audit()) {
    facts.emplace_back("audit_durability", DurabilityText(answer.audit().durability()));
    facts.emplace_back("audit_key", answer.audit().key().id());
    if (const auto& problem = answer.audit().reserve_problem(); !problem.empty()) {
      facts.emplace_back("reserve_problem", problem);
    }
  }
  if (!answer.has_store()) return facts;
  const v1::StoreStatus& store = answer.store();
  facts.emplace_back("store", absl::StrCat(store.kind(), " ", absl::StrJoin(store.places(), " ")));
  facts.emplace_back("store_revision", store.revision());
  facts.emplace_back("handles_limit", store.handles_limit());
  if (!store.has_replica()) return facts;
  facts.emplace_back("etcd_member", store.replica().member());
  facts.emplace_back("lease", LeaseText(store.replica()));
  facts.emplace_back("known_for", KnownText(store.replica()));
  return facts;
}

std::vector<std::vector<std::string>> AnchorRows(const v1::AuditStatus& record) {
  std::vector<std::vector<std::string>> rows = {
      {"ANCHOR", "PLACE", "NEWEST HEAD", "KEPT", "WAITING", "FAILS SINCE", "PROBLEM"}};
  for (const auto& anchor : record.anchors()) {
    rows.push_back({anchor.kind(), anchor.place(), HeadText(anchor),
                    anchor.has_kept_at() ? TimeText(anchor.kept_at()) : "not yet",
                    std::to_string(anchor.waiting()),
                    anchor.has_failing_since() ? TimeText(anchor.failing_since()) : "",
                    anchor.problem()});
  }
  return rows;
}

}  // namespace behalf::cli
