// What documents may say, for editors and for readers, made from the same
// description of the kinds that the loader binds. Pure; thread-safe.
#pragma once

#include <string>

namespace behalf {

// JSON Schema (draft 2020-12) of one document. It refuses what a schema can
// see; the loader refuses more (references, overlaps, places).
std::string JsonSchema();

// Every key of every kind, in Markdown.
std::string KeyReference();

}  // namespace behalf
