// What a provider says back of the secrets that it was sent.
#pragma once

#include <initializer_list>
#include <string_view>

#include "absl/status/status.h"

namespace behalf {

// Whether `text` holds all of `secret`, or any twelve bytes in a row of it.
bool HoldsPieceOf(std::string_view text, std::string_view secret);

// The failure without the facts of its metadata that hold a piece of one of
// `secrets`: they would go on to the caller or to the record.
absl::Status WithoutEchoes(const absl::Status& failure,
                           std::initializer_list<std::string_view> secrets);

}  // namespace behalf
