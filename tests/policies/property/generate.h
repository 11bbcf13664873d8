// Random documents and requests, biased so that what is interesting is
// frequent: few names, so that rules meet facts and requests meet lines.
#pragma once

#include <string>

#include "tests/policies/property/model.h"
#include "tests/policies/property/random.h"

namespace behalf::model {

Documents RandomDocuments(Random& random);

Rule RandomRule(const Documents& documents, Random& random);
Condition RandomCondition(const Documents& documents, Random& random);

Request RandomRequest(const Documents& documents, Random& random);

// What rules and requests draw from.
namespace words {
inline const Texts& List(std::initializer_list<const char*> list) {
  return *new Texts(list.begin(), list.end());
}
inline const Texts& kGroups = List({"g1", "g2", "g3"});
inline const Texts& kRoles = List({"r1", "r2"});
inline const Texts& kMethods = List({"mfa", "pwd"});
inline const Texts& kAuthContexts = List({"c1", "c2"});
inline const Texts& kClasses = List({"0", "1"});
inline const Texts& kPurposes = List({"audit", "close"});
inline const Texts& kFunctions = List({"search", "send"});
inline const Texts& kDigests = List({"d1", "d2"});
inline const Texts& kScopes = List({"Files.Read", "Mail.Read", "Mail.Send", "User.Read"});
inline constexpr char kOtherTenant[] = "6c404cf4-a79d-4cfe-b866-24bf8e1a4922";
inline constexpr Seconds kAges[] = {300, 900, 3600};
inline constexpr int kMinutes[] = {0, 360, 480, 720, 1080, 1320, 1440};
}  // namespace words

}  // namespace behalf::model
