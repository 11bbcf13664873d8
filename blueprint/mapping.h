// A mapping with a closed set of keys, bound member by member to a struct:
// the one place where a key's name, type, default and explanation stand.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "blueprint/type.h"

namespace behalf::loader {

// The text of a default, as an author would write it.
struct Default {
  std::string text;
};

// For keys that group others, although the struct keeps no struct for them.
struct Self {
  auto& operator()(auto& object) const { return object; }
};

// The parts of reading a mapping that do not depend on the struct.
bool IsMapping(const Node& node, const ShapeInfo& info, Binder& binder);
// Returns the names that the author probably meant.
std::vector<std::string> ReportUnknownKeys(const Node& map, const ShapeInfo& info, Binder& binder);
void ReportBrokenRules(const Node& map, const ShapeInfo& info, Binder& binder);
void ReportMissing(const Node& map, const KeyInfo& key, Binder& binder);
const Node* FindValue(const Node& map, std::string_view key);
// A default as if it stood in the mapping.
Node PlainScalar(const Node& map, std::string text);

bool Contains(const std::vector<std::string>& names, const std::string& name);

template <class T>
class Mapping {
 public:
  Mapping(std::string title, std::string doc)
      : info_{std::move(title), std::move(doc), {}, {}, false, false} {}

  template <class M, class V>
  Mapping& Required(std::string name, M member, const Type<V>& type, std::string doc) {
    return Add({std::move(name), type.info, true, {}, {}, std::move(doc)}, member, type);
  }

  template <class M, class V>
  Mapping& Optional(std::string name, M member, const Type<V>& type, std::string doc) {
    return Add({std::move(name), type.info, false, {}, {}, std::move(doc)}, member, type);
  }

  template <class M, class V>
  Mapping& Optional(std::string name, M member, const Type<V>& type, Default value,
                    std::string doc) {
    return Add({std::move(name), type.info, false, {}, std::move(value.text), std::move(doc)},
               member, type);
  }

  // Where the key that was described last is absent, this other one may say its value.
  Mapping& OrLeftTo(std::string key) {
    info_.keys.back().left_to = std::move(key);
    return *this;
  }

  Mapping& ExactlyOne(std::vector<std::string> keys) {
    info_.rules.push_back({KeyRule::Kind::kExactlyOne, std::move(keys)});
    return *this;
  }

  Mapping& AtLeastOne(std::vector<std::string> keys) {
    info_.rules.push_back({KeyRule::Kind::kAtLeastOne, std::move(keys)});
    return *this;
  }

  // Errors in it do not show its text, which may be a secret out of place.
  Mapping& Confidential() {
    info_.confidential = true;
    return *this;
  }

  // The key reference explains the mapping by its type, in one row.
  Mapping& Brief() {
    info_.brief = true;
    return *this;
  }

  // Runs after all keys were read, for what they mean together.
  Mapping& Finally(std::function<void(const Node&, T&, Binder&)> finish) {
    finish_ = std::move(finish);
    return *this;
  }

  const ShapeInfo& info() const { return info_; }

  void Read(const Node& node, T& out, Binder& binder) const {
    if (!IsMapping(node, info_, binder)) return;
    if constexpr (requires { out.place = Place{}; }) {
      if (out.place.line == 0) out.place = binder.PlaceOf(node);
    }
    const std::vector<std::string> misspelt = ReportUnknownKeys(node, info_, binder);
    ReportBrokenRules(node, info_, binder);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (Contains(misspelt, info_.keys[i].name)) continue;
      ReadKey(node, info_.keys[i], keys_[i], out, binder);
    }
    if (finish_) finish_(node, out, binder);
  }

  // The names of the keys whose meaning is not the same, in their order here.
  std::vector<std::string> Differences(const T& a, const T& b) const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      Canon of_a({}), of_b({});
      keys_[i].write(a, of_a);
      keys_[i].write(b, of_b);
      if (of_a.bytes() != of_b.bytes()) names.push_back(info_.keys[i].name);
    }
    return names;
  }

  void Write(const T& value, Canon& canon) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      canon.Text(info_.keys[i].name);
      keys_[i].write(value, canon);
    }
  }

 private:
  struct Key {
    std::function<void(const Node&, T&, Binder&)> mark;
    std::function<void(const Node&, T&, Binder&)> read;
    std::function<void(const T&, Canon&)> write;
  };

  template <class M, class V>
  Mapping& Add(KeyInfo info, M member, const Type<V>& type) {
    info_.keys.push_back(std::move(info));
    keys_.push_back({[member](const Node& node, T& out, Binder& binder) {
                       binder.Mark(&std::invoke(member, out), node);
                     },
                     [member, type](const Node& node, T& out, Binder& binder) {
                       type.read(node, std::invoke(member, out), binder);
                     },
                     [member, type](const T& value, Canon& canon) {
                       type.write(std::invoke(member, value), canon);
                     }});
    return *this;
  }

  static void ReadKey(const Node& map, const KeyInfo& info, const Key& key, T& out,
                      Binder& binder) {
    const Node* value = FindValue(map, info.name);
    const std::string outer = binder.Enter("`" + info.name + "`");
    if (value != nullptr) {
      key.mark(*value, out, binder);
      key.read(*value, out, binder);
    } else if (info.required && !map.excused) {
      ReportMissing(map, info, binder);
    } else if (!info.default_value.empty()) {
      key.read(PlainScalar(map, info.default_value), out, binder);
    }
    binder.Enter(outer);
  }

  ShapeInfo info_;
  std::vector<Key> keys_;
  std::function<void(const Node&, T&, Binder&)> finish_;
};

// The type of values that such a mapping describes; `mapping` lives forever.
template <class T>
Type<T> Struct(const Mapping<T>& mapping) {
  TypeInfo info{.form = TypeInfo::Form::kMap,
                .what = absl::StrCat("a mapping (", mapping.info().title, ")"),
                .example = {},
                .pattern = {},
                .shape = &mapping.info()};
  return {std::move(info),
          [&mapping](const Node& node, T& out, Binder& binder) { mapping.Read(node, out, binder); },
          [&mapping](const T& value, Canon& canon) { mapping.Write(value, canon); }};
}

}  // namespace behalf::loader
