#include "daemon/process/file_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM |
                                  IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                                  IN_ONLYDIR;

std::string Refusal(const std::string& directory, int error) {
  if (error == ENOSPC) {
    return absl::StrCat(directory, " is not watched: fs.inotify.max_user_watches is reached");
  }
  return absl::StrCat(directory, " is not watched: ", ::strerrordesc_np(error));
}

}  // namespace

FileWatch::FileWatch(WatchedFiles watched, Changed changed, Pace pace)
    : changed_(std::move(changed)),
      pace_(pace),
      inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      watched_(std::move(watched)),
      problem_(inotify_.valid() ? "" : "inotify is not to be had; see fs.inotify in sysctl") {}

void FileWatch::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  eventfd_write(wake_.get(), 1);
  if (thread_.joinable()) thread_.join();
}

void FileWatch::Watch(WatchedFiles watched) {
  const absl::MutexLock lock(&mutex_);
  if (watched == watched_) return;
  watched_ = std::move(watched);
  news_ = true;
  eventfd_write(wake_.get(), 1);
}

std::string FileWatch::Problem() const {
  const absl::MutexLock lock(&mutex_);
  return problem_;
}

void FileWatch::Say(std::string problem) {
  const absl::MutexLock lock(&mutex_);
  problem_ = std::move(problem);
}

// Directories are watched before `changed_` looks at what is in them, and when
// there are new ones afterwards it looks once more: nothing happens unseen.
void FileWatch::Run() {
  if (!inotify_.valid() || !wake_.valid()) return;
  bool due = false;
  while (true) {
    if (!due && !Wait(absl::InfiniteDuration())) return;
    due = TakeNews() || due;
    due = ReadEvents() || due;
    if (!due) continue;
    Arm();
    Settle();
    {
      const absl::MutexLock lock(&mutex_);
      if (stopping_) return;
    }
    changed_();
    due = Arm();
  }
}

// Until something is there to read; false when it is time to stop.
bool FileWatch::Wait(absl::Duration at_most) {
  {
    const absl::MutexLock lock(&mutex_);
    if (stopping_) return false;
    if (news_) return true;
  }
  std::array<pollfd, 2> ready{{{.fd = inotify_.get(), .events = POLLIN, .revents = 0},
                               {.fd = wake_.get(), .events = POLLIN, .revents = 0}}};
  const timespec limit = absl::ToTimespec(at_most);
  ppoll(ready.data(), ready.size(), at_most == absl::InfiniteDuration() ? nullptr : &limit,
        nullptr);
  const absl::MutexLock lock(&mutex_);
  return !stopping_;
}

// Returns when it has been quiet for long enough.
void FileWatch::Settle() {
  using Steady = std::chrono::steady_clock;
  const Steady::time_point begun = Steady::now();
  Steady::time_point last = begun;
  while (true) {
    const Steady::time_point end = std::min(last + absl::ToChronoNanoseconds(pace_.quiet),
                                            begun + absl::ToChronoNanoseconds(pace_.longest));
    const Steady::time_point now = Steady::now();
    if (now >= end || !Wait(absl::FromChrono(end - now))) return;
    const bool news = TakeNews();
    if (ReadEvents() || news) last = Steady::now();
  }
}

// True when one of them counts.
bool FileWatch::ReadEvents() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  bool any = false;
  ssize_t size = 0;
  while ((size = read(inotify_.get(), buffer.data(), buffer.size())) > 0) {
    for (const char* at = buffer.data(); at < buffer.data() + size;) {
      const auto* const event = reinterpret_cast<const inotify_event*>(at);
      at += sizeof(inotify_event) + event->len;
      const bool lost = (event->mask & IN_Q_OVERFLOW) != 0;
      any = lost || Counts(event->wd, event->len > 0 ? event->name : "") || any;
      if ((event->mask & IN_IGNORED) == 0) continue;
      const auto directory = directories_.find(event->wd);
      if (directory == directories_.end()) continue;
      places_.erase(directory->second);
      directories_.erase(directory);
    }
  }
  return any;
}

bool FileWatch::Counts(int watch, const std::string& name) const {
  const auto directory = directories_.find(watch);
  if (directory == directories_.end()) return false;
  const auto place = places_.find(directory->second);
  if (place == places_.end()) return false;
  return name.empty() || place->second.empty() || place->second.contains(name);
}

bool FileWatch::TakeNews() {
  eventfd_t ignored = 0;
  eventfd_read(wake_.get(), &ignored);
  const absl::MutexLock lock(&mutex_);
  return std::exchange(news_, false);
}

// Watches what is to be watched by now, and no longer what is not. True when
// there was a directory that had not been watched.
bool FileWatch::Arm() {
  WatchedFiles watched;
  {
    const absl::MutexLock lock(&mutex_);
    watched = watched_;
  }
  WatchedPlaces wanted = PlacesOf(watched);
  std::map<int, std::string> directories;
  bool any_new = false;
  std::string problem;
  for (auto place = wanted.begin(); place != wanted.end();) {
    const int watch = inotify_add_watch(inotify_.get(), place->first.c_str(), kEvents);
    if (watch < 0) {
      // A directory that has just gone is seen from its parent.
      if (errno != ENOENT && errno != ENOTDIR) problem = Refusal(place->first, errno);
      place = wanted.erase(place);
      continue;
    }
    any_new = any_new || !directories_.contains(watch);
    directories.emplace(watch, place->first);
    ++place;
  }
  for (const auto& [watch, directory] : directories_) {
    if (!directories.contains(watch)) inotify_rm_watch(inotify_.get(), watch);
  }
  directories_ = std::move(directories);
  places_ = std::move(wanted);
  Say(std::move(problem));
  return any_new;
}

}  // namespace behalf
