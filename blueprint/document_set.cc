#include "blueprint/document_set.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "blueprint/inherit.h"
#include "blueprint/kinds.h"
#include "blueprint/yaml_reader.h"

namespace behalf::loader {
namespace {

// The place of the name, however broken the rest is.
Place PlaceOfName(const Envelope& envelope, const Binder& binder) {
  const Mark* mark = binder.FindMark(&envelope.name);
  return mark == nullptr ? envelope.place : mark->place();
}

template <class T>
void BindLabels(const Envelope& envelope, T& document, Binder& binder) {
  const Mark* mark = binder.FindMark(&envelope.labels);
  if (mark == nullptr) return;
  if constexpr (requires { document.labels; }) {
    document.labels = envelope.labels;
  } else {
    binder.Error(*mark->node, absl::StrCat("a ", envelope.kind, " has no labels"),
                 envelope.kind == BlueprintMapping().info().title
                     ? "write them into `defaults` of its spec: all its agents then have them"
                     : "remove them: policies look at the labels of a Tool, an Api and an agent");
  }
}

template <class T>
void BindSpec(const Mapping<T>& mapping, const Envelope& envelope, Binder& binder, DocumentSet& set,
              std::vector<std::unique_ptr<T>>& documents) {
  T& document = *documents.emplace_back(std::make_unique<T>());
  document.place = PlaceOfName(envelope, binder);
  if constexpr (requires { document.name; }) document.name = envelope.name;
  BindLabels(envelope, document, binder);
  if (envelope.spec != nullptr) {
    binder.Enter("`spec`");
    mapping.Read(*envelope.spec, document, binder);
  }
  set.entries.push_back(
      {envelope.kind, envelope.name, document.place, &document, !binder.failed()});
}

void BindDocument(const Node& root, Binder& binder, DocumentSet& set) {
  const auto envelope = std::make_shared<Envelope>();
  set.envelopes.push_back(envelope);
  EnvelopeMapping().Read(root, *envelope, binder);
  if (envelope->kind.empty() || envelope->name.empty()) set.complete = false;
  const auto bind = [&](const auto& mapping, auto& documents) {
    if (envelope->kind != mapping.info().title) return;
    BindSpec(mapping, *envelope, binder, set, documents);
  };
  bind(ProviderMapping(), set.providers);
  bind(ApiMapping(), set.apis);
  bind(ToolMapping(), set.tools);
  bind(BlueprintMapping(), set.blueprints);
  bind(PolicyMapping(), set.policies);
  bind(DaemonMapping(), set.daemons);
}

}  // namespace

bool DocumentSet::Whole(std::string_view kind) const {
  return complete && std::ranges::all_of(entries, [&](const Entry& entry) {
           return entry.whole || entry.kind != kind;
         });
}

void ReadFile(const SourceFile& file, DocumentSet& set, Report& report) {
  const std::string& path = set.files.emplace_back(file.path);
  auto read = ReadYaml(file.text);
  if (auto* error = std::get_if<SyntaxError>(&read)) {
    set.complete = false;
    report.Error({path, error->line, error->column}, std::move(error->message),
                 std::move(error->advice));
    return;
  }
  auto& documents = set.trees.emplace_back(std::get<std::vector<Node>>(std::move(read)));
  for (Node& root : documents) {
    Inherit(root);
    Binder binder(path, report, set.marks, set.references);
    BindDocument(root, binder, set);
  }
}

}  // namespace behalf::loader
