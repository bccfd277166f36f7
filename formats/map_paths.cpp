#include <utility>

#include "core/map/map_terms.hpp"
#include "formats/map_parts.hpp"

namespace dsar::formats {

TableName table_name(const std::string& text, const MapContext& context) {
  // The first dot ends the schema, so a table with a dot in its name is written with its schema.
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) return {context.default_schema, text};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

void read_table_name(JsonFields& fields, std::string_view key, const MapContext& context,
                     TableName& into) {
  if (const auto input = fields.require(key)) {
    if (const auto name = input->name()) into = table_name(*name, context);
  }
}

std::optional<SqlFragment> read_fragment(const JsonInput& input) {
  auto text = input.text();
  if (!text) return std::nullopt;
  return SqlFragment{std::move(*text), input.where()};
}

void read_fragment(JsonFields& fields, std::string_view key, std::optional<SqlFragment>& into) {
  if (const auto input = fields.find(key)) into = read_fragment(*input);
}

std::vector<ColumnPair> read_match(JsonFields& fields) {
  std::vector<ColumnPair> pairs;
  const auto input = fields.find("match");
  if (!input) return pairs;
  for (const auto& [near, value] : input->members()) {
    if (auto far = value.name()) pairs.push_back({near, std::move(*far)});
  }
  return pairs;
}

std::vector<Hop> read_hops(JsonFields& fields, const MapContext& context) {
  std::vector<Hop> hops;
  const auto input = fields.find("via");
  if (!input) return hops;
  for (const JsonInput& item : one_or_more(*input)) {
    item.fields([&](JsonFields& hop_fields) {
      Hop hop;
      hop.where = item.where();
      read_table_name(hop_fields, "table", context, hop.table);
      hop.alias = hop.table.name;
      hop_fields.name("as", hop.alias);
      hop.match = read_match(hop_fields);
      read_fragment(hop_fields, "on", hop.on);
      hops.push_back(std::move(hop));
    });
  }
  return hops;
}

std::vector<Link> read_links(const JsonInput& input, const MapContext& context) {
  std::vector<Link> links;
  for (const JsonInput& item : input.items()) {
    item.fields([&](JsonFields& fields) {
      Link link;
      link.where = item.where();
      fields.require_name("to", link.to);
      link.via = read_hops(fields, context);
      link.match = read_match(fields);
      read_fragment(fields, "on", link.on);
      fields.word("relation", link.relation);
      if (const auto through = fields.find("through")) {
        for (const JsonInput& relation : one_or_more(*through)) {
          if (const auto word = relation.word<Relation>()) link.through.push_back(*word);
        }
      }
      links.push_back(std::move(link));
    });
  }
  return links;
}

Reference read_reference(JsonFields& fields, const MapContext& context, const Location& where) {
  Reference reference;
  reference.where = where;
  read_table_name(fields, "table", context, reference.table);
  reference.match = read_match(fields);
  return reference;
}

namespace {

TenantPath read_tenant_path(const JsonInput& input, const MapContext& context) {
  TenantPath path;
  path.where = input.where();
  if (input.is_string()) {
    path.column = input.name().value_or("");
  } else if (input.is_object()) {
    input.fields([&](JsonFields& fields) {
      fields.name("column", path.column);
      path.via = read_hops(fields, context);
      read_fragment(fields, "when", path.when);
    });
  } else {
    input.expected(
        "a column, an object with 'column' or 'via', a list of such objects, or null for a global "
        "table");
  }
  return path;
}

}  // namespace

std::vector<TenantPath> read_tenant(const JsonInput& input, const MapContext& context) {
  std::vector<TenantPath> paths;
  if (input.is_null()) return paths;
  for (const JsonInput& item : one_or_more(input)) paths.push_back(read_tenant_path(item, context));
  return paths;
}

}  // namespace dsar::formats
