#include "tests/policies/property/trial.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/policies/property/render.h"

namespace behalf::model {
namespace {

constexpr int kRequestsOfATrial = 100;

std::optional<std::uint64_t> Number(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  return std::strtoull(text, nullptr, 10);
}

std::string Advice(std::uint64_t seed) {
  return "\nagain: BEHALF_SEED=" + std::to_string(seed) + " with this test's --gtest_filter\n";
}

// Whether the property held.
bool Run(std::uint64_t seed, const OfRequest& of_request, const OfDocuments& of_documents) {
  Trial trial(seed);
  if (of_documents) {
    if (const Violation violation = of_documents(trial)) {
      ADD_FAILURE() << *violation << Advice(seed) << Render(trial.documents);
      return false;
    }
  }
  for (int i = 0; i < kRequestsOfATrial; ++i) {
    const Request request = RandomRequest(trial.documents, trial.random);
    if (const Violation violation = of_request(trial, request)) {
      ADD_FAILURE() << *violation << Advice(seed) << Render(trial.documents) << Render(request);
      return false;
    }
  }
  return true;
}

}  // namespace

int Decisions() { return static_cast<int>(Number("BEHALF_DECISIONS").value_or(25000)); }

Trial::Trial(std::uint64_t number)
    : seed(number),
      random(number),
      documents(RandomDocuments(random)),
      catalog(CatalogOf({Render(documents)})) {}

void ForRandomRequests(const OfRequest& of_request, const OfDocuments& of_documents) {
  if (const auto only = Number("BEHALF_SEED")) {
    Run(*only, of_request, of_documents);
    return;
  }
  for (int trial = 0; trial * kRequestsOfATrial < Decisions(); ++trial) {
    if (!Run(static_cast<std::uint64_t>(trial) + 1, of_request, of_documents)) return;
  }
}

}  // namespace behalf::model
