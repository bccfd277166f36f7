#include <utility>

#include "core/map/map_terms.hpp"
#include "formats/map_parts.hpp"

namespace dsar::formats {

std::vector<IdentityKind> read_identity_kinds(const JsonInput& input) {
  std::vector<IdentityKind> kinds;
  for (const auto& [name, value] : input.members()) {
    IdentityKind kind;
    kind.name = name;
    kind.where = value.where();
    value.fields([&kind](JsonFields& fields) {
      fields.require_text("category", kind.category);
      fields.word("strength", kind.strength);
      fields.word("normalise", kind.normalisation);
      fields.text("region", kind.region);
      fields.boolean("scan", kind.scan);
    });
    kinds.push_back(std::move(kind));
  }
  return kinds;
}

namespace {

/// The keys that say where the value is; a source has exactly one of them.
void read_form(const JsonInput& source, JsonFields& fields, IdentitySource& into) {
  std::vector<std::string> forms;
  const auto form = [&](std::string_view key) {
    auto found = fields.find(key);
    if (found) forms.push_back("'" + std::string(key) + "'");
    return found;
  };
  if (const auto column = form("column")) {
    if (auto name = column->name()) into.columns.push_back(std::move(*name));
  }
  if (form("columns")) fields.names("columns", into.columns);
  if (const auto array = form("array")) {
    into.array = true;
    if (auto name = array->name()) into.columns.push_back(std::move(*name));
  }
  if (const auto expression = form("expression")) into.expression = read_fragment(*expression);
  if (const auto json = form("json")) {
    into.json_column = json->name().value_or("");
    fields.require_text("path", into.json_path);
  } else if (const auto path = fields.find("path")) {
    path->fault("'path' goes with 'json', the column that it leads into");
  }
  if (forms.size() > 1) {
    std::string all = forms.front();
    for (std::size_t i = 1; i < forms.size(); ++i) all += ", " + forms[i];
    source.fault("an identity is held in one way, found " + all);
  }
}

}  // namespace

std::vector<IdentitySource> read_identity_sources(const JsonInput& input,
                                                  const MapContext& context) {
  std::vector<IdentitySource> sources;
  for (const JsonInput& item : input.items()) {
    item.fields([&](JsonFields& fields) {
      IdentitySource source;
      source.where = item.where();
      fields.require_name("kind", source.kind);
      source.via = read_hops(fields, context);
      read_form(item, fields, source);
      sources.push_back(std::move(source));
    });
  }
  return sources;
}

}  // namespace dsar::formats
