#include "blueprint/digest.h"

#include "blueprint/canon.h"
#include "blueprint/kinds.h"
#include "blueprint/values.h"
#include "daemon/crypto/digest.h"

namespace behalf::loader {
namespace {

template <class T>
Canon CanonOf(const Mapping<T>& mapping, const T& document) {
  Canon canon(DirectoryOf(document.place.file));
  canon.Text(mapping.info().title);
  if constexpr (requires { document.name; }) canon.Text(document.name);
  if constexpr (requires { document.labels; }) Labels().write(document.labels, canon);
  mapping.Write(document, canon);
  return canon;
}

template <class T>
void Append(const Mapping<T>& mapping, const std::vector<std::unique_ptr<T>>& documents,
            std::vector<Canon>& all) {
  for (const auto& document : documents) all.push_back(CanonOf(mapping, *document));
}

}  // namespace

std::string DigestOf(const DocumentSet& set) {
  std::vector<Canon> all;
  Append(ProviderMapping(), set.providers, all);
  Append(ApiMapping(), set.apis, all);
  Append(ToolMapping(), set.tools, all);
  Append(BlueprintMapping(), set.blueprints, all);
  Append(PolicyMapping(), set.policies, all);
  Append(DaemonMapping(), set.daemons, all);
  Canon canon({});
  canon.Text("behalf/v1");
  canon.Parts(std::move(all));
  return Hex(Sha256(canon.bytes()));
}

std::string DigestOf(const Provider& provider) {
  return Hex(Sha256(CanonOf(ProviderMapping(), provider).bytes()));
}

}  // namespace behalf::loader
