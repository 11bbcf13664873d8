// What holds for any catalog and request: checked on many random ones, the
// same in every run, against a model of allowances that is a plain map.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "policies/decide.h"
#include "tests/policies/catalogs.h"

namespace behalf {
namespace {

constexpr int kCatalogs = 40;
constexpr int kRequests = 200;

using Scopes = std::set<std::string>;
using Key = std::pair<std::string, std::string>;  // tool, or nothing, and API
using Model = std::map<Key, Scopes>;

struct Request {
  Key key;
  std::vector<std::string> scopes;
};

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  int Below(int bound) { return static_cast<int>(engine_() % static_cast<unsigned>(bound)); }
  std::string Numbered(const std::string& prefix, int bound) {
    return prefix + std::to_string(Below(bound));
  }

  // Tools and APIs 0..2 exist; 3 never does.
  Key KeyOf(int bound) {
    return {Below(3) == 0 ? "" : Numbered("tool", bound), Numbered("api", bound)};
  }

  Scopes SomeScopes() {
    Scopes scopes = {Numbered("Scope.", 5)};
    while (Below(3) != 0) scopes.insert(Numbered("Scope.", 5));
    return scopes;
  }

  Model AModel() {
    Model model;
    for (int lines = 1 + Below(8); lines > 0; --lines) model[KeyOf(3)] = SomeScopes();
    return model;
  }

  Request ARequest() {
    Request request = {.key = KeyOf(4), .scopes = {}};
    while (Below(3) != 0) request.scopes.push_back(Numbered("Scope.", 6));
    return request;
  }

  template <typename T>
  void Shuffle(std::vector<T>& values) {
    std::ranges::shuffle(values, engine_);
  }

