#include "tests/idp/faults.h"

#include <algorithm>

namespace behalf::idp {
namespace {

bool Deserves(const Form& form, const Fault& fault) {
  const auto matches = [&](std::string_view name, const std::string& wanted) {
    return wanted.empty() || form.Get(name) == wanted;
  };
  return matches("client_id", fault.client) && matches("grant_type", fault.grant);
}

}  // namespace

void Faults::Add(Fault fault) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
}

void Faults::Clear() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

std::vector<Fault> Faults::Pending() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

std::optional<Fault> Faults::Take(const Form& form) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(faults_.begin(), faults_.end(),
                                  [&](const Fault& fault) { return Deserves(form, fault); });
  if (found == faults_.end()) return std::nullopt;
  const Fault taken = *found;
  if (--found->times == 0) faults_.erase(found);
  return taken;
}

}  // namespace behalf::idp
