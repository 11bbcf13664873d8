// Runs a fuzzer's function without libFuzzer, the same way each time: every
// file of the folders, then files that were changed at random.
//   fuzz_replay_NAME MUTATIONS FOLDER...
// The input that ends the process stays in ./fuzz_replay_NAME.input.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// The sanitizers' word for it, where there is one.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

namespace fs = std::filesystem;

std::vector<std::string> ReadFolder(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::vector<std::string> inputs;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& inputs) : inputs_(inputs) {}

  std::string Next() {
    std::string input = inputs_[Below(inputs_.size())];
    for (std::size_t left = 1 + Below(4); left > 0; --left) Change(input);
    return input;
  }

 private:
  // std::uniform_int_distribution differs between libraries.
  std::size_t Below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

  void Change(std::string& input) {
    const std::size_t at = Below(input.size() + 1);
    switch (Below(5)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(random_());
        return;
      case 1:
        if (at < input.size()) input[at] ^= static_cast<char>(1U << Below(8));
        return;
      case 2:
        input.erase(at, Below(9));
        return;
      case 3:
        input.insert(at, input.substr(Below(input.size() + 1), Below(17)));
        return;
      default:
        const std::string& other = inputs_[Below(inputs_.size())];
        input.replace(at, Below(17), other.substr(Below(other.size() + 1), Below(33)));
    }
  }

  const std::vector<std::string>& inputs_;
  std::mt19937_64 random_{20260722};
};

// What runs just now, for Keep.
std::string note;
const std::string* running = nullptr;

// Runs while the process ends: no memory is taken.
void Keep() {
  if (running == nullptr) return;
  const int file = open(note.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (write(file, running->data(), running->size()) < 0) return;
  close(file);
}

void KeepAndDie(int signal) {
  Keep();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void Run(const std::string& input) {
  running = &input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "use: %s MUTATIONS FOLDER...\n", arguments[0]);
    return 2;
  }
  std::vector<std::string> inputs = {""};
  for (int i = 2; i < count; ++i)
    std::ranges::move(ReadFolder(arguments[i]), std::back_inserter(inputs));
  note = fs::path(arguments[0]).filename().string() + ".input";
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE}) std::signal(signal, KeepAndDie);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(Keep);
  for (const std::string& input : inputs) Run(input);
  Mutator mutator(inputs);
  const int mutations = std::stoi(arguments[1]);
  for (int i = 0; i < mutations; ++i) Run(mutator.Next());
  running = nullptr;
  std::printf("%zu inputs, %d mutations\n", inputs.size(), mutations);
  return 0;
}
