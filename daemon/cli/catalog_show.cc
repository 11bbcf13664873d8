#include <algorithm>

#include "blueprint/effective.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/documents.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/json.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

using Form = EffectiveValue::Form;

const EffectiveValue* Find(const EffectiveValue& map, std::string_view key) {
  const auto member = std::ranges::find(map.members, key, &EffectiveMember::key);
  return member == map.members.end() ? nullptr : &member->value;
}

const EffectiveValue& KindOf(const EffectiveValue& document) { return *Find(document, "kind"); }

const EffectiveValue& NameOf(const EffectiveValue& document) {
  return *Find(*Find(document, "metadata"), "name");
}

Json ScalarJson(const EffectiveValue& value) {
  if (value.form == Form::kFlag) return value.text == "true";
  const bool number = value.form == Form::kNumber && value.text.size() <= 18 &&
                      value.text.find_first_not_of("0123456789") == std::string::npos;
  return number ? Json(std::stoll(value.text)) : Json(value.text);
}

// The value, and the places of all scalars and lists of them by their paths.
Json ValueJson(const EffectiveValue& value, const std::string& path, Json::Object& places) {
  if (value.form != Form::kMap && !value.place.empty()) places.emplace_back(path, value.place);
  if (value.form == Form::kMap) {
    Json::Object object;
    for (const EffectiveMember& member : value.members) {
      const std::string below = path.empty() ? member.key : Concat({path, ".", member.key});
      object.emplace_back(member.key, ValueJson(member.value, below, places));
    }
    return object;
  }
  if (value.form != Form::kList) return ScalarJson(value);
  Json::Array array;
  for (const EffectiveMember& item : value.members) {
    const std::string below = Concat({path, "[", std::to_string(array.size()), "]"});
    array.push_back(ValueJson(item.value, below, places));
  }
  return array;
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
