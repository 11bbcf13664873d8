// The table of commands as people read it. Pure functions of the table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/command.h"

namespace behalf::cli {

// `behalf help`
std::string Overview();
// `behalf help NOUN`
std::string NounHelp(std::string_view noun);
// `behalf help NOUN VERB`
std::string CommandHelp(const Command& command);
// behalf(1), in roff
std::string ManPage();
// docs/cli.md
std::string MarkdownPage();
// A completion script; `shell` is bash, zsh or fish.
std::string CompletionScript(std::string_view shell);

// What all pages say alike: {"behalf token get", "--api NAME", "[--agent NAME]"},
// between which a line may break, and the same on one line;
// "-o, --output FORMAT"; the sentence on a flag with what it must be.
std::vector<std::string> SynopsisParts(const Command& command);
std::string Synopsis(const Command& command);
std::string FlagUsage(const Flag& flag);
std::string FlagDoc(const Flag& flag);

}  // namespace behalf::cli
