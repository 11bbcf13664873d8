#include "tests/idp/fields.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/guid.h"

namespace behalf::idp {

using loader::KindOf;
using loader::ScalarKind;

namespace {

std::string Quoted(std::string_view key, std::string_view rest) {
  return std::string("`").append(key).append("` ").append(rest);
}

}  // namespace

void Mistakes::Add(int line, int column, std::string_view message) {
  all_.push_back(absl::StrCat(path_, ":", line, ":", column, ": ").append(message));
}

Fields::Fields(const Node& node, Mistakes& mistakes) : node_(node), mistakes_(mistakes) {
  if (node.kind != Node::Kind::kMap) mistakes_.Add(node.line, node.column, "a map belongs here");
}

Fields::~Fields() {
  for (const Node::Entry& entry : node_.entries) {
    if (asked_.contains(entry.key.text)) continue;
    mistakes_.Add(entry.key.line, entry.key.column, Quoted(entry.key.text, "is not a key here"));
  }
}

const Node* Fields::Find(std::string_view key) {
  asked_.emplace(key);
  for (const Node::Entry& entry : node_.entries) {
    if (entry.key.text == key) return &entry.value;
  }
  return nullptr;
}

void Fields::Reject(std::string_view key, std::string_view message) {
  const Node* value = Find(key);
  const Node& place = value == nullptr ? node_ : *value;
  mistakes_.Add(place.line, place.column, Quoted(key, message));
}

const Node* Fields::FindText(std::string_view key) {
  const Node* value = Find(key);
  if (value == nullptr) return nullptr;
  if (loader::IsText(*value) && !value->text.empty()) return value;
  Reject(key, "must be text");
  return nullptr;
}

std::string Fields::Text(std::string_view key) {
  if (Find(key) == nullptr) Reject(key, "is missing");
  return Text(key, "");
}

std::string Fields::Text(std::string_view key, std::string_view otherwise) {
  const Node* value = FindText(key);
  return value == nullptr ? std::string(otherwise) : value->text;
}

std::string Fields::Guid(std::string_view key) {
  if (Find(key) == nullptr) Reject(key, "is missing");
  return Guid(key, "");
}

std::string Fields::Guid(std::string_view key, std::string_view otherwise) {
  const Node* value = Find(key);
  if (value == nullptr) return std::string(otherwise);
  const auto guid = ParseGuid(value->text);
  if (!guid.has_value()) Reject(key, "must be a GUID");
  return guid.value_or("");
}

bool Fields::Flag(std::string_view key, bool otherwise) {
  const Node* value = Find(key);
  if (value == nullptr) return otherwise;
  if (value->kind != Node::Kind::kScalar || KindOf(*value) != ScalarKind::kFlag) {
    Reject(key, "must be true or false");
  }
  return value->text == "true";
}

int Fields::Count(std::string_view key) {
  const Node* value = Find(key);
  int count = 0;
  if (value == nullptr || !absl::SimpleAtoi(value->text, &count) || count < 1) {
    Reject(key, "must be a number, 1 or more");
  }
  return count;
}

int Fields::Version(std::string_view key, int otherwise) {
  const Node* value = Find(key);
  if (value == nullptr) return otherwise;
  if (value->text != "1" && value->text != "2") Reject(key, "must be 1 or 2");
  return value->text == "1" ? 1 : 2;
}

std::vector<std::string> Fields::Texts(std::string_view key, std::vector<std::string> otherwise) {
  std::vector<std::string> texts;
  const Node* value = Find(key);
  if (value == nullptr) return otherwise;
  if (value->kind != Node::Kind::kList) {
    Reject(key, "must be a list of texts");
    return texts;
  }
  for (const Node& item : value->items) {
    if (!loader::IsText(item)) mistakes_.Add(item.line, item.column, "text belongs here");
    texts.push_back(item.text);
  }
  return texts;
}

void Fields::Map(std::string_view key, const std::function<void(Fields&)>& read) {
  const Node* value = Find(key);
  if (value == nullptr) return;
  Fields fields(*value, mistakes_);
  read(fields);
}

void Fields::Each(std::string_view key, const std::function<void(Fields&)>& read) {
  const Node* value = Find(key);
  if (value == nullptr) return;
  if (value->kind != Node::Kind::kList) return Reject(key, "must be a list");
  for (const Node& item : value->items) {
    Fields fields(item, mistakes_);
    read(fields);
  }
}

}  // namespace behalf::idp
