#include "daemon/broker/catalog_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/error.h"
#include "tests/fakes/contoso.h"
#include "tests/fakes/fake_audit.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_documents.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kFirst = ContosoText();
const std::string kSecond = ContosoText({{"      accept: [User.Read]\n", ""}});
const std::string kThird = ContosoText({{"maxLifetime: 90m", "maxLifetime: 80m"}});

std::string DigestOf(const std::string& text) {
  return Load({{"documents.yaml", text}}, *NoHostAccounts()).catalog->digest();
}

Issue SecretMissing() {
  return {.kind = Issue::Kind::kHost,
          .place = {"documents.yaml", 1, 1},
          .message = "the secret is missing",
          .advice = {},
          .line = {},
          .blueprint = "invoice-assistant"};
}

CallerPtr Operator() {
  Caller caller{.socket = "admin", .uid = kAdminUid, .gid = 0, .pid = 7, .groups = {}};
  return std::make_shared<const Caller>(std::move(caller));
}

class CatalogKeeperTest : public testing::Test {
 protected:
  LoadedDocuments First() {
    return LoadDocuments(ReadText(documents_), documents_, *accounts_, nullptr);
  }
  std::string InForce() const { return live_.Current()->catalog->digest(); }
  std::vector<std::string> Events() const {
    std::vector<std::string> events;
    for (const AuditRecord& record : audit_.records()) {
      events.push_back(std::string(EventName(record.event)) + " " + record.trigger);
    }
    return events;
  }
  std::vector<std::string> Triggers() const {
    std::vector<std::string> triggers;
    for (const CatalogEntry& entry : keeper_.History()) {
      triggers.emplace_back(TriggerName(entry.trigger));
    }
    return triggers;
  }

  FakeClock clock_;
  FakeAudit audit_;
  FakeDocuments documents_{kFirst};
  const std::unique_ptr<HostAccounts> accounts_ = NoHostAccounts();
  const LoadedDocuments first_ = First();
  LiveCatalog live_{first_.in_force};
  std::vector<std::string> followed_;
  CatalogKeeper keeper_{{documents_, *accounts_, live_, audit_, clock_,
                         [this](const Catalog& catalog) { followed_.push_back(catalog.digest()); }},
                        first_};
};

TEST_F(CatalogKeeperTest, TheFirstCatalogBeginsTheHistory) {
  EXPECT_THAT(Triggers(), ElementsAre("start"));
  EXPECT_TRUE(keeper_.Now().last.taken);
  EXPECT_FALSE(keeper_.Now().documents_differ);
}

TEST_F(CatalogKeeperTest, AGoodSetTakesOverWholeAndIsRecorded) {
  const CatalogInForcePtr snapshot = live_.Current();
  clock_.Advance(absl::Minutes(1));
  documents_.Write(kSecond);
  const CatalogReport report = keeper_.Reload(CatalogTrigger::kAdmin, Operator());
  EXPECT_TRUE(report.taken);
  EXPECT_EQ(report.digest, DigestOf(kSecond));
  EXPECT_EQ(InForce(), DigestOf(kSecond));
  EXPECT_EQ(snapshot->catalog->digest(), DigestOf(kFirst)) << "requests keep what they have";
  EXPECT_THAT(followed_, ElementsAre(DigestOf(kSecond)));

  const AuditRecord record = audit_.last();
  EXPECT_EQ(record.event, AuditEvent::kCatalogLoaded);
  EXPECT_EQ(record.catalog_digest, DigestOf(kSecond));
  EXPECT_EQ(record.trigger, "admin");
  EXPECT_EQ(record.caller.uid, kAdminUid);
  EXPECT_EQ(record.time, clock_.Now());
  EXPECT_EQ(keeper_.History().front().since, clock_.Now());
  EXPECT_THAT(Triggers(), ElementsAre("admin", "start"));
}

TEST_F(CatalogKeeperTest, ABadSetLeavesTheLastGoodOneInForceAndSaysWhy) {
  documents_.Write("nonsense");
  const CatalogReport report = keeper_.Reload(CatalogTrigger::kSignal);
  EXPECT_FALSE(report.taken);
  EXPECT_EQ(report.digest, DigestOf(kFirst));
  EXPECT_THAT(report.issues, testing::Contains(HasSubstr("documents.yaml:1:")));
  EXPECT_EQ(InForce(), DigestOf(kFirst));
  EXPECT_TRUE(keeper_.Now().documents_differ);
  EXPECT_FALSE(keeper_.Now().last.taken);
  EXPECT_THAT(Events(), ElementsAre("catalog_refused signal"));
  EXPECT_EQ(audit_.last().catalog_digest, DigestOf(kFirst));
  EXPECT_THAT(audit_.last().detail, HasSubstr("documents.yaml:1:"));
  EXPECT_THAT(followed_, IsEmpty());

  documents_.Write(kFirst);
  EXPECT_TRUE(keeper_.Reload(CatalogTrigger::kSignal).taken);
  EXPECT_FALSE(keeper_.Now().documents_differ);
  EXPECT_THAT(Triggers(), ElementsAre("start"));
}

