// What a document leaves to another mapping: a blueprint's entries to its
// `defaults`, an Api to a well-known one.
#pragma once

#include <string>
#include <string_view>

#include "blueprint/node.h"
#include "blueprint/shape.h"

namespace behalf::loader {

// Puts inherited values where they are absent, before the document is bound.
// A misspelt key counts as what was meant, so that nothing is missing besides.
void Inherit(Node& document);

// The parts, for the spec of a Blueprint and of an Api.
void InheritDefaults(Node& spec);
void InheritWellKnown(Node& spec);

// What inheritance is made of.
Node* Find(Node& map, std::string_view key);
// The value of a key of such a mapping, which may be misspelt.
const Node* FindMeant(const Node& map, const ShapeInfo& shape, const std::string& key);
// Copies the entry into the mapping, unless the key is there.
void Give(Node& map, const Node::Entry& entry);

}  // namespace behalf::loader
