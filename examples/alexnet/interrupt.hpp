#pragma once
// Ctrl-C (and SIGTERM) asks the program to save and stop; a second one ends it at once.

namespace program {

/// From here on the first SIGINT or SIGTERM only sets the flag, and says so on standard error.
void catch_interrupts();
bool interrupted();

}  // namespace program
