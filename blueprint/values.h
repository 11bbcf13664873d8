// The types of single values that documents use. An `example` goes into error
// messages and the key reference.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "blueprint/suggest.h"
#include "blueprint/type.h"

namespace behalf::loader {

Type<std::string> Guid();                     // lower-cased
Type<std::string> Name(std::string example);  // of a document, agent or socket
Type<std::string> NamePrefix();
Type<std::string> FileName(std::string example);  // resolved against the document's directory
Type<std::string> CredentialName();
Type<std::string> DescriptorName();
Type<std::string> HttpsOrigin();  // no trailing slash, host in lower case
Type<std::string> IssuerUrl();
Type<std::string> ProxyUrl();
Type<std::string> EtcdEndpoint();  // https, or http at loopback; no trailing slash
Type<std::string> ReceiverUrl(std::string example);  // https, or http at loopback
Type<std::string> KeyPrefix();
Type<std::string> ListenAddress();  // "127.0.0.1:9464": an IP address and a port
Type<std::string> Resource();
Type<std::string> Audience(std::string example);
Type<std::string> ScopeName(std::string example);  // RFC 6749 section 3.3, one scope-token
Type<std::string> UserName(std::string example);   // or a number
Type<std::string> GroupName(std::string example);
Type<std::string> Claim(std::string example);      // any text; blanks inside only
Type<std::string> ClaimOrId(std::string example);  // GUIDs in lower case
Type<std::string> AuthContext();                   // c1 to c99
Type<std::string> Date(std::string example);       // YYYY-MM-DD
Type<std::string> Label(std::string example);      // "key=value"
Type<std::vector<std::string>> Labels();           // a map, as sorted "key=value"

// The name of a document of this kind, or of an agent, which must exist.
Type<std::string> NameOf(std::string kind, std::string example);

Type<bool> Flag();
Type<bool> Marker();                                 // true; to be left out otherwise
Type<int> Count();                                   // from 1
Type<std::int64_t> Size();                           // bytes, or 64MiB
Type<absl::Duration> Positive(std::string example);  // 45s, 90m, 1h30m; up to 24h
Type<absl::Duration> PositiveOrZero(std::string example);
Type<absl::Duration> Age(std::string example);  // up to 720h
Type<std::array<bool, 7>> Days();               // of the week, Monday first
Type<int> TimeOfDay(std::string example);       // minutes; "24:00" is the day's end
Type<std::string> ZoneName();                   // that this host's database has
Type<absl::Time> Instant(std::string example);  // RFC 3339
Type<mode_t> SocketMode();

// One of a closed set of words.
template <class V>
Type<V> OneOf(std::vector<std::pair<std::string, V>> words) {
  TypeInfo info{
      .form = TypeInfo::Form::kText, .what = "", .example = words.front().first, .pattern = {}};
  for (const auto& [word, value] : words) info.choices.push_back(word);
  info.what = (words.size() == 1 ? "" : "one of ") + absl::StrJoin(info.choices, ", ");
  auto read = [info, words](const Node& node, V& out, Binder& binder) {
    const auto text = ReadText(node, info, binder);
    if (!text) return;
    for (const auto& [word, value] : words) {
      if (word == *text) return void(out = value);
    }
    binder.Error(node, binder.subject() + " cannot be " + Quote(*text),
                 Suggest(*text, info.choices));
  };
  auto write = [words](const V& value, Canon& canon) {
    for (const auto& [word, known] : words) {
      if (known == value) canon.Text(word);
    }
  };
  return {info, std::move(read), std::move(write)};
}

// One of these, kept as it stands.
Type<std::string> Word(const std::vector<std::string>& words);

// The name of another document, which the loader finds later.
template <class T>
Type<const T*> ReferenceTo(std::string kind, std::string example) {
  Type<std::string> name = Name(std::move(example));
  name.info.what = "the name of a document of kind " + kind;
  name.info.refers = kind;
  auto read = [kind, name](const Node& node, const T*& out, Binder& binder) {
    std::string text;
    name.read(node, text, binder);
    if (text.empty()) return;
    binder.Refer({kind, text, binder.PlaceOf(node),
                  [&out](const void* found) { out = static_cast<const T*>(found); }});
  };
  auto write = [](const T* const& value, Canon& canon) {
    canon.Text(value == nullptr ? std::string_view() : std::string_view(value->name));
  };
  return {name.info, std::move(read), std::move(write)};
}

}  // namespace behalf::loader