TEST_F(CatalogKeeperTest, ASetThatCannotBeReadIsABadSet) {
  documents_.Fail(absl::FailedPreconditionError("the directory is gone"));
  const CatalogReport report = keeper_.Reload(CatalogTrigger::kSignal);
  EXPECT_FALSE(report.taken);
  EXPECT_THAT(report.issues, ElementsAre("the directory is gone"));
}

TEST_F(CatalogKeeperTest, ASetThatWasCutShortAnywhereIsNeverInForce) {
  for (std::size_t size = 0; size < kSecond.size() - 1; size += 37) {
    documents_.Write(kSecond.substr(0, size));
    keeper_.Look();
    EXPECT_EQ(InForce(), DigestOf(kFirst)) << size;
  }
}

TEST_F(CatalogKeeperTest, WhatCountsAtTheStartOnlyIsRefusedByItsKeys) {
  documents_.Write(ContosoText({{"/run/behalf/agents.sock", "/run/behalf/other.sock"},
                                {"stateDirectory: /var/lib/behalf", "stateDirectory: /var/lib/b"},
                                {"      accept: [User.Read]\n", ""}}));
  const CatalogReport report = keeper_.Reload(CatalogTrigger::kSignal);
  EXPECT_FALSE(report.taken);
  ASSERT_THAT(report.issues, SizeIs(1));
  EXPECT_THAT(report.issues[0], HasSubstr("spec.sockets, spec.stateDirectory"));
  EXPECT_THAT(report.issues[0], HasSubstr("restart"));
}

TEST_F(CatalogKeeperTest, AdminsTakeEffect) {
  documents_.Write(ContosoText({{"user: \"900\"", "user: \"901\""}}));
  EXPECT_TRUE(keeper_.Reload(CatalogTrigger::kSignal).taken);
  EXPECT_FALSE(live_.Current()->catalog->IsAdmin(PeerOf(*Operator())));
}

TEST_F(CatalogKeeperTest, ASetWithoutADaemonIsRefused) {
  documents_.Write(kFirst.substr(kFirst.find("---\n")));
  const CatalogReport report = keeper_.Reload(CatalogTrigger::kSignal);
  EXPECT_FALSE(report.taken);
}

TEST_F(CatalogKeeperTest, NothingIsTakenThatCannotBeRecorded) {
  documents_.Write(kSecond);
  audit_.Break();
  const CatalogReport report = keeper_.Reload(CatalogTrigger::kSignal);
  EXPECT_FALSE(report.taken);
  EXPECT_EQ(report.digest, DigestOf(kFirst));
  EXPECT_THAT(report.issues, SizeIs(1));
  EXPECT_EQ(InForce(), DigestOf(kFirst));
  audit_.Break(false);
  EXPECT_TRUE(keeper_.Reload(CatalogTrigger::kSignal).taken);
}

TEST_F(CatalogKeeperTest, ALookAtUnchangedTextDoesNothing) {
  keeper_.Look();
  documents_.Write("nonsense");
  keeper_.Look();
  keeper_.Look();
  EXPECT_THAT(Events(), ElementsAre("catalog_refused watch"));
  documents_.Write(kSecond);
  keeper_.Look();
  keeper_.Look();
  EXPECT_THAT(Events(), ElementsAre("catalog_refused watch", "catalog_loaded watch"));
}

TEST_F(CatalogKeeperTest, ALookNoticesWhatTheHostMakesOfTheCatalog) {
  documents_.SetHost({SecretMissing()});
  keeper_.Look();
  const Blueprint& blueprint = *live_.Current()->catalog->blueprints().front();
  EXPECT_FALSE(live_.Current()->IsEnabled(blueprint));
  documents_.SetHost({});
  keeper_.Look();
  EXPECT_TRUE(live_.Current()->IsEnabled(blueprint));
  EXPECT_THAT(Events(), IsEmpty());
}

TEST_F(CatalogKeeperTest, AFactOfTheHostDisablesItsBlueprintAndNoMore) {
  documents_.SetHost({SecretMissing()});
  documents_.Write(kSecond);
  const CatalogReport report = keeper_.Reload(CatalogTrigger::kAdmin);
  EXPECT_TRUE(report.taken);
  EXPECT_THAT(report.issues, ElementsAre(HasSubstr("the secret is missing")));
  EXPECT_EQ(InForce(), DigestOf(kSecond));
}

