#include "core/erasure.hpp"

#include <algorithm>

namespace dsar {

std::string reason(const Ground& ground, RowFate fate) {
  const auto clause = ground.clause.empty() ? "" : ": " + ground.clause;
  switch (ground.cause) {
    case Cause::map:
      return fate == RowFate::repoint ? "belongs to others, who stay" : "as the map says" + clause;
    case Cause::masked:
      return "nothing is left in it to mask";
    case Cause::hold:
      return "kept by " + ground.by + clause;
    case Cause::request:
      return "kept for " + ground.by + ", which is another person's";
    case Cause::law:
      return "kept on a legal ground, " + ground.by + clause;
    case Cause::referenced:
      return "rows of " + ground.by + " that stay refer to it";
    case Cause::shared:
      return "rows of others in " + ground.by + " need it";
    case Cause::own_record:
      return "the record of it, " + ground.by + clause;
    case Cause::tenant:
      return "goes with the tenant";
  }
  return {};
}

std::uint64_t ErasureResult::rows_with(RowFate fate) const {
  std::uint64_t rows = 0;
  for (const auto& line : lines) {
    if (line.fate == fate) rows += line.rows;
  }
  return rows;
}

std::uint64_t ErasureResult::withheld() const {
  std::uint64_t rows = 0;
  for (const auto& line : lines) {
    if (withholds(line.ground.cause)) rows += line.rows;
  }
  return rows;
}

void add_lines(std::vector<ErasureLine>& lines, const std::vector<ErasureLine>& more) {
  for (const auto& line : more) {
    const auto same = std::find_if(lines.begin(), lines.end(), [&](const ErasureLine& one) {
      return one.set == line.set && one.fate == line.fate && one.ground == line.ground;
    });
    if (same == lines.end()) {
      lines.push_back(line);
    } else {
      same->rows += line.rows;
    }
  }
}

void add_objects(std::vector<ErasureObjects>& objects, const std::vector<ErasureObjects>& more) {
  for (const auto& object : more) {
    const auto same = std::find_if(objects.begin(), objects.end(), [&](const ErasureObjects& one) {
      return one.store == object.store;
    });
    if (same == objects.end()) {
      objects.push_back(object);
    } else {
      same->count += object.count;
    }
  }
}

void ErasureResult::add(const ErasureResult& more) {
  add_lines(lines, more.lines);
  add_objects(objects, more.objects);
  for (const auto& effect : more.effects) {
    const auto same = std::find_if(effects.begin(), effects.end(), [&](const ErasureEffect& one) {
      return one.table == effect.table && one.what == effect.what;
    });
    if (same == effects.end()) effects.push_back(effect);
  }
}

}  // namespace dsar
