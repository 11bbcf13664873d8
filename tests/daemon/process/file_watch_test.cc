#include "daemon/process/file_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "tests/daemon/process/scratch_tree.h"

namespace behalf {
namespace {

// Counts the rounds of a watch, and waits for the next one.
class Rounds {
 public:
  void Add() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    ++rounds_;
  }
  int Count() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return rounds_;
  }
  bool AwaitMoreThan(int rounds) const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    const auto more = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return rounds_ > rounds; };
    return mutex_.AwaitWithTimeout(absl::Condition(&more), absl::Seconds(30));
  }

 private:
  mutable absl::Mutex mutex_;
  int rounds_ ABSL_GUARDED_BY(mutex_) = 0;
};

class FileWatchTest : public testing::Test {
 protected:
  FileWatchTest() {
    scratch_.Folder("docs/team");
    scratch_.Folder("secrets");
    scratch_.Write("docs/a.yaml");
  }

  void Start(const std::string& tree = "docs", const std::vector<std::string>& files = {}) {
    watch_ = std::make_unique<FileWatch>(
        Files(tree, files), [this] { rounds_.Add(); },
        FileWatch::Pace{.quiet = absl::Milliseconds(5), .longest = absl::Milliseconds(50)});
    watch_->Start();
    ASSERT_TRUE(rounds_.AwaitMoreThan(0)) << "one look at the start";
    EXPECT_EQ(watch_->Problem(), "");
  }
  WatchedFiles Files(const std::string& tree, const std::vector<std::string>& files) const {
    WatchedFiles watched{.tree = scratch_.Path(tree), .files = {}};
    for (const std::string& file : files) watched.files.push_back(scratch_.Path(file));
    return watched;
  }
  template <typename Change>
  void ExpectNoticed(Change change) {
    const int before = rounds_.Count();
    change();
    EXPECT_TRUE(rounds_.AwaitMoreThan(before));
  }

  ScratchTree scratch_;
  Rounds rounds_;
  std::unique_ptr<FileWatch> watch_;
};

TEST_F(FileWatchTest, AFileThatIsWrittenInPlaceIsNoticed) {
  Start();
  ExpectNoticed([&] { scratch_.Write("docs/a.yaml", "other"); });
  ExpectNoticed([&] { scratch_.Write("docs/team/new.yaml"); });
}

TEST_F(FileWatchTest, AFileThatIsRenamedIntoItsPlaceIsNoticed) {
  scratch_.Write("prepared");
  Start();
  ExpectNoticed([&] { scratch_.Rename("prepared", "docs/a.yaml"); });
}

TEST_F(FileWatchTest, ADirectoryThatIsReplacedIsNoticedAndThenWatched) {
  scratch_.Folder("new/team");
  Start();
  ExpectNoticed([&] {
    scratch_.Rename("docs", "old");
    scratch_.Rename("new", "docs");
  });
  ExpectNoticed([&] { scratch_.Write("docs/team/b.yaml"); });
}

TEST_F(FileWatchTest, ANewDirectoryIsWatched) {
  Start();
  ExpectNoticed([&] { scratch_.Folder("docs/new"); });
  ExpectNoticed([&] { scratch_.Write("docs/new/c.yaml"); });
}

TEST_F(FileWatchTest, TheSwapOfALinkIsNoticed) {
  scratch_.Folder("mount/..1");
  scratch_.Folder("mount/..2");
  scratch_.Link("..1", "mount/..data");
  scratch_.Link("..data/a.yaml", "mount/a.yaml");
  scratch_.Link("..2", "mount/..data_tmp");
  Start("mount");
  ExpectNoticed([&] { scratch_.Rename("mount/..data_tmp", "mount/..data"); });
  ExpectNoticed([&] { scratch_.Write("mount/..2/a.yaml"); });
}

TEST_F(FileWatchTest, ALinkThatThePathGoesThroughIsNoticed) {
  scratch_.Folder("other");
  scratch_.Link("docs", "current");
  scratch_.Link("other", "next");
  Start("current");
  ExpectNoticed([&] { scratch_.Rename("next", "current"); });
  ExpectNoticed([&] { scratch_.Write("other/a.yaml"); });
}

TEST_F(FileWatchTest, ASecretIsNoticedWhenItComesAndWhenItGoes) {
  Start("docs", {"secrets/deep/one"});
  ExpectNoticed([&] { scratch_.Folder("secrets/deep"); });
  ExpectNoticed([&] { scratch_.Write("secrets/deep/one"); });
  ExpectNoticed([&] { std::filesystem::remove(scratch_.Path("secrets/deep/one")); });
}

TEST_F(FileWatchTest, WhatIsToldLaterIsWatchedToo) {
  Start();
  ExpectNoticed([&] { watch_->Watch(Files("docs", {"secrets/one"})); });
  ExpectNoticed([&] { scratch_.Write("secrets/one"); });
}

TEST_F(FileWatchTest, WithoutInotifyItSaysSoAndDoesNothing) {
  // Sanitizers need descriptors to look at objects: as little as can be happens
  // without any.
  const auto files = Files("docs", {});
  const auto notice = [this] { rounds_.Add(); };
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  FileWatch watch(files, notice);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  watch.Start();
  EXPECT_THAT(watch.Problem(), testing::HasSubstr("inotify"));
  watch.Watch(Files("docs", {"secrets/one"}));
  watch.Stop();
  EXPECT_EQ(rounds_.Count(), 0);
}

TEST_F(FileWatchTest, AfterItsStopNothingIsCalled) {
  Start();
  watch_->Stop();
  const int rounds = rounds_.Count();
  scratch_.Write("docs/a.yaml", "other");
  watch_->Stop();
  EXPECT_EQ(rounds_.Count(), rounds);
}

}  // namespace
}  // namespace behalf
