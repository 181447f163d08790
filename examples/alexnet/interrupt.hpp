#pragma once
// What ends a run from outside: Ctrl-C, SIGTERM and a terminal that closes ask it to save and stop.
// Output that nobody reads any more does not end it.

namespace program {

/// From here on the first SIGINT, SIGTERM or SIGHUP is only remembered, and said on standard error;
/// a second SIGINT ends the program at once. SIGPIPE is ignored, and so stays what was ignored when
/// the program began, as nohup does with SIGHUP.
void catch_interrupts();

/// The signal that asks to stop; 0: none has come.
int interrupted();

}  // namespace program
