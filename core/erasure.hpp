#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/enum_names.hpp"
#include "core/period.hpp"
#include "core/zone.hpp"

/// What erasing a data subject comes to (Art. 17 GDPR), as values: a plan, or what was done.
namespace dsar {

/// What becomes of a row.
enum class RowFate : std::uint8_t {
  remove,   ///< deleted
  mask,     ///< stays, without what is personal in it
  repoint,  ///< stays, and points to nobody any more
  keep,     ///< stays as it is
};

template <>
struct EnumNames<RowFate> {
  using F = RowFate;
  static constexpr std::array table{
      EnumName<F>{F::remove, "delete"},
      EnumName<F>{F::mask, "mask"},
      EnumName<F>{F::repoint, "re-point"},
      EnumName<F>{F::keep, "keep"},
  };
};

/// Why a row has its fate.
enum class Cause : std::uint8_t {
  map,         ///< the map's erase rule
  masked,      ///< nothing is left to mask
  hold,        ///< a legal hold
  request,     ///< another person's open request
  law,         ///< a legal ground or a floor by law
  referenced,  ///< a row that stays refers to it
  shared,      ///< rows of others need it
  own_record,  ///< the tool's own record of requests and holds
  tenant,      ///< all that the tenant has goes
};

template <>
struct EnumNames<Cause> {
  using C = Cause;
  static constexpr std::array table{
      EnumName<C>{C::map, "map"},
      EnumName<C>{C::masked, "already-masked"},
      EnumName<C>{C::hold, "hold"},
      EnumName<C>{C::request, "request"},
      EnumName<C>{C::law, "law"},
      EnumName<C>{C::referenced, "referenced"},
      EnumName<C>{C::shared, "shared"},
      EnumName<C>{C::own_record, "own-record"},
      EnumName<C>{C::tenant, "whole-tenant"},
  };
};

/// Rows with this cause have been withheld from the erasure (exit 3).
constexpr bool withholds(Cause cause) {
  return cause == Cause::hold || cause == Cause::request || cause == Cause::law ||
         cause == Cause::referenced;
}

/// A cause with what it rests on. Holds no personal value.
struct Ground {
  Cause cause = Cause::map;
  std::string by = {};      ///< `hold 12`, `tax`, a policy's rule, a table that refers to the row
  std::string clause = {};  ///< clause or article; empty: none
  std::optional<Date> until = {};  ///< of a hold its review date; of a period by law its end

  friend bool operator==(const Ground&, const Ground&) = default;
};

/// In words: `kept by hold 12`.
std::string reason(const Ground& ground, RowFate fate);

/// Rows of one record set that share fate and ground.
struct ErasureLine {
  std::string set;
  std::string table;
  RowFate fate = RowFate::remove;
  std::uint64_t rows = 0;
  Ground ground;
};

/// What the database does besides, or what the plan changes in rows that are not the subject's.
struct ErasureEffect {
  std::string kind;   ///< `cascade`, `trigger`, `nullify`, `re-point`
  std::string table;  ///< on which it acts
  std::string what;   ///< one line
};

/// Objects of one store that belong to rows that are deleted.
struct ErasureObjects {
  std::string store;
  std::uint64_t count = 0;
};

/// Whom the policy names as having received the data (Art. 19).
struct ErasureRecipient {
  std::string name;
  std::string purpose;
  std::string clause;
};

/// A digest of a record set's rows, whatever their order.
struct RowDigest {
  std::string set;
  std::uint64_t rows = 0;
  std::string sum;  ///< 64 hexadecimal digits
};

/// Adds lines of the same rows up, and objects of the same store.
void add_lines(std::vector<ErasureLine>& lines, const std::vector<ErasureLine>& more);
void add_objects(std::vector<ErasureObjects>& objects, const std::vector<ErasureObjects>& more);

struct ErasureResult {
  std::string id;                        ///< empty: a plan
  std::string follows;                   ///< the erasure that this one takes up; empty: none
  std::vector<std::string> followed_by;  ///< erasures of rows that arrived while it ran
  Instant as_of = {};
  std::string tenant;              ///< slug; empty: the map has no tenants
  std::string policy;              ///< id
  bool whole_tenant = false;       ///< it is about all that the tenant has
  std::uint64_t subject_rows = 0;  ///< rows that are the subject; of a whole tenant none
  std::vector<ErasureLine> lines;
  std::vector<ErasureEffect> effects;
  std::vector<ErasureObjects> objects;
  std::vector<ErasureRecipient> recipients;
  std::optional<Date> backups_until = {};
  std::vector<std::string> cannot_see;  ///< `set: why`
  std::vector<std::string> warnings;
  bool left_over = false;  ///< something is left to do, which a warning names
  std::string scope;       ///< digest of what was decided, without the rows
  std::vector<RowDigest> digests;

  [[nodiscard]] std::uint64_t rows_with(RowFate fate) const;
  /// Rows that are the subject's and have been withheld.
  [[nodiscard]] std::uint64_t withheld() const;
  /// Takes in what a later round of the same erasure came to.
  void add(const ErasureResult& more);
};

}  // namespace dsar
