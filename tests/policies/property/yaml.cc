#include "tests/policies/property/yaml.h"

#include <algorithm>

namespace behalf::model {

Yaml Yaml::Plain(std::string text) {
  Yaml yaml(Form::kText);
  yaml.text_ = std::move(text);
  return yaml;
}

Yaml Yaml::Quoted(const std::string& text) { return Plain("\"" + text + "\""); }

Yaml Yaml::List(const Texts& texts) {
  Yaml list = List();
  for (const std::string& text : texts) list.Add(Quoted(text));
  return list;
}

Yaml& Yaml::Put(const std::string& key, Yaml value) {
  parts_.emplace_back(key, std::move(value));
  return *this;
}

Yaml& Yaml::Add(Yaml item) { return Put("", std::move(item)); }

std::string Yaml::Write(Random* random) const {
  std::string out;
  WriteBlock(random, 0, out);
  return out;
}

Yaml::Parts Yaml::InOrder(Random* random) const {
  Parts parts = parts_;
  if (random != nullptr) random->Shuffle(parts);
  return parts;
}

bool Yaml::IsListOfTexts() const {
  return form_ == Form::kList && std::all_of(parts_.begin(), parts_.end(), [](const auto& part) {
           return part.second.form_ == Form::kText;
         });
}

void Yaml::WriteFlow(Random* random, std::string& out) const {
  if (form_ == Form::kText) {
    out += text_;
    return;
  }
  const char* separator = "";
  out += "[";
  for (const auto& [key, item] : InOrder(random)) {
    out += separator + item.text_;
    separator = ", ";
  }
  out += "]";
}

// Begins where the line stands: after a `- `, or at a line's start.
void Yaml::WriteBlock(Random* random, int indent, std::string& out) const {
  bool first = true;
  for (const auto& [key, value] : InOrder(random)) {
    if (!first) out.append(static_cast<std::size_t>(indent), ' ');
    first = false;
    out += form_ == Form::kList ? "-" : key + ":";
    if (value.form_ == Form::kText || value.IsListOfTexts()) {
      out += " ";
      value.WriteFlow(random, out);
      out += "\n";
    } else if (form_ == Form::kList) {
      out += " ";
      value.WriteBlock(random, indent + 2, out);
    } else {
      out += "\n" + std::string(static_cast<std::size_t>(indent) + 2, ' ');
      value.WriteBlock(random, indent + 2, out);
    }
  }
}

}  // namespace behalf::model
