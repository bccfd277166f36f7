#include "core/fault.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace dsar {

std::string Fault::text() const {
  std::string place = where.file;
  if (where.line > 0) place += ':' + std::to_string(where.line);
  if (where.column > 0) place += ':' + std::to_string(where.column);
  if (!place.empty()) place += ": ";
  if (!where.pointer.empty()) place += where.pointer + ": ";
  return place + message;
}

namespace {

std::string headline(const std::string& what, const std::vector<Fault>& faults) {
  if (faults.size() == 1) return what + " invalid: " + faults.front().text();
  return what + " invalid: " + std::to_string(faults.size()) + " faults, the first at " +
         faults.front().text();
}

}  // namespace

Invalid::Invalid(const std::string& what, std::vector<Fault> faults)
    : Error(ExitCode::usage, headline(what, faults)), faults_(std::move(faults)) {}

void sort_by_place(std::vector<Fault>& faults) {
  std::map<std::string, std::size_t> order;
  for (const Fault& fault : faults) order.emplace(fault.where.file, order.size());
  std::stable_sort(faults.begin(), faults.end(), [&](const Fault& left, const Fault& right) {
    return std::tuple(order.at(left.where.file), left.where.line, left.where.column) <
           std::tuple(order.at(right.where.file), right.where.line, right.where.column);
  });
}

}  // namespace dsar
