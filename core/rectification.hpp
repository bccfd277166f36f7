#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.hpp"
#include "core/enum_names.hpp"
#include "core/identity.hpp"
#include "core/json_path.hpp"
#include "core/selection.hpp"

/// Rectification (Art. 16): what is wrong is replaced, what is missing completed, wherever the map
/// says that the category is held for the subject.
namespace dsar {

/// One thing to put right, as it was asked for.
struct Correction {
  std::string category;            ///< fideslang's dotted name; a refinement of it counts too
  std::optional<std::string> old;  ///< nothing: whatever the one value is, or what is empty
  std::string value;               ///< what has to stand there
};

/// Part of a record set, to which corrections are confined: `visitors`, `visitors.name`.
struct Within {
  std::string set;
  std::string column;  ///< empty: all of them
};

/// `CATEGORY:OLD=NEW`. Throws Error (usage), which names `place` and never a value, where a part
/// is missing or more than one `=` leaves it open where the old value ends.
Correction parse_replacement(std::string_view text, const std::string& place);
/// `CATEGORY=VALUE`; what follows the first `=` is the value.
Correction parse_setting(std::string_view text, const std::string& place);
/// `SET` or `SET.COLUMN`, which the map has to have. Throws Error (usage).
Within parse_within(const DataMap& map, std::string_view text);

/// Puts the category in place of an identity kind's name. Throws Error (usage) for a category of
/// which the map holds nothing, and where corrections contradict each other: the same value is
/// replaced twice, or what one writes another replaces.
std::vector<Correction> checked_corrections(const DataMap& map, std::vector<Correction> asked);

/// Whether a column or identity of this category falls under the one that was asked for.
bool falls_under(std::string_view category, std::string_view asked);

/// What becomes of a value that is found.
enum class PlaceFate {
  change,    ///< it is replaced
  follows,   ///< a generated column: the database computes it anew
  historic,  ///< the map says that it stays as it was
  others,    ///< in a row that other people share, or that only mentions the subject
  cleared,   ///< a trigger kept the old value of this very change: it is emptied
};

template <>
struct EnumNames<PlaceFate> {
  static constexpr std::array table{
      EnumName<PlaceFate>{PlaceFate::change, "changed"},
      EnumName<PlaceFate>{PlaceFate::follows, "follows"},
      EnumName<PlaceFate>{PlaceFate::historic, "historic"},
      EnumName<PlaceFate>{PlaceFate::others, "others"},
      EnumName<PlaceFate>{PlaceFate::cleared, "cleared"},
  };
};

/// Where a record set holds a category: a column, several that are one value together, or what is
/// inside a JSON value.
struct Place {
  SetRef set;
  std::vector<ReachPath> paths;        ///< by which rows of the set are reached
  std::size_t first_path = 0;          ///< those before it lead to rows of another place
  std::vector<std::string> columns;    ///< one; several are joined without separator
  std::vector<IdentitySource> values;  ///< how the values are read
  const IdentityKind* kind = nullptr;  ///< how spellings are compared; nullptr: exactly
  bool json = false;
  std::vector<JsonPath> inside;  ///< json: where in it; empty: anywhere
  bool third_party = false;      ///< may say who somebody else is
  bool copy = false;             ///< repeats another column
  PlaceFate fate = PlaceFate::change;

  /// `visitors.email`
  [[nodiscard]] std::string name() const { return set.set->name + "." + column(); }
  /// `email`, `country_code+number`
  [[nodiscard]] std::string column() const { return join(columns, "+"); }
  /// The values are parts of something larger.
  [[nodiscard]] bool inside_more() const { return json || array() || part(); }
  /// The values are elements of an array.
  [[nodiscard]] bool array() const { return !json && values.front().array; }
  /// The value is a part of the column's, which an expression of the map's cuts out.
  [[nodiscard]] bool part() const { return values.front().expression.has_value(); }
};

/// All places of the category among what was selected, in the map's order; `within` (empty: no
/// bounds) confines them.
std::vector<Place> places_of(const DataMap& map, const Catalogue& catalogue,
                             const std::vector<SetSelection>& selections,
                             const std::string& category, const std::vector<Within>& within);

/// `value` cut for columns that are joined, of which all but the last stay as they are: what is
/// left for the last one, or nothing where the value does not begin with the others.
std::optional<std::string> last_part(const IdentityKind* kind,
                                     const std::vector<std::string>& parts,
                                     const std::string& value);

// ------------------------------------------------------------------ what came of it

/// A value in its place.
struct RectifiedValue {
  std::string set;
  std::string column;            ///< as Place::column() has it
  std::vector<std::string> key;  ///< of the row, as it was; empty: the table has none
  PlaceFate fate = PlaceFate::change;
  std::optional<std::string> before;  ///< nothing: it was empty
  std::optional<std::string> after;   ///< nothing: it stays, or the database will compute it
};

/// Rows of a column in which the old value stands in the midst of something else.
struct Mention {
  std::string set;
  std::string column;
  std::uint64_t rows = 0;
};

/// All that a column holds of which values were changed.
struct WrittenColumn {
  std::string set;
  std::string column;
  std::vector<std::string> key;  ///< of the row, as it is now; empty: the table has none
  std::string text;
};

struct Rectification {
  std::vector<RectifiedValue> values;
  std::vector<WrittenColumn> written;
  std::vector<Mention> mentions;
  std::vector<std::string> unsearched;   ///< why texts were not looked through for mentions
  std::vector<std::string> still_found;  ///< sets in which an old identity still finds a row
  std::vector<Omission> cannot_see;
  std::map<std::string, std::uint64_t> rows;  ///< set → rows that were changed
  std::size_t records = 0;  ///< holds and requests whose record of the subject was put right

  [[nodiscard]] std::uint64_t changed() const;
};

/// The value with all but the first letter or digit of each word hidden: `a**@e******.c**`.
std::string masked_value(std::string_view value);

}  // namespace dsar
