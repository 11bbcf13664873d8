// Entra's errors as data: what a code means to a client is one row here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace behalf::idp {

struct ErrorRow {
  int code;                // AADSTS number
  std::string_view error;  // RFC 6749 section 5.2
  int status;              // HTTP
  std::string_view text;   // $0.. stand for details
  std::string_view suberror = "";
};

// Those that requests deserve; for all others see errors_injected.h.
std::span<const ErrorRow> AllErrors();

// Aborts for a code that is in neither table.
const ErrorRow& RowOf(int code);

// Why a request was not answered with a token. A value, not an exception.
struct Refusal {
  int code = 0;
  std::vector<std::string> details = {};
  std::string claims = {};  // a challenge, JSON as text; empty: none
};

template <typename T>
class Outcome {
 public:
  Outcome(Refusal refusal) : value_(std::move(refusal)) {}
  Outcome(T value) : value_(std::move(value)) {}

  bool ok() const { return std::holds_alternative<T>(value_); }
  const Refusal& refusal() const { return std::get<Refusal>(value_); }
  const T& operator*() const { return std::get<T>(value_); }
  const T* operator->() const { return &std::get<T>(value_); }

 private:
  std::variant<Refusal, T> value_;
};

// The text of a refusal, "AADSTS50013: ...", without its trace.
std::string Describe(const Refusal& refusal);

}  // namespace behalf::idp
