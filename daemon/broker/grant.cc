#include "daemon/broker/grant.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "daemon/base/length_prefixed.h"

namespace behalf {
namespace {

constexpr std::string_view kGrantFormat = "grant 2";
constexpr std::string_view kTokenFormat = "token 1";

class Writer {
 public:
  explicit Writer(std::string_view format) {
    bytes_.reserve(48 * 1024);
    Text(format);
  }
  ~Writer() { WipeString(bytes_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void Text(std::string_view text) { AppendPart(bytes_, text); }
  void Number(std::int64_t number) { Text(std::to_string(number)); }
  void Texts(const std::vector<std::string>& texts) {
    Number(static_cast<std::int64_t>(texts.size()));
    for (const std::string& text : texts) Text(text);
  }
  template <typename Integer>
  void Numbers(const std::vector<Integer>& numbers) {
    Number(static_cast<std::int64_t>(numbers.size()));
    for (const Integer number : numbers) Number(number);
  }
  SecretString Take() const { return SecretString(std::string_view(bytes_)); }

 private:
  std::string bytes_;
};

// Reads on after a mistake, and says so at the end.
class Reader {
 public:
  Reader(std::string_view bytes, std::string_view format) : rest_(bytes) { ok_ = View() == format; }

  std::string_view View() {
    std::string_view part;
    if (!ok_ || !NextPart(rest_, part)) ok_ = false;
    return part;
  }
  std::string Text() { return std::string(View()); }
  Access OneOf(std::initializer_list<Access> known) {
    const std::string_view name = View();
    for (const Access access : known) {
      if (NameOf(access) == name) return access;
    }
    ok_ = false;
    return {};
  }
  // As Writer writes it: in range, and without a zero or a sign too many.
  template <typename Integer = std::int64_t>
  Integer Number() {
    const std::string_view text = View();
    Integer number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    if (std::to_string(number) != text) ok_ = false;
    return number;
  }
  std::vector<std::string> Texts() {
    std::vector<std::string> texts;
    for (auto left = Number<std::uint64_t>(); ok_ && left > 0; --left) texts.push_back(Text());
    return texts;
  }
  template <typename Integer>
  std::vector<Integer> Numbers() {
    std::vector<Integer> numbers;
    for (auto left = Number<std::uint64_t>(); ok_ && left > 0; --left) {
      numbers.push_back(Number<Integer>());
    }
    return numbers;
  }
  bool ok() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

void Write(Writer& writer, const Caller& caller) {
  writer.Text(caller.socket);
  writer.Number(caller.uid);
  writer.Number(caller.gid);
  writer.Number(caller.pid);
  writer.Numbers(caller.groups);
}

void Write(Writer& writer, const Declared& declared) {
  writer.Text(declared.purpose);
  writer.Text(declared.tool_name);
  writer.Text(declared.arguments_digest);
}

Declared ReadDeclared(Reader& reader) {
  Declared declared;
  declared.purpose = reader.Text();
  declared.tool_name = reader.Text();
  declared.arguments_digest = reader.Text();
  return declared;
}

Caller ReadCaller(Reader& reader) {
  Caller caller;
  caller.socket = reader.Text();
  caller.uid = reader.Number<uid_t>();
  caller.gid = reader.Number<gid_t>();
  caller.pid = reader.Number<pid_t>();
  caller.groups = reader.Numbers<gid_t>();
  return caller;
}

}  // namespace

SecretString EncodeGrant(const Grant& grant) {
  Writer writer(kGrantFormat);
  writer.Text(grant.agent);
  writer.Text(grant.agent_id);
  writer.Text(grant.tool);
  writer.Text(grant.api);
  writer.Text(NameOf(grant.access));
  writer.Texts(grant.scopes);
  writer.Text(grant.subject_token.Reveal());
  Write(writer, grant.creator);
  Write(writer, grant.declared);
  return writer.Take();
}

std::optional<Grant> DecodeGrant(std::string_view bytes) {
  Reader reader(bytes, kGrantFormat);
  Grant grant;
  grant.agent = reader.Text();
  grant.agent_id = reader.Text();
  grant.tool = reader.Text();
  grant.api = reader.Text();
  grant.access = reader.OneOf({Access::kDelegated, Access::kApplication});
  grant.scopes = reader.Texts();
  grant.subject_token = SecretString(reader.View());
  grant.creator = ReadCaller(reader);
  grant.declared = ReadDeclared(reader);
  if (!reader.ok()) return std::nullopt;
  return grant;
}

SecretString EncodeToken(const ApiToken& token) {
  Writer writer(kTokenFormat);
  writer.Text(token.value.Reveal());
  writer.Number(absl::ToUnixMicros(token.expires_at));
  writer.Number(absl::ToUnixMicros(token.obtained_at));
  writer.Texts(token.scopes);
  writer.Text(token.unique_id);
  writer.Text(token.correlation_id);
  return writer.Take();
}

std::optional<ApiToken> DecodeToken(std::string_view bytes) {
  Reader reader(bytes, kTokenFormat);
  ApiToken token;
  token.value = SecretString(reader.View());
  token.expires_at = absl::FromUnixMicros(reader.Number());
  token.obtained_at = absl::FromUnixMicros(reader.Number());
  token.scopes = reader.Texts();
  token.unique_id = reader.Text();
  token.correlation_id = reader.Text();
  if (!reader.ok()) return std::nullopt;
  return token;
}

}  // namespace behalf
