// An input of a fuzzer as a row of choices.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace behalf::fuzz {

// Takes from the front; what is used up gives zeros and empty texts.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }

  std::uint8_t Byte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  bool Flag() { return (Byte() & 1) != 0; }
  std::uint8_t Below(std::uint8_t bound) { return static_cast<std::uint8_t>(Byte() % bound); }

  // Eight bytes, least first; the small numbers and the furthest come by one.
  std::uint64_t Number() {
    const std::uint8_t kind = Byte();
    if (kind < 250) return kind;
    if (kind < 253) return UINT64_MAX - (kind - 250U);
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 8) number |= std::uint64_t{Byte()} << shift;
    return number;
  }

  // As many bytes as the first says; 255: all that is left.
  std::string_view View() {
    const std::size_t wanted = Byte();
    return Take(wanted == 255 ? rest_.size() : wanted);
  }
  std::string Text() { return std::string(View()); }
  std::vector<std::string> Texts() {
    std::vector<std::string> texts(Byte() % 80);
    for (std::string& text : texts) text = Text();
    return texts;
  }
  std::string_view Rest() { return Take(rest_.size()); }

 private:
  std::string_view Take(std::size_t wanted) {
    const std::string_view taken = rest_.substr(0, std::min(wanted, rest_.size()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

}  // namespace behalf::fuzz
