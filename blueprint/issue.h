// What is wrong with a document, told to its author.
#pragma once

#include <string>
#include <vector>

#include "blueprint/documents.h"

namespace behalf {

struct Issue {
  enum class Kind {
    kDocument,  // the set does not load
    kHost,      // the set loads; what the issue concerns is disabled on this host
  };
  Kind kind = Kind::kDocument;
  Place place;
  std::string message;    // one sentence: what is wrong
  std::string advice;     // what to write or do instead; may be empty
  std::string line;       // the text of the line, for the caret
  std::string blueprint;  // kHost: which blueprint is disabled; empty: none

  bool operator==(const Issue&) const = default;
};

// "file:line:column: error: message" / the line / a caret / "help: advice".
std::string Render(const Issue& issue);

}  // namespace behalf
