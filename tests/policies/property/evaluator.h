// The daemon's own evaluator, asked in the words of the model.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "blueprint/catalog.h"
#include "policies/decide.h"
#include "policies/explain.h"
#include "tests/policies/property/model.h"
#include "tests/policies/property/naive.h"

namespace behalf::model {

// Throws with the issues when the texts do not load: the generator's fault.
std::shared_ptr<const Catalog> CatalogOf(const std::vector<std::string>& texts);

// A request as the daemon sees it; owns what the question looks at.
class Asked {
 public:
  explicit Asked(const Request& request);
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  const Question& question() const { return question_; }

 private:
  OptionalList Keep(const std::optional<Texts>& texts);

  const Request request_;
  std::vector<gid_t> groups_;
  std::vector<std::unique_ptr<Texts>> kept_;
  Question question_;
};

// As the broker does: who is it, then may it happen.
Decision Enforce(const Catalog& catalog, const Question& question);

Answer AnswerOf(const Decision& decision);
std::string Show(const Answer& answer);

}  // namespace behalf::model
