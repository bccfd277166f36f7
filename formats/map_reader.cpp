#include "formats/map_reader.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/map/validate.hpp"
#include "formats/json_files.hpp"
#include "formats/map_parts.hpp"

namespace dsar::formats {

namespace {

constexpr std::int64_t format_version = 1;

/// Things that a map says once, in whichever of its files, and where it was first.
class SaidOnce {
 public:
  explicit SaidOnce(std::vector<Fault>& faults) : faults_(faults) {}

  bool first(const std::string& key, const Location& where) {
    const auto [found, added] = places_.emplace(key, where);
    if (!added) {
      faults_.push_back({where, "'" + key + "' is already said in " + found->second.file + ":" +
                                    std::to_string(found->second.line)});
    }
    return added;
  }

 private:
  std::vector<Fault>& faults_;
  std::map<std::string, Location> places_;
};

void read_not_personal(const JsonInput& input, const MapContext& context, DataMap& map) {
  for (const JsonInput& item : input.items()) {
    item.fields([&](JsonFields& fields) {
      std::string reason;
      fields.require_text("reason", reason);
      const auto names = fields.require("tables");
      if (!names) return;
      for (const JsonInput& name : one_or_more(*names)) {
        const auto text = name.name();
        if (!text) continue;
        Table table;
        table.name = table_name(*text, context);
        table.where = name.where();
        table.not_personal = reason;
        map.tables.push_back(std::move(table));
      }
    });
  }
}

void read_table(const JsonInput& input, const MapContext& context, Table& table) {
  input.fields([&](JsonFields& fields) {
    if (const auto tenant = fields.find("tenant")) {
      table.tenant = read_tenant(*tenant, context);
    }
    if (const auto reason = fields.find("not_personal")) table.not_personal = reason->text();
    fields.names("key", table.key);
    if (const auto sets = fields.find("sets")) table.sets = read_sets(*sets, context);
    if (const auto columns = fields.find("columns")) table.columns = read_columns(*columns);
    fields.names("known_cascades", table.known_cascades);
    if (const auto triggers = fields.find("known_triggers")) {
      for (const auto& [trigger, value] : triggers->members()) {
        if (auto text = value.text()) table.known_triggers.emplace(trigger, *text);
      }
    }
  });
}

void read_tables(const JsonInput& input, const MapContext& context, DataMap& map) {
  for (const auto& [name, value] : input.members()) {
    Table table;
    table.name = table_name(name, context);
    table.where = value.where();
    read_table(value, context, table);
    map.tables.push_back(std::move(table));
  }
}

void read_document(JsonFields& fields, const MapContext& context, SaidOnce& once, DataMap& map) {
  if (const auto version = fields.require("dsarctl_map")) {
    static_cast<void>(version->integer(format_version, format_version));
  }
  if (const auto schema = fields.find("$schema")) static_cast<void>(schema->text());

  const auto find_once = [&](std::string_view key) -> std::optional<JsonInput> {
    auto found = fields.find(key);
    if (found && !once.first(std::string(key), found->where())) return std::nullopt;
    return found;
  };
  if (const auto schema = find_once("schema")) {
    map.default_schema = schema->name().value_or(map.default_schema);
  }
  if (const auto policy = find_once("policy")) map.policy = policy->text().value_or("");
  if (const auto zone = find_once("zone")) map.zone = zone->text().value_or(map.zone);
  if (const auto tenants = find_once("tenants")) {
    map.tenants = read_tenants(*tenants, context, map.overrides);
  }
  if (const auto kinds = find_once("identities")) map.identities = read_identity_kinds(*kinds);

  if (const auto tables = fields.find("not_personal")) read_not_personal(*tables, context, map);
  if (const auto tables = fields.find("tables")) read_tables(*tables, context, map);
  const auto append = [](auto& into, auto read) {
    into.insert(into.end(), std::make_move_iterator(read.begin()),
                std::make_move_iterator(read.end()));
  };
  if (const auto list = fields.find("overrides")) append(map.overrides, read_overrides(*list));
  if (const auto list = fields.find("waivers")) append(map.waivers, read_waivers(*list));
}

/// Faults of the whole, without those that only follow from a part that could not be read: a value
/// whose own place, or a place within it, has a fault already.
void add_validation(const DataMap& map, const std::vector<JsonDocument>& documents,
                    std::vector<Fault>& faults) {
  std::set<std::pair<std::string, std::string>> places;
  for (const Fault& fault : faults) places.emplace(fault.where.file, fault.where.pointer);
  const auto follows = [&](const Location& where) {
    if (places.count({where.file, where.pointer}) > 0) return true;
    const std::string within = where.pointer + '/';
    const auto next = places.lower_bound({where.file, within});
    return next != places.end() && next->first == where.file &&
           next->second.compare(0, within.size(), within) == 0;
  };
  for (Fault& fault : validate(map, faults.empty())) {
    if (follows(fault.where)) continue;
    const auto document =
        std::find_if(documents.begin(), documents.end(),
                     [&](const JsonDocument& each) { return each.file == fault.where.file; });
    if (document != documents.end()) fault.where = document->locate(fault.where.pointer);
    faults.push_back(std::move(fault));
  }
}

/// `whole`: judged as one; of a part that cannot be done.
DataMap read_documents(const std::vector<JsonDocument>& documents, bool whole = true) {
  DataMap map;
  std::vector<Fault> faults;
  MapContext context;
  bool readable = true;
  for (const JsonDocument& document : documents) {
    readable = readable && document.readable;
    faults.insert(faults.end(), document.faults.begin(), document.faults.end());
    map.files.push_back(document.file);
    // Every file's table names may depend on it.
    const JsonMember* schema = document.root.find("schema");
    if (schema != nullptr && schema->value.kind == JsonValue::Kind::string) {
      context.default_schema = schema->value.text;
    }
  }
  SaidOnce once(faults);
  for (const JsonDocument& document : documents) {
    if (!document.readable) continue;
    JsonInput(document, faults).fields([&](JsonFields& fields) {
      read_document(fields, context, once, map);
    });
  }
  // Without one of its files a map has too many holes to judge the whole.
  if (readable && whole) add_validation(map, documents, faults);
  if (!faults.empty()) {
    sort_by_place(faults);
    throw InvalidMap(std::move(faults));
  }
  return map;
}

}  // namespace

DataMap read_map(const std::filesystem::path& path) {
  const std::vector<std::filesystem::path> paths = json_files(path, "data map");
  std::vector<JsonDocument> documents;
  documents.reserve(paths.size());
  for (const auto& each : paths) documents.push_back(read_json_file(each));
  return read_documents(documents);
}

DataMap read_map_texts(const std::vector<MapText>& texts) {
  std::vector<JsonDocument> documents;
  documents.reserve(texts.size());
  for (const MapText& each : texts) documents.push_back(read_json(each.text, each.file));
  return read_documents(documents);
}

DataMap read_map_part(const MapText& text) {
  return read_documents({read_json(text.text, text.file)}, false);
}

}  // namespace dsar::formats
