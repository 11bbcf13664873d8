// Random documents with random requests, as a property sees them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/policies/property/evaluator.h"
#include "tests/policies/property/generate.h"

namespace behalf::model {

// How many decisions a property is tried on: BEHALF_DECISIONS, else few enough
// for every day.
int Decisions();

// One set of documents. Seeded by number, so that any trial can be repeated by
// itself: BEHALF_SEED runs that one alone.
struct Trial {
  explicit Trial(std::uint64_t number);

  std::uint64_t seed;
  Random random;
  Documents documents;
  std::shared_ptr<const Catalog> catalog;
};

// Answers with what is wrong, nothing when the property holds.
using Violation = std::optional<std::string>;
using OfDocuments = std::function<Violation(Trial&)>;
using OfRequest = std::function<Violation(Trial&, const Request&)>;

// Stops at the first violation and fails the test with all that is needed to
// see it. `of_documents` comes before the trial's requests.
void ForRandomRequests(const OfRequest& of_request, const OfDocuments& of_documents = {});

}  // namespace behalf::model
