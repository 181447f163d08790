#pragma once
// Whether a page is well-formed, and what of it people read.
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

/// What is wrong with the page's markup: tags that do not match, an attribute without quotes or
/// given twice, an '&' or '<' that is none. Empty: nothing.
inline std::string fault_of(std::string_view page) {
  std::vector<std::string> open;
  const auto near = [&](std::size_t at) { return " near " + std::string(page.substr(at, 60)); };
  for (std::size_t at = page.starts_with("<!DOCTYPE html>") ? 15 : 0; at < page.size(); ++at) {
    if (page[at] == '&') {
      const std::string_view name = page.substr(at, page.find(';', at) - at);
      if (name != "&amp" && name != "&lt" && name != "&gt" && name != "&quot" && name != "&#39")
        return "an '&' that is no entity" + near(at);
    }
    if (page[at] != '<') continue;
    const std::size_t start = at + 1;
    std::size_t name_end = page.find_first_of(" />\n", start + (page[start] == '/' ? 1 : 0));
    if (name_end == page.npos) return "a tag without an end" + near(at);
    const std::string name(page.substr(start, name_end - start));
    if (name.empty() || (name[0] != '/' && !std::isalpha(static_cast<unsigned char>(name[0]))))
      return "a '<' that begins no tag" + near(at);
    std::vector<std::string_view> attributes;
    std::size_t i = name_end;
    while (i < page.size() && page[i] != '>' && page[i] != '/') {
      if (page[i] == ' ' || page[i] == '\n') {
        ++i;
        continue;
      }
      const std::size_t equals = page.find('=', i);
      if (equals == page.npos || equals + 1 >= page.size() || page[equals + 1] != '"')
        return "an attribute without quotes" + near(at);
      const std::string_view attribute = page.substr(i, equals - i);
      for (const std::string_view before : attributes)
        if (before == attribute) return "an attribute given twice" + near(at);
      attributes.push_back(attribute);
      const std::size_t quote = page.find('"', equals + 2);
      if (quote == page.npos || page.substr(equals, quote - equals).find('<') != page.npos)
        return "an attribute that does not end" + near(at);
      i = quote + 1;
    }
    if (i >= page.size()) return "a tag that does not end" + near(at);
    if (name[0] == '/') {
      if (open.empty() || "/" + open.back() != name)
        return "<" + name + "> where " + (open.empty() ? "nothing" : open.back()) + " is open" +
               near(at);
      open.pop_back();
    } else if (page[i] == '>') {
      open.push_back(name);
    }
    at = page.find('>', i);
  }
  return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

/// The text between the tags, the style sheet aside.
inline std::string text_of(std::string_view page) {
  std::string text;
  for (std::size_t at = 0; at < page.size(); ++at) {
    if (page.substr(at).starts_with("<style>")) at = page.find("</style>", at);
    if (page[at] == '<') {
      at = page.find('>', at);
      text += ' ';
    } else {
      text += page[at];
    }
  }
  return text;
}
