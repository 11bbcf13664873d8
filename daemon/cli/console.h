// Where a command reads and writes: data on `out`, messages on `err`.
#pragma once

#include <functional>
#include <istream>
#include <map>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace behalf::cli {

using Environment = std::map<std::string, std::string, std::less<>>;

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  // After this long without an answer the person waiting is told so.
  absl::Duration patience = absl::Seconds(2);
};

enum class Format { kTable, kJson };
enum class Colour { kGood, kBad, kQuiet };

// For one command, on one thread.
class Console {
 public:
  Console(const Streams& streams, const Environment& environment);

  std::istream& in() { return streams_.in; }
  std::ostream& out() { return streams_.out; }
  std::ostream& err() { return streams_.err; }
  absl::Duration patience() const { return streams_.patience; }

  Format format() const { return format_; }
  void set_format(Format format) { format_ = format; }

  // The variable's value; empty when it is unset.
  std::string Variable(std::string_view name) const;

  // `text` in the colour, where the stream is a terminal and NO_COLOR is not
  // set (no-color.org).
  std::string OnOut(Colour colour, std::string_view text) const;
  std::string OnErr(Colour colour, std::string_view text) const;

  // "behalf: MESSAGE" on `err`, and the exit code of the failure.
  int Fail(const absl::Status& failure);

 private:
  const Streams& streams_;
  const Environment& environment_;
  const bool colours_;
  Format format_ = Format::kTable;
};

}  // namespace behalf::cli
