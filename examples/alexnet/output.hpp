#pragma once
// Standard output and standard error where they may be full, closed, or read by nobody.
#include <string_view>

namespace program {

/// Keeps files that are opened later from the numbers 0, 1 and 2 where the program was started
/// without them: what is printed would go into such a file.
void occupy_standard_descriptors();

/// Text for standard error; whether it arrives changes nothing.
void complain(std::string_view text);

/// Writes to standard output at once. False where that fails; errno says why.
bool put(std::string_view text);

/// For a command whose output is its result: tnn::error unless all that was printed has arrived.
void require_printed();

}  // namespace program
