#include "absl/strings/str_replace.h"
#include "daemon/cli/pages.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

// Text as roff: hyphens stay hyphens, and no line starts a request.
std::string Roff(const std::string& text) {
  const std::string escaped = absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"}});
  const bool request = escaped.starts_with('.') || escaped.starts_with('\'');
  return request ? "\\&" + escaped : escaped;
}

std::string Tagged(const std::string& tag, const std::string& text) {
  return Concat({".TP\n\\fB", Roff(tag), "\\fR\n", Roff(text), "\n"});
}

std::string CommandSection(const Command& command) {
  std::string out = Concat({".SS ", Roff(command.name()), "\n", Roff(command.summary), ".\n"});
  if (!command.details.empty()) out.append(Concat({".PP\n", Roff(command.details), "\n"}));
  out.append(Concat({".PP\n\\fB", Roff(Synopsis(command)), "\\fR\n"}));
  for (const Flag& flag : command.flags) out.append(Tagged(FlagUsage(flag), FlagDoc(flag)));
  out.append(Concat({".PP\nExample:\n.PP\n.nf\n.RS\n", Roff(command.example), "\n.RE\n.fi\n"}));
  out.append(".PP\nExit codes:\n");
  for (const Exit& exit : command.exits)
    out.append(Tagged(std::to_string(exit.code), exit.meaning));
  return out;
}

}  // namespace

std::string ManPage() {
  std::string out = ".TH BEHALF 1 \"\" \"behalf " BEHALF_VERSION
                    "\" \"behalf\"\n"
                    ".SH NAME\nbehalf \\- the operator's tool for behalfd\n"
                    ".SH SYNOPSIS\n\\fBbehalf\\fR \\fINOUN VERB\\fR [\\fIFLAGS\\fR]\n"
                    ".SH COMMANDS\n";
  for (const Command& command : Commands()) out.append(CommandSection(command));
  return out + ".SH ENVIRONMENT\n" +
         Tagged("BEHALF_SOCKET", "the socket where --socket is not given") +
         Tagged("CREDENTIALS_DIRECTORY", "where blueprint validate looks for systemd credentials") +
         Tagged("NO_COLOR", "set and not empty: no colours");
}

}  // namespace behalf::cli
