#pragma once

#include <memory>
#include <string_view>

#include "core/redaction.hpp"
#include "core/row_source.hpp"
#include "core/selection.hpp"

namespace dsar::formats {

/// Takes the place of a value that could not be read and so not be redacted.
inline constexpr std::string_view withheld_value = "[withheld]";

/// Whether the bytes of a column say who somebody else is, says the map. They cannot be redacted,
/// so none of them is to be in the package.
bool bytes_are_withheld(const SelectedColumn& column);

/// The rows of a record set as a package shows them, from `inner` as stream_columns(selection) has
/// them: the selected columns alone, with other people under labels (`redactor`, which must outlive
/// the source and takes the log), secrets inside JSON left out, and in place of bytes the entry
/// that holds them (bytes_entry_name): `{"file":"files/uploads/content-000001.bin","bytes":204}`.
///
/// Columns keep their kind, so a label may stand where a number or a time is expected; those of
/// bytes become json. A column that the map says JSON is in, with rules about it, is withheld whole
/// where it holds no JSON (and is not blank). `when` of a rule inside JSON is not looked at: there
/// it always applies.
std::unique_ptr<RowSource> redacted(std::unique_ptr<RowSource> inner, const SetSelection& selection,
                                    Redactor& redactor);

}  // namespace dsar::formats
