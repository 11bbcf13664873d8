// The one table of commands: parsing, help, man page, completion and
// docs/cli.md all come from it. Immutable, hence thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/arguments.h"
#include "daemon/cli/console.h"

namespace behalf::cli {

struct Flag {
  enum class Use { kOptional, kRequired, kRepeated };

  std::string name;   // without dashes
  std::string value;  // what stands for its value in the help; empty: a switch
  std::string doc;
  Use use = Use::kOptional;
  char letter = 0;                        // its short form; 0: none
  std::vector<std::string> choices = {};  // empty: any value
};

// What a command takes besides flags.
struct Operands {
  std::string usage;  // "PATH..."
  std::size_t least = 0;
  std::size_t most = 0;
  std::vector<std::string> choices = {};  // for completion
};

struct Exit {
  int code;
  std::string meaning;
};

struct Command {
  std::string noun;
  std::string verb;  // empty: the noun stands alone
  std::string summary;
  std::string details;
  Operands operands;
  std::vector<Flag> flags;
  std::string example;
  std::vector<Exit> exits;
  int (*run)(const Arguments&, Console&);

  // "token get"
  std::string name() const { return verb.empty() ? noun : noun + ' ' + verb; }
  // Null when it has no such flag.
  const Flag* FindFlag(std::string_view flag) const;
};

// In the order of the help.
const std::vector<Command>& Commands();

// Null when there is none.
const Command* FindCommand(std::string_view noun, std::string_view verb);

// Each noun once, and the verbs of a noun, in the order of the table.
std::vector<std::string> Nouns();
std::vector<std::string> VerbsOf(std::string_view noun);

}  // namespace behalf::cli
