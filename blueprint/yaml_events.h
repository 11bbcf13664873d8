// libyaml's event interface as two small types that free what they own.
#pragma once

#include <yaml.h>

#include <optional>
#include <string_view>

#include "blueprint/text_check.h"

namespace behalf::loader {

class YamlEvent {
 public:
  YamlEvent() = default;
  ~YamlEvent() { yaml_event_delete(&event_); }
  YamlEvent(const YamlEvent&) = delete;
  YamlEvent& operator=(const YamlEvent&) = delete;

  yaml_event_t* get() { return &event_; }
  const yaml_event_t* operator->() const { return &event_; }
  const yaml_event_t& operator*() const { return event_; }

 private:
  yaml_event_t event_ = {};
};

// `text` must outlive the parser.
class YamlParser {
 public:
  explicit YamlParser(std::string_view text);
  ~YamlParser() { yaml_parser_delete(&parser_); }
  YamlParser(const YamlParser&) = delete;
  YamlParser& operator=(const YamlParser&) = delete;

  // False after a syntax error; Error() then says which.
  bool Next(YamlEvent& event) { return yaml_parser_parse(&parser_, event.get()) == 1; }
  SyntaxError Error() const;

 private:
  yaml_parser_t parser_ = {};
};

}  // namespace behalf::loader
