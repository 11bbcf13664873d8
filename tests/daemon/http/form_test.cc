#include <gtest/gtest.h>

#include <string>

#include "daemon/http/http_client.h"
#include "tests/fakes/fake_http.h"

namespace behalf {
namespace {

TEST(FormField, FieldsAreJoinedAndPercentEncoded) {
  std::string form;
  AppendFormField(form, "scope", "https://graph.microsoft.com/Mail.Read openid");
  AppendFormField(form, "a&b", "c=d+e%");
  AppendFormField(form, "empty", "");
  EXPECT_EQ(form,
            "scope=https%3A%2F%2Fgraph.microsoft.com%2FMail.Read%20openid&a%26b=c%3Dd%2Be%25&"
            "empty=");
}

TEST(FormField, EveryByteComesBack) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
  std::string form;
  AppendFormField(form, "name", bytes);
  EXPECT_EQ(DecodeForm(form)["name"], bytes);
  for (const char c : form) EXPECT_TRUE(c > ' ' && c < 127);
}

}  // namespace
}  // namespace behalf
