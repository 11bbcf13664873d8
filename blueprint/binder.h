// What reading a value needs besides the value: where errors go, which file
// it is, and the references to resolve once all documents are known.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "blueprint/file_names.h"
#include "blueprint/marks.h"
#include "blueprint/report.h"
#include "blueprint/shape.h"

namespace behalf::loader {

// A document named by another one.
struct Reference {
  std::string kind;
  std::string name;
  Place place;
  std::function<void(const void* document)> set;
};

class Binder {
 public:
  Binder(const std::string& file, Report& report, Marks& marks, std::vector<Reference>& references)
      : file_(file), report_(report), marks_(marks), references_(references) {}

  void Error(const Node& at, std::string message, std::string advice = {});
  // "`tenant` must be a GUID, but ..." with the type's example as advice.
  void Mismatch(const Node& at, const TypeInfo& type, const std::string& found);

  void Refer(Reference reference) { references_.push_back(std::move(reference)); }

  template <class V>
  void Mark(const V* member, const Node& node) {
    marks_.Set(member, {&file_, &node});
  }

  const loader::Mark* FindMark(const auto* member) const { return marks_.Find(member); }
  // Whether an error was found in this document.
  bool failed() const { return failed_; }
  Place PlaceOf(const Node& node) const { return {file_, node.line, node.column}; }
  std::string Resolve(std::string_view name) const {
    return loader::Resolve(DirectoryOf(file_), name);
  }

  // What is being read, for messages: "`tenants`", "an item of `tenants`".
  const std::string& subject() const { return subject_; }
  std::string Enter(std::string subject) { return std::exchange(subject_, std::move(subject)); }

  // The text of this line is not to be shown.
  void Hide(const Node& at) { report_.HideLine(PlaceOf(at)); }

 private:
  const std::string& file_;
  Report& report_;
  Marks& marks_;
  std::vector<Reference>& references_;
  std::string subject_ = "a document";
  bool failed_ = false;
};

}  // namespace behalf::loader
