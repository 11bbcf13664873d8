#include <map>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "blueprint/document_set.h"
#include "blueprint/issue.h"
#include "blueprint/suggest.h"

namespace behalf::loader {
namespace {

constexpr char kAgent[] = "agent";  // named like documents, although it is none

std::string Where(const Place& place) {
  return absl::StrCat(place.file, ":", place.line, ":", place.column);
}

// Things that must be called differently, by what they are called.
class Taken {
 public:
  Taken(std::string what, Report& report) : what_(std::move(what)), report_(report) {}

  void Take(const std::string& name, const Place& place) {
    if (name.empty()) return;
    const auto [first, is_new] = taken_.try_emplace(name, place);
    if (is_new) return;
    report_.Error(place, absl::StrCat(what_, " `", name, "` is defined twice"),
                  absl::StrCat("it is defined at ", Where(first->second), " already"));
  }

 private:
  std::string what_;
  Report& report_;
  absl::flat_hash_map<std::string, Place> taken_;
};

template <class V>
Place PlaceOf(const DocumentSet& set, const V& member, const Place& otherwise) {
  const Mark* mark = set.marks.Find(&member);
  return mark == nullptr ? otherwise : mark->place();
}

}  // namespace

void CheckNames(const DocumentSet& set, Report& report) {
  std::map<std::string, Taken> by_kind;
  for (const Entry& entry : set.entries) {
    by_kind.try_emplace(entry.kind, entry.kind, report).first->second.Take(entry.name, entry.place);
  }
  Taken names("the agent", report), ids("the agent identity", report);
  for (const auto& blueprint : set.blueprints) {
    for (const Agent& agent : blueprint->agents) {
      names.Take(agent.name, PlaceOf(set, agent.name, agent.place));
      if (!agent.is_application) ids.Take(agent.id, PlaceOf(set, agent.id, agent.place));
    }
  }
}

void ResolveReferences(DocumentSet& set, Report& report) {
  std::map<std::string, absl::flat_hash_map<std::string, const void*>> known;
  std::map<std::string, std::vector<std::string>> names;
  for (const Entry& entry : set.entries) {
    known[entry.kind].try_emplace(entry.name, entry.document);
    names[entry.kind].push_back(entry.name);
  }
  const bool agents_known = set.Whole("Blueprint");
  for (const auto& blueprint : set.blueprints) {
    for (const Agent& agent : blueprint->agents) {
      known[kAgent].try_emplace(agent.name, &agent);
      names[kAgent].push_back(agent.name);
    }
  }
  for (const Reference& reference : set.references) {
    const auto& documents = known[reference.kind];
    const auto found = documents.find(reference.name);
    if (found != documents.end()) {
      reference.set(found->second);
    } else if (set.complete && !report.full() && (agents_known || reference.kind != kAgent)) {
      report.Error(reference.place,
                   absl::StrCat("there is no ", reference.kind, " `", reference.name, "`"),
                   Suggest(reference.name, names[reference.kind]));
    }
  }
}

}  // namespace behalf::loader
