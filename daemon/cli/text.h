// Text of others made fit for a terminal. Pure functions.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace behalf::cli {

// The parts, one after the other.
std::string Concat(std::initializer_list<std::string_view> parts);

// The length of the UTF-8 sequence (RFC 3629) that `text` starts with; 0 when
// it starts with none.
std::size_t Utf8SequenceLength(std::string_view text);

// Control characters other than newline and tab, what orders text from right
// to left or ends lines unseen (as in daemon/audit/json_line.cc), and bytes
// that are not UTF-8 are written as \xNN: nothing that a document, a provider
// or the daemon says can steer the terminal.
std::string Printable(std::string_view text);

// The same on one line: newlines and tabs are spaces.
std::string PrintableOnOneLine(std::string_view text);

// Whether it is so already: no line that the daemon wrote into its record is
// otherwise.
bool IsPrintableOnOneLine(std::string_view text);

// Short, of letters and hyphens: a word that may be repeated in a message,
// which something mistyped that is a secret is not.
bool IsPlainWord(std::string_view word);

}  // namespace behalf::cli
