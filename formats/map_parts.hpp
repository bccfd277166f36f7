#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/map/data_map.hpp"
#include "formats/json_fields.hpp"
#include "formats/map_reader.hpp"

/// The parts that formats/map_reader puts a data map together from. Each reads one piece of JSON,
/// reports what does not fit there and returns the rest; core/map/validate judges the whole.
namespace dsar::formats {

/// What the reader knows beyond the piece at hand.
struct MapContext {
  std::string default_schema = "public";
};

// map_reader.cpp
/// Reads one text without judging whether it is whole: a part that is built in, and so faultless.
DataMap read_map_part(const MapText& text);

// map_paths.cpp
TableName table_name(const std::string& text, const MapContext& context);
void read_table_name(JsonFields& fields, std::string_view key, const MapContext& context,
                     TableName& into);
std::optional<SqlFragment> read_fragment(const JsonInput& input);
void read_fragment(JsonFields& fields, std::string_view key, std::optional<SqlFragment>& into);
std::vector<ColumnPair> read_match(JsonFields& fields);
std::vector<Hop> read_hops(JsonFields& fields, const MapContext& context);
std::vector<Link> read_links(const JsonInput& input, const MapContext& context);
Reference read_reference(JsonFields& fields, const MapContext& context, const Location& where);
std::vector<TenantPath> read_tenant(const JsonInput& input, const MapContext& context);

// map_identities.cpp
std::vector<IdentityKind> read_identity_kinds(const JsonInput& input);
std::vector<IdentitySource> read_identity_sources(const JsonInput& input,
                                                  const MapContext& context);

// map_columns.cpp
std::vector<ColumnRule> read_columns(const JsonInput& input);

// map_sets.cpp
std::vector<RecordSet> read_sets(const JsonInput& input, const MapContext& context);

// map_tenants.cpp
/// Appends the overrides that are read for every tenant to `overrides`.
Tenants read_tenants(const JsonInput& input, const MapContext& context,
                     std::vector<TenantOverride>& overrides);
std::vector<TenantOverride> read_overrides(const JsonInput& input);
std::vector<Waiver> read_waivers(const JsonInput& input);

}  // namespace dsar::formats
