#include "cmd/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <iostream>

#include "cmd/globals.hpp"
#include "formats/printable.hpp"

namespace dsar::cmd {

namespace {

std::atomic<bool> line_shown = false;

std::size_t terminal_width() {
  winsize size{};
  constexpr std::size_t usual = 80;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

/// No longer than `width` bytes, so that it does not wrap; never half a character.
std::string cut(std::string text, std::size_t width) {
  if (text.size() <= width) return text;
  constexpr unsigned char continues = 0x80;
  constexpr unsigned char mask = 0xC0;
  while (width > 0 && (static_cast<unsigned char>(text[width]) & mask) == continues) --width;
  text.resize(width);
  return text;
}

}  // namespace

std::string erase_progress() {
  return line_shown.exchange(false) ? "\r\x1b[K" : "";
}

Progress::Progress(const Globals& globals)
    : enabled_(!globals.quiet && !globals.json_messages() && isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (enabled_) std::cerr << erase_progress() << std::flush;
}

void Progress::show(const std::string& line, bool at_once) {
  constexpr auto pause = std::chrono::milliseconds(100);
  const auto now = std::chrono::steady_clock::now();
  if (!enabled_ || (!at_once && now - shown_at_ < pause)) return;
  shown_at_ = now;
  std::cerr << erase_progress() << cut(formats::printable(line), terminal_width() - 1)
            << std::flush;
  line_shown = true;
}

}  // namespace dsar::cmd
