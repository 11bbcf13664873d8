#include "daemon/wiring/tracing.h"

#include <utility>

#include "daemon/process/version.h"
#include "daemon/traces/otlp.h"
#include "daemon/wiring/fleet.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

DocumentNames NamesIn(const LiveCatalog& catalogs) {
  const auto has = [&catalogs](const auto& find) -> DocumentNames::Has {
    return [&catalogs, find](const std::string& name) {
      return find(*catalogs.Current()->catalog, name) != nullptr;
    };
  };
  return {.agent = has([](const Catalog& in, const auto& name) { return in.FindAgent(name); }),
          .tool = has([](const Catalog& in, const auto& name) { return in.FindTool(name); }),
          .api = has([](const Catalog& in, const auto& name) { return in.FindApi(name); })};
}

}  // namespace

std::unique_ptr<SpanQueue> SpansOf(const TracesSpec& traces,
                                   const std::shared_ptr<Outward>& outward,
                                   const SteadyClock& steady) {
  if (traces.otlp.url.empty()) return nullptr;
  const SpanSource source = {{"service.name", "behalfd"},
                             {"service.version", kVersion},
                             {"service.instance.id", NameOfThisReplica()}};
  auto send = [outward, source,
               to = outward->To(traces.otlp, "the collector")](const std::vector<Span>& spans) {
    return to.Post(EncodeSpans(spans, source, kVersion), kOtlpContentType);
  };
  const auto report = [url = traces.otlp.url](const absl::Status& sent) {
    if (sent.ok()) return spdlog::info("spans are told to {} again", url);
    spdlog::warn("spans are not told to {}: {}", url, std::string(sent.message()));
  };
  return std::make_unique<SpanQueue>(std::move(send), report, steady);
}

std::unique_ptr<TracingSink> TracingOf(const TracesSpec& traces, SpanQueue* spans, AuditSink& inner,
                                       const LiveCatalog& catalogs, const Clock& clock) {
  if (spans == nullptr) return nullptr;
  return std::make_unique<TracingSink>(inner, Sampling(traces.one_in), NamesIn(catalogs), *spans,
                                       clock);
}

}  // namespace behalf
