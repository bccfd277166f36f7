#include "cmd/sweep_watch.hpp"

#include "cmd/logging.hpp"

namespace dsar::cmd {

void SweepWatch::counting(const std::string& set) {
  log_debug("counting " + set);
  progress_.show("counting what is due: " + set);
}

void SweepWatch::sweeping(const std::string& set, const std::vector<SweepLine>& lines) {
  finished(lines);
  set_ = set;
  log_debug("sweeping " + set);
  progress_.show("sweeping " + set_, true);
}

void SweepWatch::gone(std::uint64_t rows) {
  progress_.show("sweeping " + set_ + ": " + std::to_string(rows) + " rows gone so far");
}

void SweepWatch::waiting(std::optional<std::chrono::milliseconds> lag) {
  if (!lag) {
    log_info("the standbys have caught up");
  } else if (!waits_) {
    log_info("waiting for a standby that is " +
             std::to_string(std::chrono::ceil<std::chrono::seconds>(*lag).count()) +
             " seconds behind");
  }
  waits_ = lag.has_value();
  if (lag)
    progress_.show("waiting for a standby: " +
                   std::to_string(std::chrono::ceil<std::chrono::seconds>(*lag).count()) +
                   " seconds behind");
}

void SweepWatch::finished(const std::vector<SweepLine>& lines) {
  for (const auto& line : lines) {
    auto& told = told_[{line.tenant, line.set, line.rule, line.action}];
    const auto gone = line.deleted + line.masked;
    const auto what = line.set + (line.tenant.empty() ? "" : " of " + line.tenant) +
                      (line.rule.empty() ? "" : " by " + line.rule);
    if (gone > told.gone)
      log_info("swept " + what + ": " + std::to_string(gone - told.gone) +
               (line.masked > 0 ? " masked" : " deleted"));
    if (line.failed > told.failed)
      log_warning("failed at " + what + ": " + std::to_string(line.failed) + " rows: " + line.note);
    told = {gone, line.failed};
  }
}

}  // namespace dsar::cmd
