#include "policies/asked.h"

namespace behalf {

Question QuestionOf(const Asked& asked) {
  return {.agent = asked.agent,
          .facts = {.caller = {.socket = asked.socket, .uid = asked.uid, .groups = asked.groups},
                    .user = FactsOf(asked.user, asked.user.client),
                    .tool = asked.tool,
                    .api = asked.api,
                    .access = asked.access.value_or(Access::kDelegated),
                    .scopes = asked.scopes,
                    .declared = DeclaredBy(asked),
                    .now = asked.at},
          .disabled = asked.disabled};
}

}  // namespace behalf
