// run.json, shown by a report: whatever words stand in it, the page is well-formed.
#include "fuzz.hpp"

#include "alexnet/report.hpp"
#include "support/xhtml.hpp"

void read_input(const std::filesystem::path& file) {
  program::report_data report;
  report.network.input = {1};
  report.calls = program::read_calls(file);
  require(fault_of(program::report_page(report)).empty(), "the page is well-formed");
}
