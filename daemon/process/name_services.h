// The modules of the name service switch (nsswitch.conf(5)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace behalf {

// The services that `configuration`, the text of nsswitch.conf, names for
// accounts and hosts, once each.
std::vector<std::string> NameServicesIn(std::string_view configuration);

// Loads their modules now, and not at the first look-up of an account or host,
// when no code may be mapped any more. What is missing here is missing to
// look-ups as well, which know what to do without.
void LoadNameServices();

}  // namespace behalf
