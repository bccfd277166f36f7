#include "core/pg/recorded_subject.hpp"

#include <algorithm>
#include <array>

#include "core/sql.hpp"

namespace dsar::pg {
namespace {

std::string param(std::size_t number, std::string_view type) {
  return "$" + std::to_string(number) + "::" + std::string(type) + "[]";
}

void add_keys(const SubjectKeys& subject_keys, Params& params) {
  std::vector<std::string> sets;
  std::vector<std::string> rows;
  std::vector<std::string> positions;
  std::vector<std::string> parts;
  for (const auto& [set, keys] : subject_keys) {
    for (std::size_t row = 0; row < keys.size(); ++row) {
      for (std::size_t position = 0; position < keys[row].size(); ++position) {
        sets.push_back(set);
        rows.push_back(std::to_string(row));
        positions.push_back(std::to_string(position));
        parts.push_back(keys[row][position]);
      }
    }
  }
  for (const auto& list : {sets, rows, positions, parts}) params.push_back(array_value(list));
}

/// The same keys out of these parameters: set → rows, each a list of its key's parts.
std::string keys_sql(std::size_t first) {
  return "(SELECT coalesce(jsonb_object_agg(s, held), '{}') FROM (SELECT s, jsonb_agg(part ORDER "
         "BY r) AS held FROM (SELECT s, r, jsonb_agg(v ORDER BY p) AS part FROM unnest(" +
         param(first, "text") + ", " + param(first + 1, "integer") + ", " +
         param(first + 2, "integer") + ", " + param(first + 3, "text") +
         ") AS k(s, r, p, v) GROUP BY s, r) AS one GROUP BY s) AS every)";
}

std::string identities_sql(std::size_t first) {
  return "(SELECT coalesce(jsonb_agg(jsonb_build_object('kind', k, 'value', v, 'also', a) "
         "ORDER BY n), '[]') FROM unnest(" +
         param(first, "text") + ", " + param(first + 1, "text") + ", " +
         param(first + 2, "boolean") + ") WITH ORDINALITY AS i(k, v, a, n))";
}

}  // namespace

Params subject_params(const RecordedSubject& subject) {
  std::vector<std::string> kinds;
  std::vector<std::string> values;
  std::vector<std::string> vouched;
  const auto add = [&](const std::vector<Identity>& identities, const char* also) {
    for (const auto& identity : identities) {
      kinds.push_back(identity.kind);
      values.push_back(identity.value);
      vouched.emplace_back(also);
    }
  };
  add(subject.asked, "false");
  add(subject.also, "true");

  Params params{array_value(kinds), array_value(values), array_value(vouched)};
  add_keys(subject.keys, params);
  add_keys(subject.proven, params);
  return params;
}

std::string subject_values_sql(std::size_t first) {
  return identities_sql(first) + ", " + keys_sql(first + 3) + ", " + keys_sql(first + 7);
}

std::map<std::int64_t, RecordedSubject> recorded_subjects(Connection& connection,
                                                          std::string_view table,
                                                          std::string_view condition) {
  const auto from = " FROM dsar." + quote(table).text() + " AS h";
  const auto where = " WHERE " + std::string(condition);
  std::map<std::int64_t, RecordedSubject> subjects;
  const auto known = connection.exec(
      "SELECT h.id, h.subject_kind, i.one ->> 'kind', i.one ->> 'value', i.one ->> 'also'" + from +
      ", jsonb_array_elements(h.identities) WITH ORDINALITY AS i(one, n)" + where +
      " ORDER BY h.id, i.n");
  for (std::size_t r = 0; r < known->rows(); ++r) {
    auto& subject = subjects[std::stoll(known->text(r, 0))];
    subject.kind = known->text(r, 1);
    auto& list = known->text(r, 4) == "true" ? subject.also : subject.asked;
    list.push_back({known->text(r, 2), known->text(r, 3)});
  }
  // Both columns in one look.
  const auto keys = connection.exec(
      "SELECT h.id, c.proven, s.name, k.n, p.part" + from +
      ", (VALUES (false), (true)) AS c(proven), jsonb_each(CASE WHEN c.proven THEN h.proven ELSE "
      "h.keys END) AS s(name, held), jsonb_array_elements(s.held) WITH ORDINALITY AS k(row, n), "
      "jsonb_array_elements_text(k.row) WITH ORDINALITY AS p(part, n)" +
      where + " ORDER BY h.id, c.proven, s.name, k.n, p.n");
  for (std::size_t r = 0; r < keys->rows(); ++r) {
    auto& subject = subjects[std::stoll(keys->text(r, 0))];
    auto& rows = (keys->at(r, 1) == "t" ? subject.proven : subject.keys)[keys->text(r, 2)];
    if (rows.size() < std::stoull(keys->text(r, 3))) rows.emplace_back();
    rows.back().push_back(keys->text(r, 4));
  }
  return subjects;
}

namespace {

/// The tables that record subjects.
constexpr std::array recording_tables{"dsar.hold", "dsar.request", "dsar.choice"};

/// That the record has one of the keys in the parameters from `first` on.
std::string shares_a_row(std::size_t first) {
  return "EXISTS (SELECT 1 FROM jsonb_each(" + keys_sql(first) +
         ") AS s(name, mine), jsonb_array_elements(s.mine) AS m(row), jsonb_array_elements(h.keys "
         "-> s.name) AS t(row) WHERE t.row = m.row)";
}

}  // namespace

bool is_recorded(Connection& connection, const std::string& tenant_key, const SubjectKeys& keys) {
  Params params{tenant_key};
  add_keys(keys, params);
  return std::any_of(recording_tables.begin(), recording_tables.end(), [&](const char* table) {
    const auto found = connection.exec("SELECT 1 FROM " + std::string(table) +
                                           " AS h WHERE h.tenant_key = $1::text AND " +
                                           shares_a_row(2) + " LIMIT 1",
                                       params);
    return found->rows() > 0;
  });
}

std::size_t rectify_recorded_identity(Connection& connection, const std::string& tenant_key,
                                      const SubjectKeys& keys, const Identity& identity,
                                      const std::string& value) {
  Params params{tenant_key, identity.kind, identity.value, value};
  add_keys(keys, params);
  std::size_t changed = 0;
  for (const char* table : recording_tables) {
    const auto done = connection.exec(
        "UPDATE " + std::string(table) +
            " AS h SET identities = (SELECT jsonb_agg(CASE WHEN i.one ->> 'kind' = $2::text AND "
            "i.one ->> 'value' = $3::text THEN jsonb_set(i.one, '{value}', to_jsonb($4::text)) "
            "ELSE i.one END ORDER BY i.n) FROM jsonb_array_elements(h.identities) WITH ORDINALITY "
            "AS i(one, n)) WHERE h.tenant_key = $1::text AND EXISTS (SELECT 1 FROM "
            "jsonb_array_elements(h.identities) AS i(one) WHERE i.one ->> 'kind' = $2::text AND "
            "i.one ->> 'value' = $3::text) AND " +
            shares_a_row(5),
        params);
    changed += done->affected();
  }
  return changed;
}

std::size_t follow_recorded_key(Connection& connection, const std::string& tenant_key,
                                const std::string& set, const std::vector<std::string>& from,
                                const std::vector<std::string>& to) {
  const Params params{tenant_key, set, array_value(from), array_value(to)};
  std::size_t changed = 0;
  for (const char* table : recording_tables) {
    std::size_t rows = 0;
    for (const std::string column : {"keys", "proven"}) {
      const auto list = "h." + column + " -> $2::text";
      const auto done = connection.exec(
          "UPDATE " + std::string(table) + " AS h SET " + column + " = jsonb_set(h." + column +
              ", ARRAY[$2::text], (SELECT jsonb_agg(CASE WHEN k.row = to_jsonb($3::text[]) THEN "
              "to_jsonb($4::text[]) ELSE k.row END ORDER BY k.n) FROM jsonb_array_elements(" +
              list +
              ") WITH ORDINALITY AS k(row, n))) WHERE h.tenant_key = $1::text AND EXISTS "
              "(SELECT 1 FROM jsonb_array_elements(" +
              list + ") AS k(row) WHERE k.row = to_jsonb($3::text[]))",
          params);
      rows = std::max(rows, done->affected());
    }
    changed += rows;
  }
  return changed;
}

}  // namespace dsar::pg
