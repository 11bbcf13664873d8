#include "daemon/cli/console.h"

#include "daemon/cli/exit_code.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

std::string_view Code(Colour colour) {
  switch (colour) {
    case Colour::kGood:
      return "\x1b[32m";
    case Colour::kBad:
      return "\x1b[1;31m";
    case Colour::kQuiet:
      return "\x1b[2m";
  }
  return "";
}

std::string Painted(bool paint, Colour colour, std::string_view text) {
  if (!paint) return std::string(text);
  return std::string(Code(colour)).append(text).append("\x1b[0m");
}

bool WantsColours(const Environment& environment) {
  const auto it = environment.find("NO_COLOR");
  return it == environment.end() || it->second.empty();
}

}  // namespace

Console::Console(const Streams& streams, const Environment& environment)
    : streams_(streams), environment_(environment), colours_(WantsColours(environment)) {}

std::string Console::Variable(std::string_view name) const {
  const auto it = environment_.find(name);
  return it == environment_.end() ? "" : it->second;
}

std::string Console::OnOut(Colour colour, std::string_view text) const {
  return Painted(colours_ && streams_.out_is_terminal, colour, text);
}

std::string Console::OnErr(Colour colour, std::string_view text) const {
  return Painted(colours_ && streams_.err_is_terminal, colour, text);
}

int Console::Fail(const absl::Status& failure) {
  err() << OnErr(Colour::kBad, "behalf:") << ' '
        << Printable({failure.message().data(), failure.message().size()}) << '\n';
  return ExitCodeOf(failure);
}

}  // namespace behalf::cli
