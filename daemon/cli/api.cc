#include "absl/strings/str_join.h"
#include "blueprint/suggest.h"
#include "blueprint/well_known.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/effective_json.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/record.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

// A test holds every shipped file to one document with these keys.
EffectiveValue DocumentOf(const WellKnownApi& api) {
  return EffectiveDocuments({api.file}).front();
}

const EffectiveValue& Get(const EffectiveValue& map, std::string_view key) {
  return *Find(map, key);
}

std::size_t Count(const EffectiveValue& spec, std::string_view key) {
  const EffectiveValue* list = Find(spec, key);
  return list == nullptr ? 0 : list->members.size();
}

// "observed: audiences, roles; unconfirmed: scopes"
std::string NotDocumented(const EffectiveValue& evidence) {
  std::vector<std::string> groups;
  for (const std::string word : {"observed", "unconfirmed"}) {
    std::vector<std::string> keys;
    for (const EffectiveMember& member : evidence.members) {
      if (member.value.text == word) keys.push_back(member.key);
    }
    if (!keys.empty()) groups.push_back(Concat({word, ": ", absl::StrJoin(keys, ", ")}));
  }
  return absl::StrJoin(groups, "; ");
}

Json::Object RowJson(const std::string& name, const EffectiveValue& spec) {
  Json::Object places;
  return {{"name", name},
          {"resource", Get(spec, "resource").text},
          {"scopes", Count(spec, "scopes")},
          {"roles", Count(spec, "roles")},
          {"evidence", ValueJson(Get(spec, "evidence"), "", places)}};
}

}  // namespace

int ListApis(const Arguments&, Console& console) {
  std::vector<std::vector<std::string>> rows = {
      {"NAME", "RESOURCE", "SCOPES", "ROLES", "NOT DOCUMENTED"}};
  Json::Array array;
  for (const WellKnownApi& api : WellKnownApis()) {
    const EffectiveValue document = DocumentOf(api);
    const EffectiveValue& spec = Get(document, "spec");
    rows.push_back({api.name, Get(spec, "resource").text, std::to_string(Count(spec, "scopes")),
                    std::to_string(Count(spec, "roles")), NotDocumented(Get(spec, "evidence"))});
    array.push_back(RowJson(api.name, spec));
  }
  if (console.format() == Format::kJson) {
    PrintRecord(Json::Object{{"apis", Json(std::move(array))}}, console);
  } else {
    console.out() << TableText(rows);
  }
  return kOk;
}

int ShowApi(const Arguments& arguments, Console& console) {
  const std::string& name = arguments.operands.front();
  const WellKnownApi* api = FindWellKnownApi(name);
  if (api == nullptr) {
    std::vector<std::string> names;
    for (const WellKnownApi& known : WellKnownApis()) names.push_back(known.name);
    return console.Fail(absl::InvalidArgumentError(
        Concat({"there is no such well-known API: ", loader::Suggest(name, names)})));
  }
  if (console.format() == Format::kJson) {
    Json::Object places;
    console.out() << ValueJson(DocumentOf(*api), "", places).Dump() << '\n';
  } else {
    console.out() << api->file.text;
  }
  return kOk;
}

}  // namespace behalf::cli
