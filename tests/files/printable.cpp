// What a file says can't speak to the terminal, and can't fill it.
#include <tnn/files/printable.hpp>

#include "support/catch.hpp"

using tnn::detail::printable;

TEST_CASE("what can be read is shown as it is") {
  for (const char* text : {"", "0.weight", "two words, \"quoted\" \\ and 100%",
                           "\u00e9\u4e16\U0001f600", "\u00a0", "\ud7ff\ue000\U0010ffff"})
    CHECK(printable(text) == text);
}

TEST_CASE("control characters are escaped, byte by byte") {
  CHECK(printable("\x1b[31mred") == "\\x1b[31mred");
  CHECK(printable("a\nb\rc\td\x7f") == "a\\x0ab\\x0dc\\x09d\\x7f");
  CHECK(printable(std::string_view("\0x", 2)) == "\\x00x");
  CHECK(printable("\u0080\u009b31m\u009f") == "\\xc2\\x80\\xc2\\x9b31m\\xc2\\x9f");
  CHECK(printable("\u202e\u2066\u2028") == "\\xe2\\x80\\xae\\xe2\\x81\\xa6\\xe2\\x80\\xa8");
}

TEST_CASE("what is no UTF-8 is escaped") {
  CHECK(printable("\xff\xfe") == "\\xff\\xfe");
  CHECK(printable("\x9b"
                  "31m") == "\\x9b31m");
  CHECK(printable("a\xc3") == "a\\xc3");                                    // cut
  CHECK(printable("\xc3(") == "\\xc3(");                                    // not followed
  CHECK(printable("\xc0\x9b") == "\\xc0\\x9b");                             // overlong
  CHECK(printable("\xe0\x82\x9b") == "\\xe0\\x82\\x9b");                    // overlong
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");                    // a surrogate
  CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");           // past the last
  CHECK(printable("\xf8\x88\x80\x80\x80") == "\\xf8\\x88\\x80\\x80\\x80");  // of five bytes
}

TEST_CASE("a long text is cut between characters and says how long it is") {
  CHECK(printable(std::string(200, 'x')) == std::string(200, 'x'));
  CHECK(printable(std::string(1'000'000, 'x')) == std::string(200, 'x') + "... (1000000 bytes)");
  CHECK(printable("\u00e9\u00e9\u00e9", 3) == "\u00e9\u00e9... (6 bytes)");
  const std::string path(300, 'p');
  CHECK(tnn::detail::printable_path(path) == path);
  CHECK(tnn::detail::printable_path(std::string(5000, 'p')).size() < 4200);
}
