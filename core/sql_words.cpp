#include "core/sql_words.hpp"

#include <algorithm>
#include <array>

namespace dsar {

namespace {

using Word = std::string_view;

template <std::size_t Size>
bool has(const std::array<Word, Size>& words, Word word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t Size>
bool has_prefix(const std::array<Word, Size>& prefixes, Word word) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](Word prefix) { return word.substr(0, prefix.size()) == prefix; });
}

// PostgreSQL's reserved words, and those that may name functions or types but no column
// (its documentation, appendix C), without the ones in `subquery` and `clause` below.
constexpr std::array reserved{
    Word("all"),         Word("analyse"),   Word("analyze"), Word("and"),        Word("any"),
    Word("array"),       Word("as"),        Word("asc"),     Word("asymmetric"), Word("both"),
    Word("case"),        Word("cast"),      Word("check"),   Word("collate"),    Word("column"),
    Word("constraint"),  Word("create"),    Word("default"), Word("deferrable"), Word("desc"),
    Word("distinct"),    Word("do"),        Word("else"),    Word("end"),        Word("false"),
    Word("for"),         Word("foreign"),   Word("from"),    Word("grant"),      Word("ilike"),
    Word("in"),          Word("initially"), Word("is"),      Word("isnull"),     Word("leading"),
    Word("like"),        Word("not"),       Word("notnull"), Word("null"),       Word("only"),
    Word("or"),          Word("placing"),   Word("primary"), Word("references"), Word("similar"),
    Word("some"),        Word("symmetric"), Word("then"),    Word("to"),         Word("trailing"),
    Word("true"),        Word("unique"),    Word("using"),   Word("variadic"),   Word("when"),
    Word("between"),     Word("overlaps"),  Word("binary"),  Word("verbose"),    Word("freeze"),
    Word("concurrently")};

constexpr std::array subquery{Word("select"), Word("with"),   Word("values"), Word("table"),
                              Word("insert"), Word("update"), Word("delete"), Word("merge")};

constexpr std::array clause{
    Word("union"),  Word("intersect"), Word("except"),    Word("into"),       Word("order"),
    Word("group"),  Word("having"),    Word("limit"),     Word("fetch"),      Word("offset"),
    Word("window"), Word("where"),     Word("returning"), Word("join"),       Word("lateral"),
    Word("on"),     Word("natural"),   Word("inner"),     Word("outer"),      Word("cross"),
    Word("full"),   Word("left"),      Word("right"),     Word("tablesample")};

constexpr std::array clock_words{Word("current_date"), Word("current_time"),
                                 Word("current_timestamp"), Word("localtime"),
                                 Word("localtimestamp")};

constexpr std::array session_words{Word("current_user"),    Word("session_user"),
                                   Word("current_role"),    Word("user"),
                                   Word("current_catalog"), Word("current_schema")};

constexpr std::array clock_functions{Word("now"), Word("clock_timestamp"),
                                     Word("statement_timestamp"), Word("transaction_timestamp"),
                                     Word("timeofday")};

constexpr std::array random_functions{Word("random"),
                                      Word("random_normal"),
                                      Word("setseed"),
                                      Word("gen_random_uuid"),
                                      Word("gen_random_bytes"),
                                      Word("gen_salt"),
                                      Word("uuid_generate_v1"),
                                      Word("uuid_generate_v1mc"),
                                      Word("uuid_generate_v4"),
                                      Word("uuidv4"),
                                      Word("uuidv7")};

constexpr std::array acting_functions{Word("nextval"),  Word("setval"),     Word("currval"),
                                      Word("lastval"),  Word("set_config"), Word("current_setting"),
                                      Word("loread"),   Word("lowrite"),    Word("ts_stat"),
                                      Word("crosstab"), Word("connectby"),  Word("xpath_table"),
                                      Word("http")};

constexpr std::array acting_prefixes{
    Word("pg_"),           Word("dblink"),         Word("lo_"),       Word("txid_"),
    Word("postgres_fdw_"), Word("query_to_xml"),   Word("table_to_"), Word("schema_to_"),
    Word("database_to_"),  Word("cursor_to_xml"),  Word("http_"),     Word("brin_"),
    Word("gin_clean_"),    Word("binary_upgrade_")};

constexpr std::array time_types{Word("timestamp"), Word("timestamptz"), Word("date"), Word("time"),
                                Word("timetz")};

constexpr std::array type_words{
    Word("interval"), Word("double"),  Word("precision"), Word("character"), Word("char"),
    Word("varchar"),  Word("varying"), Word("text"),      Word("numeric"),   Word("decimal"),
    Word("int"),      Word("integer"), Word("bigint"),    Word("smallint"),  Word("boolean"),
    Word("bool"),     Word("real"),    Word("float"),     Word("uuid"),      Word("inet"),
    Word("cidr"),     Word("json"),    Word("jsonb"),     Word("bytea"),     Word("bit"),
    Word("national"), Word("nchar"),   Word("xml"),       Word("citext"),    Word("name"),
    Word("int2"),     Word("int4"),    Word("int8"),      Word("float4"),    Word("float8"),
    Word("point"),    Word("money"),   Word("macaddr")};

}  // namespace

bool is_reserved_word(std::string_view word) {
  return has(reserved, word) || has(subquery, word) || has(clause, word) ||
         has(clock_words, word) || has(session_words, word);
}

std::string_view refused_word(std::string_view word) {
  if (has(subquery, word)) return "begins a query of its own; go through other tables by 'via'";
  if (has(clause, word)) return "belongs to a query, not to an expression";
  if (has(clock_words, word)) return "depends on when it runs, so no cut-off could be repeated";
  if (has(session_words, word)) return "depends on who runs it";
  return {};
}

std::string_view refused_function(std::string_view name) {
  if (has(clock_functions, name)) {
    return "depends on when it runs, so no cut-off could be repeated";
  }
  if (has(random_functions, name)) return "comes out differently every time";
  if (has(acting_functions, name) || has_prefix(acting_prefixes, name)) {
    return "reaches beyond the row or changes something";
  }
  return {};
}

bool is_type_word(std::string_view word) {
  return has(type_words, word) || is_time_type(word);
}

bool is_time_type(std::string_view word) {
  return has(time_types, word);
}

}  // namespace dsar
