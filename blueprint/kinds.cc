#include "blueprint/kinds.h"

#include "blueprint/values.h"

namespace behalf::loader {
namespace {

const Mapping<Envelope>& MetadataMapping() {
  static const auto& mapping =
      (new Mapping<Envelope>("metadata", "What the document is called."))
          ->Required("name", &Envelope::name, Name("invoice-assistant"),
                     "The document's name; no other document of its kind has it.")
          .Optional("labels", &Envelope::labels, Labels(),
                    "What policies know the document by, for a Tool and an Api.");
  return mapping;
}

// The spec as it stands: which kind it is has to be known first.
Type<const Node*> Anything() {
  return {{.form = TypeInfo::Form::kMap, .what = "a mapping", .example = {}, .pattern = {}},
          [](const Node& node, const Node*& out, Binder&) { out = &node; },
          [](const Node* const&, Canon&) {}};
}

std::vector<std::string> KindNames() {
  std::vector<std::string> names;
  for (const KindInfo& kind : AllKinds()) names.push_back(kind.name);
  return names;
}

KindInfo Describe(const ShapeInfo& spec) { return {spec.title, spec.doc, &spec}; }

}  // namespace

const Mapping<Envelope>& EnvelopeMapping() {
  static const auto& mapping =
      (new Mapping<Envelope>("document", "What every document has."))
          ->Required("apiVersion", &Envelope::api_version, Word({"behalf/v1"}),
                     "The version of this format.")
          .Required("kind", &Envelope::kind, Word(KindNames()), "What the document describes.")
          .Required("metadata", Self{}, Struct(MetadataMapping()), "What the document is called.")
          .Required("spec", &Envelope::spec, Anything(), "The description, by kind.");
  return mapping;
}

const std::vector<KindInfo>& AllKinds() {
  static const auto& kinds = *new std::vector<KindInfo>{
      Describe(DaemonMapping().info()),    Describe(ProviderMapping().info()),
      Describe(ApiMapping().info()),       Describe(ToolMapping().info()),
      Describe(BlueprintMapping().info()), Describe(PolicyMapping().info())};
  return kinds;
}

const ShapeInfo& EnvelopeInfo() { return EnvelopeMapping().info(); }

}  // namespace behalf::loader
