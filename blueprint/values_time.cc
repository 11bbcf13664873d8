#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "blueprint/values.h"
#include "blueprint/zones.h"

namespace behalf::loader {
namespace {

constexpr std::array<const char*, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                              "friday", "saturday", "sunday"};

// Minutes of the day; the text matches the pattern of TimeOfDay.
int Minutes(const std::string& text) {
  const auto digit = [&](std::size_t at) { return text[at] - '0'; };
  return (digit(0) * 10 + digit(1)) * 60 + digit(3) * 10 + digit(4);
}

}  // namespace

Type<std::array<bool, 7>> Days() {
  const Type<std::vector<std::string>> names = SetOf(Word({kDays.begin(), kDays.end()}));
  auto read = [names](const Node& node, std::array<bool, 7>& out, Binder& binder) {
    std::vector<std::string> named;
    names.read(node, named, binder);
    for (std::size_t day = 0; day < kDays.size(); ++day) {
      out[day] = std::ranges::binary_search(named, kDays[day]);
    }
  };
  auto write = [](const std::array<bool, 7>& days, Canon& canon) {
    for (const bool day : days) canon.Text(day ? "1" : "0");
  };
  return {names.info, std::move(read), std::move(write)};
}

Type<int> TimeOfDay(std::string example) {
  const Type<std::string> digits = TextType({.form = TypeInfo::Form::kText,
                                             .what = "hours and minutes in quotes",
                                             .example = std::move(example),
                                             .pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
                                             .most_bytes = 5});
  auto read = [digits](const Node& node, int& out, Binder& binder) {
    std::string text;
    digits.read(node, text, binder);
    if (text.empty()) return;
    out = Minutes(text);
    if (node.quoted) return;
    binder.Error(node, absl::StrCat(binder.subject(), " needs quotes"),
                 absl::StrCat("write \"", text,
                              "\": without quotes some readers of YAML take a "
                              "time for a number"));
  };
  auto write = [](const int& minutes, Canon& canon) {
    canon.Text(absl::StrFormat("%02d:%02d", minutes / 60, minutes % 60));
  };
  return {digits.info, std::move(read), std::move(write)};
}

Type<absl::Time> Instant(std::string example) {
  const Type<std::string> text =
      TextType({.form = TypeInfo::Form::kText,
                .what = "a time with its zone",
                .example = std::move(example),
                .pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
                           "(Z|[+-][0-9]{2}:[0-9]{2})$",
                .most_bytes = 25});
  auto read = [text](const Node& node, absl::Time& out, Binder& binder) {
    std::string written;
    text.read(node, written, binder);
    if (written.empty()) return;
    if (absl::ParseTime(absl::RFC3339_full, written, &out, nullptr)) return;
    binder.Error(node, absl::StrCat(binder.subject(), " is no time: ", Quote(written)),
                 "write a day that the calendar has, and hours up to 23");
  };
  auto write = [](const absl::Time& time, Canon& canon) {
    canon.Text(absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()));
  };
  return {text.info, std::move(read), std::move(write)};
}

Type<std::string> ZoneName() {
  Type<std::string> type = TextType({.form = TypeInfo::Form::kText,
                                     .what = "a time zone by its name in the IANA database",
                                     .example = "Europe/Berlin",
                                     .pattern = "^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$",
                                     .most_bytes = 64});
  const auto read_text = type.read;
  type.read = [read_text](const Node& node, std::string& out, Binder& binder) {
    read_text(node, out, binder);
    if (out.empty() || FindZone(out)) return;
    binder.Error(node, "this host's database has no time zone " + Quote(out), SuggestZone(out));
    out.clear();
  };
  return type;
}

}  // namespace behalf::loader
