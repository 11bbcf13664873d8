#include "daemon/process/watched_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/process/scratch_tree.h"

namespace behalf {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

class WatchedPlacesTest : public testing::Test {
 protected:
  WatchedPlaces Places(const std::string& tree, const std::vector<std::string>& files = {}) const {
    WatchedFiles watched{.tree = scratch_.Path(tree), .files = {}};
    for (const std::string& file : files) watched.files.push_back(scratch_.Path(file));
    return PlacesOf(watched);
  }
  auto All(const std::string& folder) const { return Pair(scratch_.Path(folder), IsEmpty()); }
  template <typename... Names>
  auto Only(const std::string& folder, Names... names) const {
    return Pair(scratch_.Path(folder), UnorderedElementsAre(names...));
  }

  ScratchTree scratch_;
};

TEST_F(WatchedPlacesTest, OfADirectoryEverythingBelowItCountsAndItsOwnName) {
  scratch_.Folder("docs/team");
  scratch_.Folder("docs/.git/objects");
  scratch_.Write("docs/a.yaml");
  EXPECT_THAT(Places("docs"),
              UnorderedElementsAre(All("docs"), All("docs/team"), Only("", "docs")));
}

TEST_F(WatchedPlacesTest, OfAFileItsNameCounts) {
  scratch_.Write("a.yaml");
  EXPECT_THAT(Places("a.yaml"), UnorderedElementsAre(Only("", "a.yaml")));
}

TEST_F(WatchedPlacesTest, APathThroughALinkMayComeToLeadElsewhere) {
  scratch_.Folder("versions/1/docs");
  scratch_.Link("versions/1", "current");
  EXPECT_THAT(Places("current/docs"),
              UnorderedElementsAre(All("versions/1/docs"), Only("versions/1", "docs"),
                                   Only("", "current")));
}

TEST_F(WatchedPlacesTest, AMountedConfigMapChangesByItsData) {
  scratch_.Folder("docs/..1");
  scratch_.Write("docs/..1/a.yaml");
  scratch_.Link("..1", "docs/..data");
  scratch_.Link("..data/a.yaml", "docs/a.yaml");
  EXPECT_THAT(Places("docs"),
              UnorderedElementsAre(All("docs"), Only("docs/..1", "a.yaml"), Only("", "docs")));
}

TEST_F(WatchedPlacesTest, SecretsAreWatchedByNameAndThroughLinks) {
  scratch_.Folder("docs");
  scratch_.Folder("secrets/..1");
  scratch_.Link("..1", "secrets/..data");
  const WatchedPlaces places = Places("docs", {"secrets/..data/one", "secrets/other"});
  EXPECT_THAT(places, Contains(Only("secrets", "..data", "other")));
  EXPECT_THAT(places, Contains(Only("secrets/..1", "one")));
}

TEST_F(WatchedPlacesTest, WhatIsNotThereIsWatchedForWhereItWouldBe) {
  scratch_.Folder("docs");
  EXPECT_THAT(Places("docs", {"run/secrets/one"}), Contains(Only("", "docs", "run")));
}

TEST_F(WatchedPlacesTest, LinksThatGoRoundEnd) {
  scratch_.Link("b", "a");
  scratch_.Link("a", "b");
  EXPECT_THAT(Places("a"), UnorderedElementsAre(Only("", "a", "b")));
}

}  // namespace
}  // namespace behalf
