#include "daemon/broker/catalog_keeper.h"

#include "daemon/base/error.h"
#include "daemon/broker/recorded_caller.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

AuditRecord RecordOf(AuditEvent event, const CatalogReport& report, const CallerPtr& caller) {
  AuditRecord record{.time = report.at, .event = event};
  record.catalog_digest = report.digest;
  record.trigger = std::string(TriggerName(report.trigger));
  if (caller) record.caller = RecordedCaller(*caller);
  return record;
}

void Log(const CatalogReport& report) {
  for (const std::string& issue : report.issues) spdlog::warn("{}", issue);
  if (report.taken) {
    spdlog::info("catalog {} is in force ({})", report.digest, TriggerName(report.trigger));
  } else {
    spdlog::error("the documents are refused ({}); catalog {} stays in force",
                  TriggerName(report.trigger), report.digest);
  }
}

}  // namespace

CatalogKeeper::CatalogKeeper(Parts parts, const LoadedDocuments& first)
    : parts_(std::move(parts)),
      history_(CatalogEntry{.catalog = first.in_force->catalog,
                            .fingerprint = first.fingerprint,
                            .since = parts_.clock.Now(),
                            .trigger = CatalogTrigger::kStart}),
      seen_(first.fingerprint),
      last_(Begin(CatalogTrigger::kStart)) {
  last_.issues = first.issues;
}

CatalogReport CatalogKeeper::Reload(CatalogTrigger trigger, const CallerPtr& caller) {
  const absl::MutexLock lock(&loading_);
  return Settle(ReadText(parts_.source), trigger, caller);
}

void CatalogKeeper::Look() {
  const absl::MutexLock lock(&loading_);
  const DocumentText text = ReadText(parts_.source);
  bool known = false;
  {
    const absl::MutexLock reading(&mutex_);
    known = text.fingerprint == seen_;
  }
  if (known) {
    CheckHostAgain();
  } else {
    Settle(text, CatalogTrigger::kWatch, {});
  }
}

void CatalogKeeper::Recheck() {
  const absl::MutexLock lock(&loading_);
  CheckHostAgain();
}

CatalogReport CatalogKeeper::Settle(const DocumentText& text, CatalogTrigger trigger,
                                    const CallerPtr& caller) {
  CatalogReport report = Begin(trigger);
  const CatalogInForcePtr before = parts_.live.Current();
  LoadedDocuments loaded =
      LoadDocuments(text, parts_.source, parts_.accounts, before->catalog->daemon());
  {
    const absl::MutexLock lock(&mutex_);
    seen_ = text.fingerprint;
  }
  report.issues = loaded.issues;
  if (loaded.in_force) {
    const absl::Status taken = Take(std::move(loaded), AuditEvent::kCatalogLoaded, caller, report);
    if (!taken.ok()) report.issues.push_back(std::string(taken.message()));
  } else {
    Refuse(loaded, caller, report);
  }
  Log(report);
  const absl::MutexLock lock(&mutex_);
  last_ = report;
  return report;
}

// The record comes first: what follows from the catalog is recorded after it.
absl::Status CatalogKeeper::Take(LoadedDocuments loaded, AuditEvent event, const CallerPtr& caller,
                                 CatalogReport& report) {
  const std::string before = report.digest;
  report.digest = loaded.in_force->catalog->digest();
  const absl::Status recorded = parts_.audit.Record(RecordOf(event, report, caller));
  report.taken = recorded.ok();
  if (!recorded.ok()) {
    report.digest = before;
    CheckHostAgain();
    return recorded;
  }
  parts_.live.Put(loaded.in_force);
  parts_.follow(*loaded.in_force->catalog);
  const absl::MutexLock lock(&mutex_);
  history_.Add({.catalog = loaded.in_force->catalog,
                .fingerprint = std::move(loaded.fingerprint),
                .since = report.at,
                .trigger = report.trigger});
  return recorded;
}

void CatalogKeeper::Refuse(const LoadedDocuments& loaded, const CallerPtr& caller,
                           CatalogReport& report) {
  report.taken = false;
  AuditRecord record = RecordOf(AuditEvent::kCatalogRefused, report, caller);
  record.detail = loaded.refusal;
  // The refusal stands whether or not it could be written.
  parts_.audit.Record(record).IgnoreError();
}

void CatalogKeeper::CheckHostAgain() {
  const CatalogInForcePtr before = parts_.live.Current();
  const std::vector<Issue> issues = parts_.source.CheckHost(*before->catalog);
  CatalogInForcePtr now = OnThisHost(before->catalog, issues);
  if (now->disabled == before->disabled) return;
  for (const Issue& issue : issues) spdlog::warn("{}", Render(issue));
  spdlog::info("{} blueprints are disabled, {} were", now->disabled.size(),
               before->disabled.size());
  parts_.live.Put(std::move(now));
}

absl::StatusOr<CatalogReport> CatalogKeeper::Rollback(std::string_view digest,
                                                      const CallerPtr& caller) {
  const absl::MutexLock lock(&loading_);
  absl::StatusOr<CatalogEntry> entry = [&] {
    const absl::MutexLock reading(&mutex_);
    return history_.Find(digest);
  }();
  if (!entry.ok()) return entry.status();
  CatalogReport report = Begin(CatalogTrigger::kRollback);
  const std::vector<Issue> issues = parts_.source.CheckHost(*entry->catalog);
  for (const Issue& issue : issues) report.issues.push_back(Render(issue));
  LoadedDocuments again{.in_force = OnThisHost(entry->catalog, issues),
                        .fingerprint = entry->fingerprint,
                        .issues = report.issues,
                        .refusal = {}};
  const absl::Status taken = Take(std::move(again), AuditEvent::kCatalogRolledBack, caller, report);
  if (!taken.ok()) return taken;
  Log(report);
  const absl::MutexLock writing(&mutex_);
  last_ = report;
  return report;
}

CatalogReport CatalogKeeper::Begin(CatalogTrigger trigger) const {
  return {.at = parts_.clock.Now(),
          .trigger = trigger,
          .taken = true,
          .digest = parts_.live.Current()->catalog->digest(),
          .issues = {}};
}

CatalogKeeper::State CatalogKeeper::Now() const {
  const absl::MutexLock lock(&mutex_);
  return {.last = last_, .documents_differ = seen_ != history_.in_force().fingerprint};
}

std::vector<CatalogEntry> CatalogKeeper::History() const {
  const absl::MutexLock lock(&mutex_);
  return history_.entries();
}

}  // namespace behalf
