#include "blueprint/kinds.h"
#include "blueprint/values.h"

namespace behalf::loader {

const Mapping<Tool>& ToolMapping() {
  static const auto& mapping =
      (new Mapping<Tool>("Tool", "A named tool runtime, which redeems handles made for it."))
          ->Required("callers", &Tool::callers, ListOf(Struct(CallerMapping())),
                     "The tool's processes: any of these.")
          .Optional(
              "separation", &Tool::separation,
              OneOf<Separation>({{"required", Separation::kRequired}, {"none", Separation::kNone}}),
              Default{"required"},
              "Whether the tool must run under another account than the agents that make "
              "handles for it. With `none` an agent can redeem its own handles.");
  return mapping;
}

}  // namespace behalf::loader
