// The record's chain: what somebody made of a record that the daemon wrote,
// and any bytes in its place.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/audit/audit_record.h"
#include "daemon/audit/chain_check.h"
#include "daemon/audit/record_file.h"
#include "tests/fuzz/chain_log.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/promise.h"

namespace behalf::fuzz {
namespace {

using Files = std::vector<std::string>;

const ChainLog& Log() {
  static const auto* const log = new ChainLog();
  return *log;
}

AnchoredHeads MakeAnchored() {
  AnchoredHeads anchored;
  Promise(anchored.Add("syslog: " + Log().heads.back(), Log().key.public_key()), "a head is kept");
  return anchored;
}

// Its signatures are looked at once, not with each input.
const AnchoredHeads& Anchored() {
  static const auto* const anchored = new AnchoredHeads(MakeAnchored());
  return *anchored;
}

ChainReport Check(const Files& files, ChainCheck check = ChainCheck()) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    check.BeginFile(absl::StrCat(i));
    for (const GivenLine& line : LinesIn(files[i])) check.Look(line.text, line.closed);
  }
  return std::move(check).Finish();
}

// What a report says hangs together, whatever was read.
void CheckReport(const Files& files, const ChainReport& report) {
  std::uint64_t lines = 0;
  for (const std::string& file : files) lines += LinesIn(file).size();
  Promise(report.heads <= report.records, "a head is a record");
  Promise(report.records == 0 || !report.begins.empty(), "records are of a chain that begins");
  if (!report.fault) {
    const std::uint64_t told = report.records + report.debris + report.unchained;
    Promise(told == lines, "each line is told of");
    return;
  }
  const LinePlace& place = report.fault->place;
  Promise(!report.fault->what.empty(), "a fault says what it is");
  Promise(std::stoul(place.file) < files.size(), "a fault has a file");
  Promise(place.line <= LinesIn(files[std::stoul(place.file)]).size(), "a fault is at a line");
}

std::size_t PlaceIn(std::string_view text, Choices& choices) {
  const std::size_t place = choices.Byte() * 256U + choices.Byte();
  return place % (text.size() + 1);
}

// Where a line begins; or the end of the text.
std::size_t LineIn(std::string_view text, Choices& choices) {
  const std::vector<GivenLine> lines = LinesIn(text);
  const std::size_t at = choices.Below(static_cast<std::uint8_t>(lines.size() + 1));
  return at == lines.size() ? text.size()
                            : static_cast<std::size_t>(lines[at].text.data() - text.data());
}

std::string LineAt(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return std::string(text.substr(at, end == text.npos ? end : end + 1 - at));
}

void EditOnce(Files& files, Choices& choices) {
  std::string& text = files[choices.Below(2)];
  const std::uint8_t what = choices.Below(7);
  const std::size_t at = what < 4 ? PlaceIn(text, choices) : LineIn(text, choices);
  switch (what) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(choices.Byte());
      return;
    case 1:
      text.erase(at, choices.Byte());
      return;
    case 2:
      text.insert(at, choices.View());
      return;
    case 3:
      text.resize(at);
      return;
    case 4:
      text.erase(at, LineAt(text, at).size());
      return;
    case 5: {
      const std::string& from = files[choices.Below(2)];
      text.insert(at, LineAt(from, LineIn(from, choices)));
      return;
    }
    default: {
      const std::string moved = LineAt(text, at);
      text.erase(at, moved.size());
      std::string& to = files[choices.Below(2)];
      to.insert(LineIn(to, choices), moved);
    }
  }
}

// From the top of the file where the log's chain begins, up to the last line
// that is in it. Of that nothing is known unless an anchor tells: `whole` has
// it, too.
Files OfTheChain(const Files& files, const ChainReport& report, bool whole) {
  const auto begin = std::ranges::find(report.begins, ChainLog::kName, &ChainBegin::chain);
  if (begin == report.begins.end()) return {};
  Files lines;
  std::size_t count = 0;
  for (std::size_t i = std::stoul(begin->place.file); i < files.size(); ++i) {
    for (const GivenLine& line : LinesIn(files[i])) {
      lines.emplace_back(line.text);
      const auto link = LinkOf(line.text);
      if (link && link->chain == ChainLog::kName) count = lines.size() - (whole ? 0 : 1);
    }
  }
  lines.resize(count);
  return lines;
}

Files Original(std::size_t from) {
  Files lines;
  for (std::size_t i = from; i < Log().files.size(); ++i) {
    for (const GivenLine& line : LinesIn(Log().files[i])) lines.emplace_back(line.text);
  }
  return lines;
}

bool BeginsWith(const Files& lines, const Files& begin) {
  return begin.size() <= lines.size() &&
         std::equal(begin.begin(), begin.end(), lines.begin(),
                    lines.begin() + static_cast<std::ptrdiff_t>(begin.size()));
}

