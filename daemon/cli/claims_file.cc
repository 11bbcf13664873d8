#include "daemon/cli/claims_file.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "daemon/cli/secret_file.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

using google::protobuf::Value;

// Reads claim by claim; the first that is of the wrong type is remembered.
class Reader {
 public:
  explicit Reader(const google::protobuf::Struct& json) : json_(json) {}

  std::optional<std::string> Text(const std::string& claim) {
    const Value* const value = Find(claim);
    if (value == nullptr) return std::nullopt;
    if (value->kind_case() == Value::kStringValue) return value->string_value();
    return Wrong<std::string>(claim, "a string");
  }

  std::optional<double> Number(const std::string& claim) {
    const Value* const value = Find(claim);
    if (value == nullptr) return std::nullopt;
    if (value->kind_case() == Value::kNumberValue) return value->number_value();
    return Wrong<double>(claim, "a number");
  }

  // False: there is none.
  bool List(const std::string& claim, v1::ClaimValues* (*into)(v1::UserClaims&),
            v1::UserClaims& claims) {
    const Value* const value = Find(claim);
    if (value == nullptr) return false;
    v1::ClaimValues& list = *into(claims);
    for (const Value& item : value->list_value().values()) {
      if (item.kind_case() != Value::kStringValue)
        return Wrong<int>(claim, "a list of strings"), true;
      list.add_values(item.string_value());
    }
    if (value->kind_case() != Value::kListValue) Wrong<int>(claim, "a list of strings");
    return true;
  }

  // Entra writes 0 or 1, as a number or in quotes.
  bool IsGuestAccount() {
    const Value* const value = Find("acct");
    if (value == nullptr) return false;
    return value->number_value() == 1 || value->string_value() == "1";
  }

  const std::string& wrong() const { return wrong_; }

 private:
  const Value* Find(const std::string& claim) const {
    const auto found = json_.fields().find(claim);
    return found == json_.fields().end() ? nullptr : &found->second;
  }

  template <typename T>
  std::optional<T> Wrong(const std::string& claim, std::string_view type) {
    if (wrong_.empty()) wrong_ = Concat({"the claim ", claim, " must be ", type});
    return std::nullopt;
  }

  const google::protobuf::Struct& json_;
  std::string wrong_;
};

void ReadIdentity(Reader& reader, v1::UserClaims& claims) {
  if (const auto text = reader.Text("tid")) claims.set_tenant(absl::AsciiStrToLower(*text));
  if (const auto text = reader.Text("oid")) claims.set_object_id(absl::AsciiStrToLower(*text));
  if (const auto text = reader.Text("aud")) claims.set_audience(*text);
  if (const auto text = reader.Text("appid")) claims.set_client(absl::AsciiStrToLower(*text));
  if (const auto text = reader.Text("azp")) claims.set_client(absl::AsciiStrToLower(*text));
  for (const std::string& scope : std::vector<std::string>(
           absl::StrSplit(reader.Text("scp").value_or(""), ' ', absl::SkipEmpty()))) {
    claims.add_scopes(scope);
  }
  claims.set_guest(reader.IsGuestAccount());
}

void ReadStanding(Reader& reader, v1::UserClaims& claims) {
  reader.List("groups", [](v1::UserClaims& to) { return to.mutable_groups(); }, claims);
  reader.List("roles", [](v1::UserClaims& to) { return to.mutable_roles(); }, claims);
  reader.List("amr", [](v1::UserClaims& to) { return to.mutable_amr(); }, claims);
  reader.List("acrs", [](v1::UserClaims& to) { return to.mutable_auth_contexts(); }, claims);
  if (const auto text = reader.Text("acr")) claims.set_acr(*text);
  if (const auto time = reader.Number("auth_time")) {
    claims.mutable_signed_in_at()->set_seconds(static_cast<std::int64_t>(*time));
  }
}

}  // namespace

absl::StatusOr<v1::UserClaims> ReadClaims(const std::string& path, std::istream& in) {
  const absl::StatusOr<SecretString> text = ReadSecret(path, in);
  if (!text.ok()) return text.status();
  google::protobuf::Struct json;
  if (!google::protobuf::util::JsonStringToMessage(std::string(text->Reveal()), &json).ok()) {
    return absl::FailedPreconditionError(Concat({path, " is no JSON object of claims"}));
  }
  Reader reader(json);
  v1::UserClaims claims;
  ReadIdentity(reader, claims);
  ReadStanding(reader, claims);
  if (reader.wrong().empty()) return claims;
  return absl::FailedPreconditionError(Concat({path, ": ", reader.wrong()}));
}

}  // namespace behalf::cli
