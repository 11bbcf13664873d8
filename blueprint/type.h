// A type of value in YAML, bound to a C++ type: how it is described, read and
// put into the digest. Immutable, hence thread-safe.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "blueprint/binder.h"
#include "blueprint/canon.h"
#include "blueprint/node.h"
#include "blueprint/shape.h"

namespace behalf::loader {

template <class V>
struct Type {
  TypeInfo info;
  // Leaves the value alone and reports when the node is none of this type.
  std::function<void(const Node&, V&, Binder&)> read;
  std::function<void(const V&, Canon&)> write;
};

// Why a text is refused although it is a text, for mistakes known well.
struct Complaint {
  std::string message;
  std::string advice;
};

// Texts that match info.pattern. `complain` sees the text before the pattern
// does; `normalise` sees what passed.
struct TextRules {
  std::function<std::optional<Complaint>(std::string_view)> complain = {};
  std::function<std::string(std::string)> normalise = {};
};
Type<std::string> TextType(TypeInfo info, TextRules rules = {});

// The text of a scalar that is a text, else a reported mismatch.
std::optional<std::string> ReadText(const Node& node, const TypeInfo& info, Binder& binder);

// Reports what is no list, and a list that is empty but must not be.
bool IsListOf(const Node& node, const TypeInfo& info, Binder& binder);

// A list without order: sorted, no item twice.
Type<std::vector<std::string>> SetOf(Type<std::string> item, bool may_be_empty = false);

// A list of mappings; their order means nothing. Elements are bound in place,
// as their addresses carry marks.
template <class T>
Type<std::vector<T>> ListOf(Type<T> item) {
  TypeInfo info{.form = TypeInfo::Form::kList,
                .what = "a list of mappings",
                .example = {},
                .pattern = {},
                .item = std::make_shared<const TypeInfo>(item.info),
                .shape = item.info.shape};
  auto read = [info, item](const Node& node, std::vector<T>& out, Binder& binder) {
    if (!IsListOf(node, info, binder)) return;
    out.resize(node.items.size());
    const std::string outer = binder.Enter("an item of " + binder.subject());
    for (std::size_t i = 0; i < out.size(); ++i) item.read(node.items[i], out[i], binder);
    binder.Enter(outer);
  };
  auto write = [item](const std::vector<T>& list, Canon& canon) {
    std::vector<Canon> parts;
    for (const T& element : list) item.write(element, parts.emplace_back(canon.Empty()));
    canon.Parts(std::move(parts));
  };
  return {std::move(info), std::move(read), std::move(write)};
}

// A value that may be left out, which is not the same as any value.
template <class T>
Type<std::optional<T>> Maybe(Type<T> type) {
  auto read = [type](const Node& node, std::optional<T>& out, Binder& binder) {
    type.read(node, out.emplace(), binder);
  };
  auto write = [type](const std::optional<T>& value, Canon& canon) {
    canon.Text(value ? "given" : "absent");
    if (value) type.write(*value, canon);
  };
  return {type.info, std::move(read), std::move(write)};
}

}  // namespace behalf::loader
