#include <algorithm>

#include "absl/strings/str_join.h"
#include "behalf/v1/admin.grpc.pb.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/admin_call.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/record.h"
#include "daemon/cli/status_kept.h"
#include "daemon/cli/text.h"
#include "daemon/cli/trigger.h"

namespace behalf::cli {
namespace {

// "refused 2026-01-01T00:00:00Z (watch)"
std::string LoadText(const v1::CatalogLoad& load) {
  return Concat({load.taken() ? "taken " : "refused ", TimeText(load.at()), " (",
                 TriggerText(load.trigger()), ")"});
}

Json LoadJson(const v1::CatalogLoad& load) {
  return Json::Object{{"at", TimeText(load.at())},
                      {"trigger", TriggerText(load.trigger())},
                      {"taken", load.taken()},
                      {"issues", JsonStrings(load.issues())}};
}

Json::Object Facts(const v1::GetStatusResponse& answer, Json last_load) {
  return {{"version", answer.version()},
          {"started_at", TimeText(answer.started_at())},
          {"serves", answer.not_serving_because().empty()},
          {"audit_file", answer.audit_file()},
          {"catalog_digest", answer.catalog_digest()},
          {"documents_differ", answer.documents_differ()},
          {"last_load", std::move(last_load)},
          {"connections", answer.connections()},
          {"refused_connections", answer.refused_connections()},
          {"handles", answer.handles()},
          {"cached_tokens", answer.cached_tokens()}};
}

std::string KindText(v1::CredentialKind kind) {
  switch (kind) {
    case v1::CREDENTIAL_KIND_SECRET:
      return "secret";
    case v1::CREDENTIAL_KIND_CERTIFICATE:
      return "certificate";
    case v1::CREDENTIAL_KIND_FEDERATED_TOKEN:
      return "federated token";
    default:
      return "unknown";
  }
}

std::string ExpiryText(const v1::BlueprintStatus& blueprint) {
  return blueprint.has_credential_expires_at() ? TimeText(blueprint.credential_expires_at())
                                               : "not known";
}

Json BlueprintJson(const v1::BlueprintStatus& blueprint) {
  return Json::Object{
      {"name", blueprint.name()},
      {"enabled", blueprint.enabled()},
      {"credential", KindText(blueprint.credential())},
      {"credential_expires_at",
       blueprint.has_credential_expires_at() ? Json(ExpiryText(blueprint)) : Json()},
      {"problems", JsonStrings(blueprint.problems())}};
}

Json ProviderJson(const v1::ProviderStatus& provider) {
  return Json::Object{
      {"name", provider.name()},
      {"signing_keys", provider.signing_keys()},
      {"keys_fetched_at",
       provider.has_keys_fetched_at() ? Json(TimeText(provider.keys_fetched_at())) : Json()},
      {"keys_problem", provider.keys_problem()},
      {"circuit_open_since",
       provider.has_circuit_open_since() ? Json(TimeText(provider.circuit_open_since())) : Json()},
      {"next_probe_at",
       provider.has_next_probe_at() ? Json(TimeText(provider.next_probe_at())) : Json()},
      {"circuit_problem", provider.circuit_problem()}};
}

// "closed", or "open since 2026-01-01T00:00:00Z, next probe 2026-01-01T00:00:01Z"
std::string CircuitText(const v1::ProviderStatus& provider) {
  if (!provider.has_circuit_open_since()) return "closed";
  return Concat({"open since ", TimeText(provider.circuit_open_since()), ", next probe ",
                 TimeText(provider.next_probe_at())});
}

// One row, and another where there are two problems.
void AddProvider(const v1::ProviderStatus& provider, std::vector<std::vector<std::string>>& rows) {
  rows.push_back({provider.name(), std::to_string(provider.signing_keys()),
                  provider.has_keys_fetched_at() ? TimeText(provider.keys_fetched_at()) : "not yet",
                  CircuitText(provider), provider.keys_problem()});
  if (provider.circuit_problem().empty()) return;
  if (!provider.keys_problem().empty()) rows.push_back({"", "", "", "", ""});
  rows.back().back() = provider.circuit_problem();
}

void PrintJson(const v1::GetStatusResponse& answer, Console& console) {
  Json::Array blueprints, providers;
  for (const auto& blueprint : answer.blueprints()) blueprints.push_back(BlueprintJson(blueprint));
  for (const auto& provider : answer.providers()) providers.push_back(ProviderJson(provider));
  Json::Object record = Facts(answer, LoadJson(answer.last_load()));
  record.emplace_back("not_serving_because", JsonStrings(answer.not_serving_because()));
  record.emplace_back("watch_problem", answer.watch_problem());
  record.emplace_back("hardening_without", JsonStrings(answer.hardening_without()));
  record.emplace_back("audit", answer.has_audit() ? RecordJson(answer.audit()) : Json());
  record.emplace_back("store", answer.has_store() ? StoreJson(answer.store()) : Json());
  record.emplace_back("blueprints", std::move(blueprints));
  record.emplace_back("providers", std::move(providers));
  PrintRecord(record, console);
}

void PrintTables(const v1::GetStatusResponse& answer, Console& console) {
  Json::Object facts = Facts(answer, LoadText(answer.last_load()));
  for (auto& fact : KeptFacts(answer)) facts.push_back(std::move(fact));
  if (!answer.watch_problem().empty()) facts.emplace_back("watch_problem", answer.watch_problem());
  if (!answer.hardening_without().empty()) {
    facts.emplace_back("hardening_without", absl::StrJoin(answer.hardening_without(), ", "));
  }
  PrintRecord(facts, console);
  for (const std::string& reason : answer.not_serving_because()) {
    console.out() << "it does not serve: " << Printable(reason) << '\n';
  }
  std::vector<std::vector<std::string>> blueprints = {
      {"BLUEPRINT", "STATE", "CREDENTIAL", "CREDENTIAL EXPIRES", "PROBLEM"}};
  for (const auto& blueprint : answer.blueprints()) {
    const char* state = blueprint.enabled() ? "enabled" : "disabled";
    blueprints.push_back(
        {blueprint.name(), state, KindText(blueprint.credential()), ExpiryText(blueprint)});
    for (int i = 0; i < blueprint.problems_size(); ++i) {
      if (i > 0) blueprints.push_back({"", "", "", ""});
      blueprints.back().push_back(blueprint.problems(i));
    }
  }
  std::vector<std::vector<std::string>> providers = {
      {"PROVIDER", "KEYS", "FETCHED", "CIRCUIT", "PROBLEM"}};
  for (const auto& provider : answer.providers()) AddProvider(provider, providers);
  console.out() << '\n' << TableText(blueprints) << '\n' << TableText(providers);
  if (answer.audit().anchors_size() > 0) {
    console.out() << '\n' << TableText(AnchorRows(answer.audit()));
  }
  // Of documents that were taken they are told by their blueprints, as they are now.
  if (answer.last_load().taken()) return;
  for (const std::string& issue : answer.last_load().issues()) {
    console.out() << '\n' << Printable(issue);
  }
}

bool InGoodOrder(const v1::GetStatusResponse& answer) {
  const bool refused = answer.has_last_load() && !answer.last_load().taken();
  return answer.not_serving_because().empty() && !refused &&
         std::ranges::all_of(answer.blueprints(), &v1::BlueprintStatus::enabled);
}

int Print(const v1::GetStatusResponse& answer, Console& console) {
  console.format() == Format::kJson ? PrintJson(answer, console) : PrintTables(answer, console);
  return InGoodOrder(answer) ? kOk : kNegative;
}

}  // namespace

int ShowStatus(const Arguments& arguments, Console& console) {
  return CallAdmin(&v1::Admin::Stub::async::GetStatus, v1::GetStatusRequest(), Print, arguments,
                   console);
}

}  // namespace behalf::cli
