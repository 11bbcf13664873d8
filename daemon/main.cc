// behalfd: serves until signalled.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/process/environment.h"
#include "daemon/process/log.h"
#include "daemon/process/process.h"
#include "daemon/process/service_manager.h"
#include "daemon/process/version.h"
#include "daemon/wiring.h"

namespace {

constexpr char kUsage[] =
    "usage: behalfd --documents PATH [--log-level debug|info|warn|error] [--no-watch]\n"
    "       behalfd --documents PATH --check\n"
    "\n"
    "  --documents PATH  the directory (or file) of the YAML documents\n"
    "  --log-level LEVEL what to log to stderr as JSON lines; info if not given\n"
    "  --no-watch        load changed documents on HUP and `behalf catalog reload` only\n"
    "  --check           load the documents, say what is wrong, and exit\n"
    "  --version         print the version and exit\n"
    "\n"
    "Signals: TERM and INT end the daemon within 10 s; HUP loads the documents anew;\n"
    "USR1 begins a new audit file after a rotation.\n"
    "Exit codes: 0 ended as asked, 1 cannot start, 2 wrong usage.\n";

// Of the 10 s that the usage promises; the rest is for what comes after.
constexpr absl::Duration kGrace = absl::Seconds(9);

struct Arguments {
  behalf::Options options;
  std::string log_level = "info";
  bool check = false;
};

bool Parse(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--check") {
      arguments.check = true;
    } else if (flag == "--no-watch") {
      arguments.options.watch = false;
    } else if (flag == "--documents" && i + 1 < argc) {
      arguments.options.documents = argv[++i];
    } else if (flag == "--log-level" && i + 1 < argc) {
      arguments.log_level = argv[++i];
    } else {
      return false;
    }
  }
  return !arguments.options.documents.empty();
}

// Serves until TERM or INT; the manager hears of each change that people see.
class Service {
 public:
  Service(behalf::Daemon& daemon, const behalf::ServiceManager& manager)
      : daemon_(daemon), manager_(manager) {}

  void Run(const behalf::Signals& signals) {
    manager_.Ready(said_);
    while (Obey(signals.Wait(absl::Seconds(10)))) {
    }
    manager_.Stopping();
  }

 private:
  bool Obey(int signal) {
    switch (signal) {
      case SIGTERM:
      case SIGINT:
        return false;
      case SIGHUP:
        Reload();
        break;
      case SIGUSR1:
        daemon_.ReopenAudit();
        break;
      default:
        daemon_.Tick();
        SayWhatChanged();
    }
    return true;
  }

  void Reload() {
    manager_.Reloading();
    daemon_.Reload();
    said_ = daemon_.Summary();
    manager_.Ready(said_);
  }

  void SayWhatChanged() {
    std::string now = daemon_.Summary();
    if (now == said_) return;
    said_ = std::move(now);
    manager_.Status(said_);
  }

  behalf::Daemon& daemon_;
  const behalf::ServiceManager& manager_;
  std::string said_ = daemon_.Summary();
};

}  // namespace

int main(int argc, char** argv) {
  behalf::HardenProcess();
  const std::vector<std::string> scrubbed = behalf::ScrubEnvironment();
  if (argc == 2 && std::string_view(argv[1]) == "--version") {
    std::cout << "behalfd " << behalf::kVersion << "\n";
    return 0;
  }
  if (argc == 2 && std::string_view(argv[1]) == "--help") {
    std::cout << kUsage;
    return 0;
  }
  Arguments arguments;
  if (!Parse(argc, argv, arguments) || !behalf::StartLog(arguments.log_level)) {
    std::cerr << kUsage;
    return 2;
  }
  behalf::LogScrubbed(scrubbed);
  const char* const credentials = std::getenv("CREDENTIALS_DIRECTORY");
  arguments.options.credentials_directory = credentials == nullptr ? "" : credentials;
  if (arguments.check) return behalf::CheckDocuments(arguments.options) ? 0 : 1;

  const behalf::Signals signals;
  const auto manager = behalf::ServiceManager::FromEnvironment();
  auto daemon = behalf::Daemon::Start(arguments.options);
  if (!daemon.ok()) {
    std::cerr << "behalfd: " << daemon.status().message() << "\n";
    return 1;
  }
  Service(**daemon, manager).Run(signals);
  (*daemon)->Stop(kGrace);
  return 0;
}
