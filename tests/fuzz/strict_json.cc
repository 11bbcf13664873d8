#include "tests/fuzz/strict_json.h"

#include <cstddef>
#include <set>

namespace behalf::fuzz {
namespace {

constexpr int kMostDepth = 8;
constexpr std::size_t kSafeDigits = 15;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(std::string& out, std::uint32_t value) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (value < 0x80) return put(value);
  if (value < 0x800) {
    put(0xC0U | value >> 6U);
  } else {
    if (value < 0x10000) {
      put(0xE0U | value >> 12U);
    } else {
      put(0xF0U | value >> 18U);
      put(0x80U | (value >> 12U & 0x3FU));
    }
    put(0x80U | (value >> 6U & 0x3FU));
  }
  put(0x80U | (value & 0x3FU));
}

// Whether byte `i` is there, from `low` to `high`; a tail byte if they are left out.
bool Within(std::string_view text, std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
  const unsigned byte = i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  return byte >= low && byte <= high;
}

bool IsThree(std::string_view text, unsigned lead) {
  const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : 0xBF;
  return Within(text, 1, low, high) && Within(text, 2);
}

bool IsFour(std::string_view text, unsigned lead) {
  const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
  return Within(text, 1, low, high) && Within(text, 2) && Within(text, 3);
}

// The bytes of the UTF-8 sequence at the front (RFC 3629); 0: there is none.
std::size_t SequenceSize(std::string_view text) {
  const unsigned lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return Within(text, 1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) return IsThree(text, lead) ? 3 : 0;
  if (lead >= 0xF0 && lead <= 0xF4) return IsFour(text, lead) ? 4 : 0;
  return 0;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  JsonReading Read() {
    Space();
    reading_.is_plain = Next() == '{' && Object(1, &reading_.members);
    Space();
    reading_.is_plain = reading_.is_plain && rest_.empty();
    return std::move(reading_);
  }

 private:
  using Members = std::map<std::string, JsonMember>;

  char Next() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool Skip(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Space() {
    while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_.front()) != rest_.npos) {
      rest_.remove_prefix(1);
    }
  }

  bool Object(int depth, Members* into) {
    if (depth > kMostDepth || !Skip('{')) return false;
    std::set<std::string> keys;
    Space();
    if (Skip('}')) return true;
    do {
      std::string key;
      JsonMember member;
      Space();
      if (!String(key)) return false;
      Space();
      if (!Skip(':') || !Value(depth, member) || !keys.insert(key).second) return false;
      if (into != nullptr) into->emplace(key, member);
    } while (Skip(','));
    return Skip('}');
  }

  bool List(int depth) {
    if (depth > kMostDepth || !Skip('[')) return false;
    Space();
    if (Skip(']')) return true;
    do {
      JsonMember element;
      if (!Value(depth, element)) return false;
    } while (Skip(','));
    return Skip(']');
  }

  bool Value(int depth, JsonMember& member) {
    Space();
    const bool read = Bare(depth, member);
    Space();
    return read;
  }

  bool Bare(int depth, JsonMember& member) {
    using Kind = JsonMember::Kind;
    switch (Next()) {
      case '{':
        member.kind = Kind::kObject;
        return Object(depth + 1, nullptr);
      case '[':
        member.kind = Kind::kList;
        return List(depth + 1);
      case '"':
        member.kind = Kind::kText;
        return String(member.text);
      case 't':
        return Word("true", Kind::kFlag, member);
      case 'f':
        return Word("false", Kind::kFlag, member);
      case 'n':
        return Word("null", Kind::kNull, member);
      default:
        member.kind = Kind::kNumber;
        return Number(member.text);
    }
  }

  bool Word(std::string_view word, JsonMember::Kind kind, JsonMember& member) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    member = {kind, std::string(word)};
    return true;
  }

  bool Digits() {
    if (!IsDigit(Next())) return false;
    while (IsDigit(Next())) rest_.remove_prefix(1);
    return true;
  }

  bool Number(std::string& written) {
    const std::string_view from = rest_;
    Skip('-');
    if (!Skip('0') && !Digits()) return false;
    bool large = false;
    if (Skip('.') && !Digits()) return false;
    if (Skip('e') || Skip('E')) {
      large = true;
      if (!Skip('+')) Skip('-');
      if (!Digits()) return false;
    }
    written = from.substr(0, from.size() - rest_.size());
    if (large || written.size() > kSafeDigits) reading_.has_large_number = true;
    return true;
  }

  bool String(std::string& out) {
    if (!Skip('"')) return false;
    while (!rest_.empty()) {
      if (Skip('"')) return true;
      if (Skip('\\')) {
        if (!Escape(out)) return false;
        continue;
      }
      const std::size_t size = SequenceSize(rest_);
      if (size == 0 || static_cast<unsigned char>(rest_.front()) < 0x20) return false;
      out.append(rest_.substr(0, size));
      rest_.remove_prefix(size);
    }
    return false;
  }

  bool Escape(std::string& out) {
    constexpr std::string_view kFrom = "\"\\/bfnrt";
    constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    if (Skip('u')) return CodePoint(out);
    const std::size_t at = rest_.empty() ? kFrom.npos : kFrom.find(rest_.front());
    if (at == kFrom.npos) return false;
    out.push_back(kTo[at]);
    rest_.remove_prefix(1);
    return true;
  }

  bool CodePoint(std::string& out) {
    std::uint32_t value = 0;
    if (!Hex(value) || (value >= 0xDC00 && value <= 0xDFFF)) return false;
    if (value >= 0xD800 && value <= 0xDBFF) {
      std::uint32_t low = 0;
      if (!Skip('\\') || !Skip('u') || !Hex(low) || low < 0xDC00 || low > 0xDFFF) return false;
      value = 0x10000 + ((value - 0xD800) << 10U) + (low - 0xDC00);
    }
    AppendUtf8(out, value);
    return true;
  }

  bool Hex(std::uint32_t& value) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    if (rest_.size() < 4) return false;
    for (int i = 0; i < 4; ++i) {
      const char c = rest_[static_cast<std::size_t>(i)];
      const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
      const std::size_t digit = kDigits.find(lower);
      if (digit == kDigits.npos) return false;
      value = value << 4U | static_cast<std::uint32_t>(digit);
    }
    rest_.remove_prefix(4);
    return true;
  }

  std::string_view rest_;
  JsonReading reading_;
};

}  // namespace

JsonReading ReadJson(std::string_view text) { return Reader(text).Read(); }

}  // namespace behalf::fuzz
