#include <algorithm>

#include "daemon/cli/actions.h"
#include "daemon/cli/documents.h"
#include "daemon/cli/effective_json.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/json.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

const EffectiveValue& KindOf(const EffectiveValue& document) { return *Find(document, "kind"); }

const EffectiveValue& NameOf(const EffectiveValue& document) {
  return *Find(*Find(document, "metadata"), "name");
}

Json DocumentJson(const EffectiveValue& document, bool whole) {
  if (!whole) {
    return Json::Object{{"kind", KindOf(document).text},
                        {"name", NameOf(document).text},
                        {"place", NameOf(document).place}};
  }
  Json::Object places;
  Json value = ValueJson(document, "", places);
  return Json::Object{{"document", std::move(value)}, {"places", std::move(places)}};
}

void PrintTable(const std::vector<EffectiveValue>& documents, std::ostream& out) {
  std::size_t kinds = 0, names = 0;
  for (const EffectiveValue& document : documents) {
    kinds = std::max(kinds, KindOf(document).text.size());
    names = std::max(names, NameOf(document).text.size());
  }
  const auto padded = [](std::string text, std::size_t width) {
    text.resize(width + 2, ' ');
    return text;
  };
  for (const EffectiveValue& document : documents) {
    out << padded(KindOf(document).text, kinds) << padded(NameOf(document).text, names)
        << Printable(NameOf(document).place) << '\n';
  }
}

void Print(const std::vector<EffectiveValue>& documents, const std::string& digest, bool whole,
           Console& console) {
  if (console.format() == Format::kJson) {
    Json::Array array;
    for (const EffectiveValue& document : documents) array.push_back(DocumentJson(document, whole));
    console.out() << Json(Json::Object{{"digest", digest}, {"documents", std::move(array)}}).Dump()
                  << '\n';
  } else if (whole) {
    console.out() << "# digest " << digest << '\n' << Printable(EffectiveYaml(documents));
  } else {
    PrintTable(documents, console.out());
    console.out() << "digest " << digest << '\n';
  }
}

}  // namespace

int ShowCatalog(const Arguments& arguments, Console& console) {
  const absl::StatusOr<std::vector<SourceFile>> files = ReadDocuments(arguments.operands);
  if (!files.ok()) return console.Fail(files.status());
  LoadResult result = Load(*files, *SystemAccounts());
  std::erase_if(result.issues, [](const Issue& issue) { return issue.kind == Issue::Kind::kHost; });
  if (result.catalog == nullptr) {
    PrintIssues(result.issues, console);
    return kNegative;
  }
  Print(EffectiveDocuments(*files), result.catalog->digest(), arguments.Has("effective"), console);
  return kOk;
}

}  // namespace behalf::cli
