#include "blueprint/catalog_builder.h"

#include <algorithm>
#include <utility>

#include "blueprint/digest.h"

namespace behalf {
namespace {

template <class T>
void MoveByName(std::vector<std::unique_ptr<T>>& from, std::vector<std::unique_ptr<const T>>& to) {
  std::sort(from.begin(), from.end(),
            [](const auto& a, const auto& b) { return a->name < b->name; });
  to.assign(std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

std::shared_ptr<const Catalog> CatalogBuilder::Build(loader::DocumentSet set, uid_t overflow_uid) {
  const std::shared_ptr<Catalog> catalog(new Catalog);
  catalog->overflow_uid_ = overflow_uid;
  catalog->digest_ = loader::DigestOf(set);
  CatalogBuilder builder(*catalog);
  builder.Own(set);
  builder.IndexNames();
  builder.IndexSelectors();
  for (const auto& blueprint : catalog->blueprints_) builder.IndexAllowances(*blueprint);
  catalog->rules_ = RuleIndex(catalog->policies_, catalog->blueprints_);
  return catalog;
}

void CatalogBuilder::Own(loader::DocumentSet& set) {
  for (const auto& provider : set.providers) provider->digest = loader::DigestOf(*provider);
  for (const auto& blueprint : set.blueprints) {
    for (Agent& agent : blueprint->agents) agent.blueprint = blueprint.get();
  }
  MoveByName(set.providers, catalog_.providers_);
  MoveByName(set.apis, catalog_.apis_);
  MoveByName(set.tools, catalog_.tools_);
  MoveByName(set.blueprints, catalog_.blueprints_);
  MoveByName(set.policies, catalog_.policies_);
  if (!set.daemons.empty()) catalog_.daemon_ = std::move(set.daemons.front());
}

void CatalogBuilder::IndexNames() {
  for (const auto& api : catalog_.apis_) catalog_.apis_by_name_.emplace(api->name, api.get());
  for (const auto& tool : catalog_.tools_) catalog_.tools_by_name_.emplace(tool->name, tool.get());
  for (const auto& blueprint : catalog_.blueprints_) {
    for (const Agent& agent : blueprint->agents) {
      catalog_.agents_by_name_.emplace(agent.name, &agent);
    }
  }
}

void CatalogBuilder::IndexSelectors() {
  for (const auto& blueprint : catalog_.blueprints_) {
    for (const Agent& agent : blueprint->agents) {
      for (const auto& selector : agent.callers) catalog_.agents_by_peer_.Add(selector, &agent);
    }
  }
  for (const auto& tool : catalog_.tools_) {
    for (const auto& selector : tool->callers) catalog_.tools_by_peer_.Add(selector, tool.get());
  }
  if (catalog_.daemon_ == nullptr) return;
  for (const auto& selector : catalog_.daemon_->admins) {
    catalog_.admins_by_peer_.Add(selector, catalog_.daemon_.get());
  }
  for (const Socket& socket : catalog_.daemon_->sockets) {
    if (socket.isolated) catalog_.isolated_sockets_.insert(socket.name);
  }
}

void CatalogBuilder::IndexAllowances(const Blueprint& blueprint) {
  for (const Allowance& allowance : blueprint.allow) {
    catalog_.allowances_.emplace(
        Catalog::AllowanceKey{&blueprint, allowance.tool, allowance.api, allowance.access},
        &allowance);
  }
}

}  // namespace behalf
