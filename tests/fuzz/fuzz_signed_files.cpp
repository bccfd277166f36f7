#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "core/error.hpp"
#include "formats/certificate_reader.hpp"
#include "formats/certificate_report.hpp"
#include "formats/erasure_plan_file.hpp"
#include "formats/ledger_file.hpp"
#include "formats/objects_statement.hpp"
#include "formats/residue_statement.hpp"

using namespace dsar;

namespace {

/// What is read is written as something that is read as the same.
void certificate(const std::string& text) {
  const auto read = formats::read_certificate(text, "input");
  const auto written = formats::certificate_text(read.result, read.facts);
  const auto again = formats::read_certificate(written, "output");
  if (formats::certificate_text(again.result, again.facts) != written) std::abort();
  if (formats::certificate_report(read, {}).empty()) std::abort();
  // Whatever stands in it is text.
  if (formats::certificate_html(read, {}).find("<script") != std::string::npos) std::abort();
}

void residue(const std::string& text) {
  const auto read = formats::read_residue_statement(text, "input");
  const auto written = formats::residue_statement_text(read);
  const auto again = formats::read_residue_statement(written, "output");
  if (formats::residue_statement_text(again) != written) std::abort();
  if (formats::residue_statement_report(read).empty()) std::abort();
}

void objects(const std::string& text) {
  const auto read = formats::read_objects_statement(text, "input");
  const auto written = formats::objects_statement_text(read);
  const auto again = formats::read_objects_statement(written, "output");
  if (formats::objects_statement_text(again) != written) std::abort();
  if (formats::objects_statement_report(read).empty()) std::abort();
}

void plan(const std::string& text) {
  static_cast<void>(formats::read_erasure_plan(text, "input"));
}

/// Reads it as a file, which is all that the reader takes.
void ledger(const std::string& text) {
  static const int file = ::memfd_create("ledger", 0);
  // What others may write is refused.
  if (file < 0 || ::fchmod(file, 0600) != 0 || ::ftruncate(file, 0) != 0 ||
      ::pwrite(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    std::abort();
  const auto entries = formats::read_ledger("/proc/self/fd/" + std::to_string(file));
  for (const auto& entry : entries) static_cast<void>(formats::ledger_entry_json(entry).dump());
}

}  // namespace

/// The first byte says what the rest is taken for. It is read, or refused with one line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(data + 1, data + size);
  try {
    switch (data[0]) {
      case 'c':
        certificate(text);
        break;
      case 'l':
        ledger(text);
        break;
      case 'o':
        objects(text);
        break;
      case 'r':
        residue(text);
        break;
      default:
        plan(text);
    }
  } catch (const Error& error) {
    const std::string line = error.what();
    if (line.empty() || line.find('\n') != std::string::npos) std::abort();
  }
  return 0;
}
