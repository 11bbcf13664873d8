// The loader: any bytes are issues or a catalog, and a catalog is shown as
// documents that mean the same.
#include <memory>
#include <string>

#include "blueprint/effective.h"
#include "blueprint/load.h"
#include "tests/fuzz/promise.h"

namespace behalf::fuzz {
namespace {

// The same on every host.
class Accounts final : public HostAccounts {
 public:
  std::optional<uid_t> Uid(const std::string& user) const override {
    if (user == "root") return 0;
    if (user == "invoice") return 1001;
    if (user == "mail") return 1002;
    return std::nullopt;
  }
  std::optional<gid_t> Gid(const std::string& group) const override {
    if (group == "tools") return 2001;
    return std::nullopt;
  }
  std::vector<gid_t> GroupsOf(uid_t uid) const override {
    if (uid == 1002) return {2001};
    return {};
  }
  uid_t OverflowUid() const override { return 65534; }
};

void CheckIssues(const LoadResult& loaded) {
  bool refused = false;
  for (const Issue& issue : loaded.issues) {
    refused = refused || issue.kind == Issue::Kind::kDocument;
    Promise(!Render(issue).empty(), "an issue says something");
  }
  Promise(refused == (loaded.catalog == nullptr), "there is a catalog, or an issue says why not");
}

void CheckEffective(const std::vector<SourceFile>& files, const Catalog& catalog) {
  const std::string shown = EffectiveYaml(EffectiveDocuments(files));
  const LoadResult again = Load({{.path = "shown.yaml", .text = shown}}, Accounts());
  Promise(again.catalog != nullptr, "what is shown of documents loads");
  Promise(again.catalog->digest() == catalog.digest(), "what is shown means the same");
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf;
  const std::vector<SourceFile> files = {
      {.path = "fuzz.yaml", .text = std::string(fuzz::TextOf(data, size))}};
  const LoadResult loaded = Load(files, fuzz::Accounts());
  fuzz::CheckIssues(loaded);
  if (loaded.catalog != nullptr) fuzz::CheckEffective(files, *loaded.catalog);
  return 0;
}
