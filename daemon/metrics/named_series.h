// Series whose labels are names of the documents.
#pragma once

#include <prometheus/family.h>
#include <prometheus/labels.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace behalf {

// Whether one of these documents has the name.
template <typename Documents>
bool IsNamed(const Documents& documents, const std::string& name) {
  return std::any_of(documents.begin(), documents.end(),
                     [&](const auto& document) { return document->name == name; });
}

// Names come and go with the documents, so a series is made when it is first
// counted and dropped when its names are gone: there are never more than the
// documents have names for. It locks and looks up, which is for paths that ask
// a provider over the network, and for no others. Thread-safe.
template <typename Instrument>
class NamedSeries {
 public:
  // `family` must outlive this.
  explicit NamedSeries(prometheus::Family<Instrument>& family) : family_(family) {}

  // `use(Instrument&)` with the series of these labels. `made_with`: what a new
  // instrument takes besides.
  template <typename Use, typename... MadeWith>
  void With(const prometheus::Labels& labels, Use use, const MadeWith&... made_with)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    auto& series = series_[labels];
    if (series == nullptr) series = &family_.Add(labels, made_with...);
    use(*series);
  }

  // Drops the series of which this is not true.
  void KeepIf(const std::function<bool(const prometheus::Labels&)>& keep)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    std::erase_if(series_, [&](const auto& entry) {
      if (keep(entry.first)) return false;
      family_.Remove(entry.second);
      return true;
    });
  }

 private:
  prometheus::Family<Instrument>& family_;
  absl::Mutex mutex_;
  std::map<prometheus::Labels, Instrument*> series_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf
