#include "daemon/oauth/echoes.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "daemon/base/error.h"

namespace behalf {
namespace {

constexpr std::size_t kPiece = 12;

}  // namespace

bool HoldsPieceOf(std::string_view text, std::string_view secret) {
  if (secret.empty()) return false;
  if (secret.size() < kPiece) return text.find(secret) != std::string_view::npos;
  for (std::size_t i = 0; i + kPiece <= text.size(); ++i) {
    if (secret.find(text.substr(i, kPiece)) != std::string_view::npos) return true;
  }
  return false;
}

absl::Status WithoutEchoes(const absl::Status& failure,
                           std::initializer_list<std::string_view> secrets) {
  ErrorDetail detail = DetailOf(failure);
  const std::size_t echoes = std::erase_if(detail.metadata, [&](const auto& fact) {
    return std::ranges::any_of(
        secrets, [&](std::string_view secret) { return HoldsPieceOf(fact.second, secret); });
  });
  if (echoes == 0) return failure;
  return MakeError(std::move(detail), std::string(failure.message()));
}

}  // namespace behalf
