#include <regex>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "blueprint/values.h"

namespace behalf::loader {
namespace {

TypeInfo Text(std::string what, std::string example, std::string pattern,
              std::size_t most_bytes = 1024) {
  return {.form = TypeInfo::Form::kText,
          .what = std::move(what),
          .example = std::move(example),
          .pattern = std::move(pattern),
          .most_bytes = most_bytes};
}

std::string Lower(std::string text) { return absl::AsciiStrToLower(text); }

bool Holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

constexpr char kGuid[] = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
constexpr char kOctet[] = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
constexpr char kPort[] =
    "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})";
constexpr char kHost[] =
    "([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:.]+\\])(:[0-9]{1,5})?";
constexpr char kThisHost[] = "(127\\.[0-9.]{5,11}|localhost|\\[::1\\]):[0-9]{1,5}";

std::optional<Complaint> ComplainAboutScheme(std::string_view text) {
  if (!absl::StartsWithIgnoreCase({text.data(), text.size()}, "http://")) return std::nullopt;
  return Complaint{absl::StrCat(Quote(text), " is not protected by TLS"), "write https://"};
}

std::optional<Complaint> ComplainAboutOtherHosts(std::string_view text) {
  for (const char* const here : {"http://127.", "http://localhost:", "http://[::1]:"}) {
    if (text.starts_with(here)) return std::nullopt;
  }
  return ComplainAboutScheme(text);
}

std::optional<Complaint> ComplainAboutScope(std::string_view text) {
  if (text == ".default" || text.ends_with("/.default")) {
    return Complaint{
        "`.default` is no scope: it asks for all that was ever consented to",
        "name the scopes one by one; an Api with `request: default` asks for `.default` and "
        "holds the reply to the scopes named"};
  }
  if (Holds(text, "://")) {
    return Complaint{absl::StrCat("the scope ", Quote(text), " carries a resource"),
                     "write what follows the resource and its slash; the Api names the resource"};
  }
  return std::nullopt;
}

}  // namespace

Type<std::string> Guid() {
  return TextType(
      Text("a GUID", "5b404cf4-a79d-4cfe-b866-24bf8e1a4921", absl::StrCat("^", kGuid, "$"), 36),
      {.normalise = Lower});
}

Type<std::string> Name(std::string example) {
  return TextType(Text("a name of lower-case letters, digits and inner hyphens, up to 63",
                       std::move(example), "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", 63));
}

Type<std::string> NamePrefix() {
  return TextType(Text("the beginning of names: lower-case letters, digits and hyphens", "billing-",
                       "^[a-z0-9][a-z0-9-]{0,61}$", 62));
}

Type<std::string> FileName(std::string example) {
  Type<std::string> type = TextType(Text("a file name", std::move(example), "^[^\\n]+$"));
  const auto read_text = type.read;
  type.read = [read_text](const Node& node, std::string& out, Binder& binder) {
    std::string name;
    read_text(node, name, binder);
    if (!name.empty()) out = binder.Resolve(name);
  };
  type.write = [](const std::string& name, Canon& canon) { canon.FileName(name); };
  return type;
}

Type<std::string> CredentialName() {
  return TextType(Text("the name of a systemd credential", "entra-client-secret",
                       "^[A-Za-z0-9_][A-Za-z0-9_.@-]*$", 255));
}

Type<std::string> DescriptorName() {
  return TextType(
      Text("a FileDescriptorName of a systemd socket unit", "behalf-agents", "^[!-9;-~]+$", 255));
}

Type<std::string> HttpsOrigin() {
  return TextType(
      Text("an https origin: no user, path, query or trailing slash",
           "https://login.microsoftonline.com", absl::StrCat("^https://", kHost, "$"), 255),
      {.complain = ComplainAboutScheme, .normalise = Lower});
}

Type<std::string> IssuerUrl() {
  return TextType(Text("an https URL without user, query or fragment",
                       "https://sts.windows.net/5b404cf4-a79d-4cfe-b866-24bf8e1a4921/",
                       absl::StrCat("^https://", kHost, "(/[A-Za-z0-9._~/-]*)?$")),
                  {.complain = ComplainAboutScheme});
}

Type<std::string> ProxyUrl() {
  return TextType(Text("the http or https URL of a proxy, without user or path",
                       "http://proxy.contoso.example:3128",
                       absl::StrCat("^https?://", kHost, "/?$"), 255));
}

Type<std::string> EtcdEndpoint() {
  return TextType(
      Text("the https URL of a member of etcd with its port, or an http one of this host",
           "https://etcd-1.contoso.example:2379",
           absl::StrCat("^(https://", kHost, "|http://", kThisHost, ")$"), 255),
      {.normalise = Lower});
}

Type<std::string> ReceiverUrl(std::string example) {
  return TextType(
      Text("an https URL, or an http one of this host with its port, without user or query",
           std::move(example),
           absl::StrCat("^(https://", kHost, "|http://", kThisHost, ")(/[A-Za-z0-9._~/-]*)?$"),
           1024),
      {.complain = ComplainAboutOtherHosts});
}

Type<std::string> KeyPrefix() {
  return TextType(
      Text("a path that ends with a slash", "/behalf/production/", "^/([A-Za-z0-9._-]+/)+$", 128));
}

Type<std::string> ListenAddress() {
  return TextType(Text(
      "an IP address and a port", "127.0.0.1:9464",
      absl::StrCat("^(", kOctet, "(\\.", kOctet, "){3}|\\[[0-9a-f:]{2,39}\\]):", kPort, "$"), 47));
}

Type<std::string> Resource() {
  return TextType(Text("the identifier of an API: a URI, or its client id",
                       "https://graph.microsoft.com",
                       absl::StrCat("^([a-z][a-z0-9+.-]*://[A-Za-z0-9._~:/@-]+|", kGuid, ")$")));
}

Type<std::string> Audience(std::string example) {
  return TextType(
      Text("an audience: text without blanks or quotes", std::move(example), "^[!#-\\[\\]-~]+$"));
}

Type<std::string> Claim(std::string example) {
  return TextType(Text("one line of text, up to 256 bytes, without blanks at its ends",
                       std::move(example), "^[^ \\n](.*[^ \\n])?$", 256));
}

Type<std::string> ClaimOrId(std::string example) {
  Type<std::string> type = Claim(std::move(example));
  const auto read_text = type.read;
  type.read = [read_text](const Node& node, std::string& out, Binder& binder) {
    read_text(node, out, binder);
    static const auto& guid = *new std::regex(absl::StrCat("^", kGuid, "$"));
    if (out.size() == 36 && std::regex_search(out, guid)) out = Lower(std::move(out));
  };
  return type;
}

Type<std::string> AuthContext() {
  return TextType(Text("an authentication context, c1 to c99", "c1", "^c[1-9][0-9]?$", 3));
}

Type<std::string> Date(std::string example) {
  return TextType(Text("a date, YYYY-MM-DD", std::move(example),
                       "^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", 10));
}

Type<std::string> Word(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& word : words) pairs.emplace_back(word, word);
  return OneOf<std::string>(std::move(pairs));
}

Type<std::string> NameOf(std::string kind, std::string example) {
  Type<std::string> type = Name(std::move(example));
  type.info.what =
      kind == "agent" ? "the name of an agent" : "the name of a document of kind " + kind;
  type.info.refers = kind;
  const auto read_name = type.read;
  type.read = [read_name, kind](const Node& node, std::string& out, Binder& binder) {
    read_name(node, out, binder);
    if (!out.empty()) binder.Refer({kind, out, binder.PlaceOf(node), [](const void*) {}});
  };
  return type;
}

Type<std::string> ScopeName(std::string example) {
  return TextType(Text("a scope: text without blanks, quotes or backslashes", std::move(example),
                       "^[!#-\\[\\]-~]+$", 256),
                  {.complain = ComplainAboutScope});
}

}  // namespace behalf::loader
