// How long a revocation takes inside the process: until it is in force, until
// it is on disk, and what the disk alone takes, in the same run. While it is
// measured, others hand out all the time.
//   bench_revoke FOLDER REVOCATIONS HANDING_OUT
// Prints one JSON object, times in microseconds. The state is made in FOLDER.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/base/descriptor.h"
#include "daemon/broker/revocation_desk.h"
#include "daemon/store/sqlite_state.h"
#include "spdlog/spdlog.h"
#include "tests/bench/percentiles.h"
#include "tests/daemon/base/coroutines.h"
#include "tests/fakes/contoso.h"
#include "tests/fakes/fake_audit.h"
#include "tests/fakes/fake_clock.h"

namespace behalf {
namespace {

constexpr std::size_t kOutstanding = 20'000;  // as many as the daemon remembers

CatalogInForcePtr Contoso() {
  auto in_force = std::make_shared<CatalogInForce>();
  in_force->catalog = ContosoCatalog();
  return in_force;
}

Revocation OfTheAgent() {
  Revocation revocation;
  revocation.kind = RevocationKind::kAgent;
  revocation.targets = {"invoice-bot", kInvoiceBotId};
  revocation.said = "invoice-bot";
  revocation.reason = "it is measured";
  return revocation;
}

CallerPtr Admin() {
  auto caller = std::make_shared<Caller>();
  caller->socket = "admin";
  caller->uid = caller->gid = kAdminUid;
  return caller;
}

NamedTarget TheAgent() {
  NamedTarget target;
  target.kind = RevocationKind::kAgent;
  target.name = "invoice-bot";
  return target;
}

// All parts of revoking are real but the record and the clock.
class House {
 public:
  House(SqliteState& state, int handing_out) : state_(state) {
    for (std::size_t i = 0; i < kOutstanding; ++i) {
      OutstandingToken token;
      token.digest = std::to_string(i);
      token.agent = "report-bot";
      token.expires_at = clock_.Now() + absl::Hours(1);
      outstanding_.Note(std::move(token), clock_.Now());
    }
    for (int i = 0; i < handing_out; ++i) threads_.emplace_back([this] { HandOut(); });
  }
  ~House() {
    over_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

  // Until no answer passes it, and none that passed has yet to leave.
  double UntilInForce() {
    const auto begun = BenchClock::now();
    const std::uint64_t revision = revocations_.Add(OfTheAgent());
    const double micros = MicrosSince(begun);
    revocations_.Remove({revision});
    return micros;
  }

  double UntilAcknowledged() {
    RevokeRequest request(Admin());
    request.target = TheAgent();
    request.reason = "it is measured";
    const auto begun = BenchClock::now();
    const bool done = RunToEnd(desk_.Revoke(std::move(request))).ok();
    const double micros = MicrosSince(begun);
    RestoreRequest restore(Admin());
    restore.target = TheAgent();
    if (!done || !RunToEnd(desk_.Restore(std::move(restore))).ok()) std::abort();
    audit_.Forget();
    return micros;
  }

  double UntilStored() {
    Revocation revocation = OfTheAgent();
    const auto begun = BenchClock::now();
    const auto put = RunToEnd(state_.Put(std::move(revocation)));
    const double micros = MicrosSince(begun);
    if (!put.ok() || !RunToEnd(state_.Remove({*put})).ok()) std::abort();
    return micros;
  }

  std::uint64_t handed_out() const { return handed_out_; }

 private:
  void HandOut() {
    const Agent* const agent = live_.Current()->catalog->FindAgent("invoice-bot");
    while (!over_) {
      if (revocations_.HandOut({.agent = agent}, clock_.Now()).ok()) ++handed_out_;
    }
  }

  SqliteState& state_;
  FakeClock clock_;
  FakeAudit audit_;
  Revocations revocations_{{}, state_};
  OutstandingTokens outstanding_{kOutstanding};
  TokenNamer namer_{SecretString(std::string(32, 'k'))};
  LiveCatalog live_{Contoso()};
  AdminGate gate_{live_, audit_, clock_};
  RevocationDesk desk_{{gate_, revocations_, state_, outstanding_, audit_, namer_, clock_}};
  std::atomic<bool> over_ = false;
  std::atomic<std::uint64_t> handed_out_ = 0;
  std::vector<std::thread> threads_;
};

// A page and its fdatasync(2): nothing that is to survive a power cut is faster.
class Disk {
 public:
  explicit Disk(const std::string& folder)
      : file_(::open((folder + "/floor").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)) {}

  double UntilSynced() {
    const auto begun = BenchClock::now();
    if (::pwrite(file_.get(), page_.data(), page_.size(), end_) < 0 ||
        ::fdatasync(file_.get()) != 0)
      std::abort();
    end_ += static_cast<off_t>(page_.size());
    return MicrosSince(begun);
  }

 private:
  const Descriptor file_;
  const std::array<char, 4096> page_{};
  off_t end_ = 0;
};

int Run(const std::string& folder, int revocations, int handing_out) {
  spdlog::set_level(spdlog::level::off);
  const auto state = SqliteState::Open(folder);
  if (!state.ok()) {
    std::cerr << state.status().message() << "\n";
    return 1;
  }
  House house(**state, handing_out);
  Disk disk(folder);
  // By turns, so that all meet the same disk.
  std::array<std::vector<double>, 4> taken;
  for (int i = 0; i < revocations; ++i) {
    taken[0].push_back(house.UntilInForce());
    taken[1].push_back(disk.UntilSynced());
    taken[2].push_back(house.UntilStored());
    taken[3].push_back(house.UntilAcknowledged());
  }
  std::cout << "{\"handed_out\": " << house.handed_out();
  constexpr std::array kNames = {"in_force", "disk", "stored", "acknowledged"};
  for (std::size_t i = 0; i < taken.size(); ++i) {
    std::cout << ", ";
    PrintPercentiles(std::cout, kNames.at(i), taken.at(i));
  }
  std::cout << "}\n";
  return 0;
}

}  // namespace
}  // namespace behalf

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  return behalf::Run(argv[1], std::stoi(argv[2]), std::stoi(argv[3]));
}