 private:
  std::mt19937 engine_;
};

std::string Join(const Scopes& scopes) {
  std::string text;
  for (const std::string& scope : scopes) text += (text.empty() ? "" : ", ") + scope;
  return text;
}

std::string Document(const std::string& kind, const std::string& name, const std::string& spec) {
  return "---\napiVersion: behalf/v1\nkind: " + kind + "\nmetadata:\n  name: " + name +
         "\nspec:\n" + spec;
}

std::string ToolsAndApis() {
  std::string text;
  for (const std::string number : {"0", "1", "2"}) {
    text += Document("Tool", "tool" + number,
                     "  callers:\n    - unix: {socket: tools, user: \"200" + number + "\"}\n");
    text += Document("Api", "api" + number,
                     "  resource: api://" + number + "\n  audiences: [api://" + number +
                         "]\n  scopes: [Scope.0, Scope.1, Scope.2, Scope.3, Scope.4]\n");
  }
  return text;
}

std::shared_ptr<const Catalog> CatalogFrom(const Model& model) {
  std::string text = kHouse + ToolsAndApis() + kBlueprintHead +
                     "  agents:\n    - name: bot\n"
                     "      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2\n      callers:\n"
                     "        - unix: {socket: agents, user: \"1001\"}\n  allow:\n";
  for (const auto& [key, scopes] : model) {
    text += "    - api: " + key.second + "\n      scopes: [" + Join(scopes) +
            "]\n      maxLifetime: 60m\n";
    if (!key.first.empty()) text += "      tool: " + key.first + "\n";
  }
  return CatalogOf(text + "...\n");
}

Decision Ask(const Catalog& catalog, const Request& request) {
  return Decide(catalog, {.agent = catalog.FindAgent("bot"),
                          .tool = request.key.first,
                          .api = request.key.second,
                          .scopes = request.scopes});
}

bool ModelAllows(const Model& model, const Request& request) {
  const auto line = model.find(request.key);
  return line != model.end() && std::ranges::all_of(request.scopes, [&](const auto& scope) {
           return line->second.contains(scope);
         });
}

// Calls `check(random, model, catalog, request)`.
template <typename Check>
void ForManyRequests(Check check) {
  for (int seed = 1; seed <= kCatalogs; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(static_cast<unsigned>(seed));
    const Model model = random.AModel();
    const std::shared_ptr<const Catalog> catalog = CatalogFrom(model);
    ASSERT_NE(catalog, nullptr);
    for (int i = 0; i < kRequests; ++i) check(random, model, *catalog, random.ARequest());
    if (testing::Test::HasFailure()) return;
  }
}

TEST(DecidePropertyTest, AllowsWhatTheModelAllowsAndNothingElse) {
  int allowed = 0;
  ForManyRequests([&](Random&, const Model& model, const Catalog& catalog, const Request& request) {
    const Decision decision = Ask(catalog, request);
    EXPECT_EQ(decision.allowed(), ModelAllows(model, request));
    allowed += decision.allowed() ? 1 : 0;
  });
  EXPECT_GT(allowed, kCatalogs * kRequests / 20) << "too few requests say anything";
  EXPECT_LT(allowed, kCatalogs * kRequests * 19 / 20) << "too few requests say anything";
}

TEST(DecidePropertyTest, ADecisionIsNeverWiderThanTheAllowanceOrTheRequest) {
  ForManyRequests([](Random&, const Model& model, const Catalog& catalog, const Request& request) {
    const Decision decision = Ask(catalog, request);
    if (!decision.allowed()) {
      EXPECT_TRUE(decision.scopes.empty());
      EXPECT_EQ(decision.allowance, nullptr);
      return;
    }
    const Scopes& ceiling = model.at(request.key);
    const Scopes asked(request.scopes.begin(), request.scopes.end());
    EXPECT_EQ(Scopes(decision.scopes.begin(), decision.scopes.end()),
              asked.empty() ? ceiling : asked);
    EXPECT_TRUE(std::ranges::includes(ceiling, decision.scopes));
  });
}

TEST(DecidePropertyTest, ScopesAreSortedAndOnce) {
  ForManyRequests([](Random&, const Model&, const Catalog& catalog, const Request& request) {
    const std::vector<std::string> scopes = Ask(catalog, request).scopes;
    EXPECT_TRUE(std::ranges::is_sorted(scopes));
    EXPECT_EQ(std::ranges::adjacent_find(scopes), scopes.end());
  });
}

TEST(DecidePropertyTest, NeitherOrderNorRepetitionOfScopesMatters) {
  ForManyRequests([](Random& random, const Model&, const Catalog& catalog, Request request) {
    const Decision before = Ask(catalog, request);
    for (const std::string& scope : std::vector(request.scopes)) {
      if (random.Below(2) == 0) request.scopes.push_back(scope);
    }
    random.Shuffle(request.scopes);
    const Decision after = Ask(catalog, request);
    EXPECT_EQ(after.denied, before.denied);
    EXPECT_EQ(after.scopes, before.scopes);
    EXPECT_EQ(after.detail, before.detail);
  });
}

TEST(DecidePropertyTest, OneMoreAllowanceNeverDeniesWhatWasAllowed) {
  for (int seed = 1; seed <= kCatalogs; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(static_cast<unsigned>(seed));
    const Model narrow = random.AModel();
    Model wide = narrow;
    wide.try_emplace(random.KeyOf(3), random.SomeScopes());
    const std::shared_ptr<const Catalog> before = CatalogFrom(narrow);
    const std::shared_ptr<const Catalog> after = CatalogFrom(wide);
    ASSERT_TRUE(before != nullptr && after != nullptr);
    for (int i = 0; i < kRequests; ++i) {
      const Request request = random.ARequest();
      const Decision decision = Ask(*before, request);
      if (!decision.allowed()) continue;
      EXPECT_TRUE(Ask(*after, request).allowed());
      EXPECT_EQ(Ask(*after, request).scopes, decision.scopes);
    }
  }
}

}  // namespace
}  // namespace behalf
