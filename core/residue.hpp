#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.hpp"
#include "core/identity.hpp"
#include "core/phone_region.hpp"
#include "core/reach.hpp"
#include "core/redaction_search.hpp"

/// Residue: copies of a person's identities that no link of the map leads to, in texts, JSON and
/// arrays, of tables that the map knows and of others.
namespace dsar {

/// A part of a text: from the byte at `begin` to the one before `end`.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// An identity that may be searched for, and what tells it wherever it stands.
class ResidueIdentity {
 public:
  /// `identity` is normalised.
  ResidueIdentity(const IdentityKind& kind, Identity identity);

  [[nodiscard]] const std::string& kind() const { return identity_.kind; }

  /// A condition that every text with the identity in it meets, however it is escaped, and few
  /// others do; `text` is a text expression, which stands in it once or twice.
  [[nodiscard]] std::string may_stand_in(const std::string& text, SqlStatement& statement) const;

  /// From where to where it stands in the form's text, in whatever letter case and written as
  /// phone numbers are, but not as a part of a longer address or number.
  [[nodiscard]] std::vector<Stretch> places_in(const SearchForm& form) const;

 private:
  Identity identity_;
  Normalisation normalisation_;
  std::string folded_;                ///< in small letters
  std::vector<std::string> numbers_;  ///< of a phone number: its digits, with and without country
};

/// The shortest identity that is searched for: a shorter one stands in half of all texts.
inline constexpr std::size_t shortest_residue = 6;

/// What stands where an identity was.
inline constexpr std::string_view erased_marker = "[erased]";

/// The text, or the raw content of a JSON string, with the marker in place of each of the
/// identities, however it is escaped there; nothing where none stands in it.
std::optional<std::string> redacted(std::string_view text,
                                    const std::vector<ResidueIdentity>& identities);

/// Why identities cannot be redacted in the column; empty: they can. A trigger that the map does
/// not know might keep what was there, and what no tenant has may be another tenant's.
std::string not_redactable(const DataMap& map, const Table& mapped, const Catalogue& catalogue,
                           const CatalogueColumn& column);

/// Those that are the person's alone: a telephone number that a household shares stays where it is
/// the other's.
std::vector<Identity> strong_ones(const DataMap& map, const std::vector<Identity>& of);

/// Those of the identities that the map allows to be searched for and that are long enough.
std::vector<ResidueIdentity> searchable(const DataMap& map, const std::vector<Identity>& of);

/// What is looked through in one table.
struct ResidueTable {
  TableName table;
  std::vector<std::string> columns;
  std::vector<std::string> key;  ///< empty: the table has none
};

/// Every table with a column that could hold an identity: texts, JSON, XML, arrays, and what
/// extensions make of these; not the tool's own schema.
std::vector<ResidueTable> residue_tables(const DataMap& map, const Catalogue& catalogue);

/// The rows of the table in which one of the identities may stand, and that are not the subject's:
/// of the subject's tenant as far as the map says whose they are, not reached from the subject's
/// keys. First the key as text, then each column as text, or NULL where nothing may stand in it.
SqlStatement residue_statement(const ReachContext& context, const ResidueTable& table,
                               const std::vector<ResidueIdentity>& identities);

}  // namespace dsar
