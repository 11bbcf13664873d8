// Any lines where the record should be, as `behalf audit search` and `show`
// put them on an operator's terminal.
#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>

#include "daemon/cli/actions.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/console.h"
#include "daemon/cli/exit_code.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/promise.h"
#include "tests/fuzz/strict_json.h"

namespace behalf::fuzz {
namespace {

constexpr char kId[] = "0123456789abcdef";  // of the decision that is looked for

struct Shown {
  int code = 0;
  std::string out, err;
};

using Action = int (*)(const cli::Arguments&, cli::Console&);

Shown Run(Action action, cli::Arguments arguments, std::string_view text, cli::Format format) {
  static const MemoryFile file;
  static const cli::Environment environment;
  arguments.flags["file"] = {file.With(text)};
  std::istringstream in;
  std::ostringstream out, err;
  const cli::Streams streams = {.in = in, .out = out, .err = err};
  cli::Console console(streams, environment);
  console.set_format(format);
  const int code = action(arguments, console);
  return {code, out.str(), err.str()};
}

bool MovesTheCursor(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n') || byte == 0x7F;
}

// A terminal does what control characters say, and those above U+007F too.
void CheckPrinted(const Shown& shown) {
  for (const std::string* text : {&shown.out, &shown.err}) {
    Promise(std::ranges::none_of(*text, MovesTheCursor), "no control character is printed");
    for (std::size_t at = text->find('\xC2'); at < text->size(); at = text->find('\xC2', at + 1)) {
      Promise(static_cast<unsigned char>((*text)[at + 1]) >= 0xA0, "nor one of Latin-1");
    }
    Promise(text->find("\xE2\x80\xAE") == text->npos, "no text is turned round");
    Promise(text->empty() || text->ends_with('\n'), "a line ends");
  }
}

std::size_t LinesOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

void CheckSearched(Choices choices) {
  cli::Arguments arguments;
  if (choices.Flag()) arguments.flags["agent"] = {"bot"};
  if (choices.Flag()) arguments.flags["user"] = {"u"};
  if (choices.Flag()) arguments.flags["from"] = {"2026-01-01T00:00:00Z"};
  const std::string_view text = choices.Rest();
  const Shown table = Run(cli::SearchAudit, arguments, text, cli::Format::kTable);
  CheckPrinted(table);
  const Shown json = Run(cli::SearchAudit, arguments, text, cli::Format::kJson);
  CheckPrinted(json);
  Promise(table.code == json.code, "both forms find the same");
  Promise(LinesOf(table.out) == LinesOf(json.out), "a record is a row");
  Promise((table.code == cli::kOk) == !table.out.empty(), "what is found is shown");
}

// Of one plain record: so many lines as it has members, but for those that the
// heading says.
void CheckTree(std::string_view line, const std::string& out) {
  const JsonReading record = ReadJson(line);
  if (!record.is_plain || line.find('\n') != line.npos) return;
  std::size_t lines = 2 + record.members.size();
  for (const char* const name : {"time", "event", "decision_id", "reason", "decided_by"}) {
    if (record.members.contains(name)) --lines;
  }
  const auto place = record.members.find("decided_by");
  if (place != record.members.end() && place->second.kind != JsonMember::Kind::kText) return;
  if (place != record.members.end() && !place->second.text.empty()) ++lines;
  Promise(LinesOf(out) == lines, "a member is a line");
}

void CheckDecision(Choices choices) {
  cli::Arguments arguments;
  arguments.operands = {kId};
  const std::string_view text = choices.Rest();
  const Shown table = Run(cli::ShowAudit, arguments, text, cli::Format::kTable);
  CheckPrinted(table);
  const Shown json = Run(cli::ShowAudit, arguments, text, cli::Format::kJson);
  CheckPrinted(json);
  Promise(table.code == json.code, "both forms find the same");
  if (table.code == cli::kOk) CheckTree(text, table.out);
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf::fuzz;
  Choices choices(TextOf(data, size));
  switch (choices.Byte()) {
    case 's':
      CheckSearched(choices);
      break;
    case 'd':
      CheckDecision(choices);
      break;
    default:
      break;
  }
  return 0;
}
