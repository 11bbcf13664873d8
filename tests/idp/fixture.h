// An identity provider with Contoso's directory and a clock that stands still,
// for tests without sockets.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <map>
#include <string>

#include "tests/idp/identity_provider.h"
#include "tests/idp/jwt.h"

namespace behalf::idp {

inline constexpr char kTenant[] = "5b404cf4-a79d-4cfe-b866-24bf8e1a4921";
inline constexpr char kPortal[] = "3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77";
inline constexpr char kBlueprint[] = "8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11";
inline constexpr char kAgent[] = "b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2";
inline constexpr char kOtherBlueprint[] = "d2a4c6e8-1b3d-4f5a-8c7e-9b0a2d4f6e13";
inline constexpr char kOtherAgent[] = "e8f0a2b4-6c8d-4e1f-9a3b-5c7d9e1f2a35";
inline constexpr char kExpenses[] = "api://6f0e9b3c-8d2a-4e71-9c55-a1b2c3d4e5f6";
inline constexpr char kReports[] = "4b8e2d60-9f17-4c3a-a5d8-e06b7c1f3920";
inline constexpr char kReportsSecret[] = "contoso-reports-development-only";
inline constexpr char kLedger[] = "https://ledger.contoso.example";
inline constexpr char kLedgerId[] = "1c4e7a90-5b2d-4f83-9e6a-c0d8b3f51a27";
inline constexpr char kAgentUser[] = "d8e1b4a7-63c2-4f95-8a0d-7b2e5c9f1a06";
inline constexpr char kAlice[] = "2c1f7a52-6f3e-4a0b-9a63-1d9f6f0c5a01";
inline constexpr char kSecret[] = "invoice-assistant-development-only";
inline constexpr char kOtherSecret[] = "travel-assistant-development-only";

using Parameters = std::map<std::string, std::string>;

class StandingClock final : public Clock {
 public:
  absl::Time Now() const override { return now; }
  absl::Time now = absl::FromUnixSeconds(1'795'000'000);
};

struct Reply {
  Response response;
  json::object body;

  int code() const;  // AADSTS number; 0: none
  std::string Text(std::string_view key) const { return TextAt(body, key).value_or(""); }
};

class IdpTest : public testing::Test {
 protected:
  static std::string Path();  // of contoso.yaml
  static const Directory& Contoso();
  static const SigningKeys& Keys();
  static const Tenant& TheTenant() { return Contoso().tenants.front(); }

  static std::string FormText(const Parameters& parameters);
  static json::object ClaimsOf(const std::string& token);

  Request TokenRequestOf(const Parameters& parameters) const;
  Reply Ask(const Request& request) const;
  Reply Post(const Parameters& parameters) const { return Ask(TokenRequestOf(parameters)); }
  Reply Get(const std::string& path, const std::string& bearer = "") const;

  // Requests that succeed; tests change one thing in them.
  static Parameters SignIn(const std::string& user, const std::string& scope);
  static Parameters ForExchange(const std::string& agent = kAgent);
  Parameters OnBehalfOfAlice() const;
  // The middle tier that is no agent, on behalf of Alice.
  Parameters ClassicOnBehalfOfAlice() const;
  // An agent, or the middle tier, as itself.
  Parameters AsAgent(const std::string& scope) const;
  static Parameters AsReports(const std::string& scope);
  Parameters AsAgentUser(const std::string& user) const;

  std::string UserToken(const std::string& user, const std::string& scope) const;
  std::string ExchangeToken(const std::string& agent = kAgent) const;

  StandingClock clock_;
  std::unique_ptr<RandomSource> random_ = MakeRandomSource(1);
  std::unique_ptr<IdentityProvider> provider_ =
      std::make_unique<IdentityProvider>(Contoso(), Keys(), clock_, *random_);
};

}  // namespace behalf::idp
