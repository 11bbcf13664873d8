// What `explain` and `can-i` ask, of a daemon or of documents.
#pragma once

#include <behalf/v1/admin.pb.h>

#include <optional>

#include "daemon/cli/arguments.h"
#include "daemon/cli/console.h"

namespace behalf::cli {

// The answer of the daemon, or of the files that --documents names, found by
// the same function. Nothing when there is none: then what went wrong was said,
// and `code` is what to exit with.
std::optional<v1::AdminExplainResponse> Ask(const Arguments& arguments, Console& console,
                                            int& code);

// The same for a request that was read already: what --documents says of it.
absl::StatusOr<v1::Explanation> AskDocuments(const Arguments& arguments,
                                             const v1::AdminExplainRequest& request,
                                             Console& console);

}  // namespace behalf::cli
