#include <unistd.h>

#include <boost/json/serialize.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/clock.h"
#include "tests/idp/base64url.h"
#include "tests/idp/commands.h"
#include "tests/idp/controlled_provider.h"
#include "tests/idp/directory_file.h"
#include "tests/idp/flags.h"
#include "tests/idp/https_server.h"

namespace behalf::idp {
namespace {

constexpr char kImfFixdate[] = "%a, %d %b %Y %H:%M:%S GMT";  // RFC 9110 section 5.6.7

absl::StatusOr<std::optional<std::uint64_t>> Seed(const Flags& flags) {
  const std::optional<std::string> text = flags.Get("seed");
  std::uint64_t seed = 0;
  if (!text.has_value()) return std::nullopt;
  if (!absl::SimpleAtoi(*text, &seed)) return absl::InvalidArgumentError("--seed is not a number");
  return seed;
}

void WriteLine(const json::object& line) {
  const std::string text = json::serialize(line) + "\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
}

void LogRequest(const Request& request, const Response& response, absl::Time begun,
                absl::Time ended) {
  json::object line{{"time", absl::FormatTime(absl::RFC3339_full, begun, absl::UTCTimeZone())},
                    {"status", response.status},
                    {"microseconds", absl::ToInt64Microseconds(ended - begun)}};
  if (response.status != 404) {
    line["method"] = request.method;
    line["path"] = request.path;
  }
  for (const auto& [key, value] : response.facts) line[key] = value;
  WriteLine(line);
}

// What the admin endpoint is asked with: new at every start, for the owner of
// the state directory only.
absl::StatusOr<std::string> NewAdminToken(const StateDirectory& state) {
  const std::string token = Base64Url(MakeRandomSource(std::nullopt)->Bytes(32));
  const auto written = WriteWholeFile(state.PathOf("admin-token"), token + "\n", 0600);
  if (!written.ok()) return written;
  return token;
}

// Everything a server needs, in the order in which it is made.
struct Parts {
  StateDirectory state;
  std::string admin_token;
  Directory directory;
  SigningKeys keys;
  TlsIdentity tls;
  std::unique_ptr<RandomSource> random;
};

absl::StatusOr<Parts> Prepare(const Flags& flags) {
  const auto config = flags.Need("config");
  if (!config.ok()) return config.status();
  const auto state_path = flags.Need("state");
  if (!state_path.ok()) return state_path.status();
  const auto seed = Seed(flags);
  if (!seed.ok()) return seed.status();
  auto directory = LoadDirectory(*config);
  if (!directory.ok()) return directory.status();
  const StateDirectory state(*state_path);
  if (auto created = state.Create(); !created.ok()) return created;
  auto tls = PrepareTlsIdentity(state);
  if (!tls.ok()) return tls.status();
  auto keys = SigningKeys::Load(state);
  if (!keys.ok()) return keys.status();
  auto token = NewAdminToken(state);
  if (!token.ok()) return token.status();
  return Parts{state,           *std::move(token),      *std::move(directory), *std::move(keys),
               *std::move(tls), MakeRandomSource(*seed)};
}

}  // namespace

absl::Status ServeCommand(const std::vector<std::string>& arguments) {
  const auto flags = Flags::Parse(arguments, {"config", "state", "listen", "ready-file", "seed"});
  if (!flags.ok()) return flags.status();
  auto parts = Prepare(*flags);
  if (!parts.ok()) return parts.status();
  const SystemClock clock;
  AdjustableClock adjustable(clock);
  LiveWorld world(std::move(parts->directory), std::move(parts->keys), adjustable, *parts->random);
  Faults faults;
  RequestLog log;
  const Controls controls{
      adjustable,        world, faults, log, [&] { return SigningKeys::LoadWithNew(parts->state); },
      parts->admin_token};
  const auto handle = [&](const Request& request) {
    const absl::Time begun = clock.Now();
    Response response = HandleControlled(controls, request);
    response.headers.emplace_back(
        "Date", absl::FormatTime(kImfFixdate, adjustable.Now(), absl::UTCTimeZone()));
    LogRequest(request, response, begun, clock.Now());
    return response;
  };
  const auto server =
      HttpsServer::Listen(flags->GetOr("listen", "127.0.0.1:8443"), parts->tls, handle);
  if (!server.ok()) return server.status();
  if (const auto ready = flags->Get("ready-file")) {
    const auto written = WriteWholeFile(*ready, (*server)->base_url() + "\n", 0644);
    if (!written.ok()) return written;
  }
  WriteLine({{"serving", (*server)->base_url()}});
  (*server)->Run();
  return absl::OkStatus();
}

}  // namespace behalf::idp