TEST_F(CatalogKeeperTest, RollbackPutsAnEarlierCatalogInForceUntilTheDocumentsChange) {
  documents_.Write(kSecond);
  keeper_.Reload(CatalogTrigger::kAdmin);
  const auto report = keeper_.Rollback(DigestOf(kFirst), Operator());
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->digest, DigestOf(kFirst));
  EXPECT_EQ(InForce(), DigestOf(kFirst));
  EXPECT_TRUE(keeper_.Now().documents_differ);
  EXPECT_THAT(Triggers(), ElementsAre("rollback", "admin", "start"));
  EXPECT_EQ(audit_.last().event, AuditEvent::kCatalogRolledBack);
  EXPECT_EQ(audit_.last().caller.uid, kAdminUid);

  keeper_.Look();
  EXPECT_EQ(InForce(), DigestOf(kFirst)) << "the files are as they were";
  documents_.Write(kThird);
  keeper_.Look();
  EXPECT_EQ(InForce(), DigestOf(kThird));
  EXPECT_FALSE(keeper_.Now().documents_differ);
}

TEST_F(CatalogKeeperTest, AReloadUndoesARollback) {
  documents_.Write(kSecond);
  keeper_.Reload(CatalogTrigger::kAdmin);
  ASSERT_THAT(keeper_.Rollback(DigestOf(kFirst), Operator()), IsOk());
  keeper_.Reload(CatalogTrigger::kAdmin);
  EXPECT_EQ(InForce(), DigestOf(kSecond));
}

TEST_F(CatalogKeeperTest, RollbackTakesTheFirstDigitsOfADigest) {
  documents_.Write(kSecond);
  keeper_.Reload(CatalogTrigger::kAdmin);
  EXPECT_THAT(keeper_.Rollback(DigestOf(kFirst).substr(0, 8), Operator()), IsOk());
  EXPECT_EQ(InForce(), DigestOf(kFirst));
}

TEST_F(CatalogKeeperTest, RollbackToWhatWasNeverInForceIsRefused) {
  for (const std::string& digest :
       {std::string(), DigestOf(kFirst).substr(0, 7), DigestOf(kSecond), DigestOf(kFirst) + "0"}) {
    const auto report = keeper_.Rollback(digest, Operator());
    EXPECT_THAT(report, HasReason(Reason::kRequestInvalid)) << digest;
    EXPECT_EQ(DetailOf(report.status()).metadata["field"], "digest");
  }
  EXPECT_EQ(InForce(), DigestOf(kFirst));
}

TEST_F(CatalogKeeperTest, RollbackDoesNothingThatCannotBeRecorded) {
  documents_.Write(kSecond);
  keeper_.Reload(CatalogTrigger::kAdmin);
  audit_.Break();
  EXPECT_THAT(keeper_.Rollback(DigestOf(kFirst), Operator()), HasReason(Reason::kAuditUnavailable));
  EXPECT_EQ(InForce(), DigestOf(kSecond));
}

TEST_F(CatalogKeeperTest, TheHistoryHoldsTheLastSixteen) {
  for (int minutes = 11; minutes < 31; ++minutes) {
    documents_.Write(
        ContosoText({{"maxLifetime: 90m", "maxLifetime: " + std::to_string(30 + minutes) + "m"}}));
    clock_.Advance(absl::Minutes(1));
    keeper_.Look();
  }
  const auto history = keeper_.History();
  ASSERT_THAT(history, SizeIs(CatalogHistory::kMost));
  EXPECT_EQ(history.front().since, clock_.Now());
  EXPECT_EQ(history.back().since, clock_.Now() - absl::Minutes(15));
  EXPECT_THAT(keeper_.Rollback(DigestOf(kFirst), Operator()), HasReason(Reason::kRequestInvalid));
}

TEST_F(CatalogKeeperTest, TheSameMeaningInOtherWordsTakesItsPlaceAndTheOldOneDies) {
  documents_.Write(kSecond);
  keeper_.Reload(CatalogTrigger::kAdmin);
  const std::weak_ptr<const Catalog> old = live_.Current()->catalog;
  documents_.Write("# in other words\n" + kSecond);
  EXPECT_TRUE(keeper_.Reload(CatalogTrigger::kAdmin).taken);
  EXPECT_THAT(Triggers(), ElementsAre("admin", "start"));
  EXPECT_FALSE(keeper_.Now().documents_differ);
  EXPECT_TRUE(old.expired());
}

}  // namespace
}  // namespace behalf
