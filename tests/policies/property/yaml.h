// A tree of YAML, to be written in any order.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/policies/property/model.h"
#include "tests/policies/property/random.h"

namespace behalf::model {

class Yaml {
 public:
  static Yaml Plain(std::string text);  // as it stands
  static Yaml Quoted(const std::string& text);
  static Yaml List(const Texts& texts);  // quoted
  static Yaml List() { return Yaml(Form::kList); }
  static Yaml Map() { return Yaml(Form::kMap); }

  Yaml& Put(const std::string& key, Yaml value);  // into a mapping
  Yaml& Add(Yaml item);                           // to a list

  bool empty() const { return parts_.empty(); }

  // Block style; `random`: keys and items in an order of its own, null: as put.
  std::string Write(Random* random) const;

 private:
  enum class Form { kText, kList, kMap };
  explicit Yaml(Form form) : form_(form) {}

  using Parts = std::vector<std::pair<std::string, Yaml>>;
  Parts InOrder(Random* random) const;
  bool IsListOfTexts() const;
  void WriteFlow(Random* random, std::string& out) const;
  void WriteBlock(Random* random, int indent, std::string& out) const;

  Form form_;
  std::string text_;
  Parts parts_;  // a list's items have no keys
};

}  // namespace behalf::model