void CheckEdited(Choices choices, const std::optional<Ed25519PublicKey>& key) {
  Files files(Log().files.begin(), Log().files.end());
  for (int left = 1 + choices.Below(4); left > 0; --left) EditOnce(files, choices);
  const ChainReport report = Check(files);
  CheckReport(files, report);
  if (!report.fault) {
    const Files lines = OfTheChain(files, report, false);
    const bool fits = BeginsWith(Original(0), lines) || BeginsWith(Original(1), lines);
    Promise(fits, "an edit of what stands before the last line is found");
  }
  const ChainReport anchored = Check(files, ChainCheck(key, Anchored()));
  Promise(!report.fault || anchored.fault, "an anchor mends nothing");
  if (!anchored.fault) {
    const Files lines = OfTheChain(files, anchored, true);
    Promise(lines == Original(0) || lines == Original(1), "where an anchor is, any edit is found");
  }
}

// Any bytes; a form feed ends a file.
void CheckAny(std::string_view text) {
  Files files(1);
  for (const char c : text) {
    if (c != '\f') {
      files.back() += c;
    } else if (files.size() < 4) {
      files.emplace_back();
    }
  }
  CheckReport(files, Check(files));
  CheckReport(files, Check(files, ChainCheck({}, Anchored())));
}

// What is read of a line is what was written into it.
void CheckLine(std::string_view text) {
  const std::string line(text.substr(0, text.find('\n')));
  const auto link = LinkOf(line);
  const auto head = SignedLineOf(line);
  AnchoredHeads anchored;
  const bool added = anchored.Add(line, Log().key.public_key());
  const bool signed_by_us = std::ranges::any_of(
      Log().heads, [&line](const std::string& one) { return line.ends_with(one); });
  Promise(!added || signed_by_us, "only what was signed is a head");
  if (head) {
    Promise(head->signature.size() == 64, "a signature has 64 bytes");
    Promise(head->message.ends_with(line.substr(0, line.size() - 144)), "it covers the line");
  }
  if (!link || head) return;
  std::string again = absl::StrCat(line.substr(0, line.rfind(",\"chain\":\"")), "}\n");
  AddLink(again, *link);
  Promise(again == line + "\n", "a link is read as it was written");
}

// A file in a folder of its own: in memory, where the host has a place for it.
class RecordOnDisk {
 public:
  RecordOnDisk() {
    namespace fs = std::filesystem;
    const fs::path place = fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
    std::string folder = (place / "behalf-fuzz-XXXXXX").string();
    Promise(mkdtemp(folder.data()) != nullptr, "there is a folder");
    folder_ = folder;
  }
  ~RecordOnDisk() { std::filesystem::remove_all(folder_); }
  RecordOnDisk(const RecordOnDisk&) = delete;
  RecordOnDisk& operator=(const RecordOnDisk&) = delete;

  std::string With(std::string_view text) const {
    const std::string path = folder_ / "record";
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    Promise(write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()), "written");
    close(file);
    return path;
  }

 private:
  std::filesystem::path folder_;
};

// Whatever the daemon finds in its file, what it appends goes on from there.
void CheckFound(std::string_view text) {
  static const RecordOnDisk disk;
  const auto found = OpenRecordFile(disk.With(text));
  Promise(found.ok(), "a file of the daemon's own is opened");
  Promise(found->open == (!text.empty() && !text.ends_with('\n')), "a line that is open is closed");
  std::uint64_t revision = 0;
  std::string chain;
  for (const GivenLine& line : LinesIn(text)) {
    const auto link = LinkOf(line.text);
    if (link) chain = link->chain;
    revision = std::max(link ? 0 : revision, RevisionIn(line.text));
  }
  Promise(found->revision == revision, "the newest revision is found");
  Promise(chain.empty() || found->end.chain == chain, "the newest chain goes on");
  if (Check({std::string(text)}).fault) return;
  std::string line = "{\"event\":\"started\"}\n";
  AddLink(line, found->end.Next());
  const std::string after = absl::StrCat(std::string(text), found->open ? "\n" : "", line);
  const ChainReport report = Check({after});
  Promise(!report.fault && report.records > 0, "what is appended fits");
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf::fuzz;
  Choices choices(TextOf(data, size));
  switch (choices.Byte()) {
    case 'e':
      CheckEdited(choices, {});
      break;
    case 'k':
      CheckEdited(choices, Log().key.public_key());
      break;
    case 'f':
      CheckAny(choices.Rest());
      break;
    case 'l':
      CheckLine(choices.Rest());
      break;
    case 'o':
      CheckFound(choices.Rest());
      break;
    default:
      break;
  }
  return 0;
}
