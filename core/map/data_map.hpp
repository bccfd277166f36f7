#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/location.hpp"

/// The data map: where personal data lives in one database, as a value. dsarctl-map(5) describes
/// the file; formats/map_reader reads it; core/map/validate finds what is inconsistent in itself;
/// map check compares it with a live catalogue. Names are kept as PostgreSQL stores them, unquoted.
namespace dsar {

/// A table's name; `schema` is never empty once the map has been read.
struct TableName {
  std::string schema;
  std::string name;

  friend auto operator<=>(const TableName&, const TableName&) = default;
  [[nodiscard]] std::string text() const { return schema + "." + name; }
};

/// A piece of SQL from the map: one scalar expression or predicate. It may name the columns of its
/// own table bare or as `this.column`; in links also `that.column` and the hops' aliases.
/// Lexed (core/sql_fragment) before it is ever put into a statement.
struct SqlFragment {
  std::string text;
  Location where;
};

/// near.column = far.column
struct ColumnPair {
  std::string near;
  std::string far;

  friend bool operator==(const ColumnPair&, const ColumnPair&) = default;
};

/// One table on the way from a record set to another.
struct Hop {
  TableName table;
  std::string alias;  ///< how fragments name it; not `this` or `that`, unique in its path
  std::vector<ColumnPair> match;  ///< column of the table before it = column of this table
  std::optional<SqlFragment> on;  ///< further condition; may use `this` and every alias so far
  Location where;
};

// ---------------------------------------------------------------- identities

/// What a shared identity says about two rows.
enum class Strength {
  strong,  ///< the same person: followed (email, account id)
  weak,    ///< followed only to rows without a strong identity that no other strong subject claims
  record,  ///< names rows of one record set (a visitor number); followed, but makes nobody distinct
  hint,    ///< may be searched by, and is shown; never joins rows (device, cookie)
};

/// How two spellings of one identity are made equal. The server's SQL decides (core/identity).
enum class Normalisation {
  exact,   ///< as stored
  folded,  ///< blanks around it and case ignored (email)
  phone,   ///< E.164 with the kind's region
  digits,  ///< all but digits ignored
};

struct IdentityKind {
  std::string name;  ///< the word before the colon in `email:ada@example.com`
  std::string category;
  Strength strength = Strength::strong;
  Normalisation normalisation = Normalisation::exact;
  std::string region;  ///< ISO 3166-1 alpha-2, for phone
  bool scan = false;   ///< may be searched for in free text
  Location where;
};

/// Where a row holds an identity: exactly one of columns (joined without separator when several),
/// expression, or json column + path. With `via`, the columns are those of the last hop's table.
struct IdentitySource {
  std::string kind;
  std::vector<Hop> via;
  std::vector<std::string> columns;
  std::optional<SqlFragment> expression;
  std::string json_column;
  std::string json_path;  ///< SQL/JSON path; may yield several values
  bool array = false;     ///< the one column is an array; each element is a value
  Location where;
};

// ---------------------------------------------------------------- columns

enum class ColumnUse {
  personal,      ///< exported, erased; has a category
  key,           ///< identifies or links rows; exported
  not_personal,  ///< exported with its row (it is part of what is held), never erased by itself
  secret,        ///< never exported (password hash, token); erased
};

/// Who the datum comes from: what Art. 20 may carry (provided, observed) and may not.
enum class Origin { provided, observed, derived, other };

enum class MaskKind { null, literal, unique, keyed_hash, truncate };

/// What a masked column holds afterwards. Fits type, length and uniqueness (map check).
struct Mask {
  MaskKind kind = MaskKind::null;
  std::string text;        ///< literal, or the pattern of `unique` with `{key}` in it
  std::size_t length = 0;  ///< truncate: how many characters stay
};

/// The column says who somebody else is, or may do so.
struct ThirdParty {
  std::string label;     ///< stable label in the export: `agent` gives agent-1, agent-2, …
  std::string set;       ///< the column holds a key of this record set (empty: no)
  std::string identity;  ///< the column holds an identity of this kind (empty: no)
  bool text = false;     ///< free text: other people's addresses in it are redacted
  std::optional<SqlFragment> when;  ///< only in rows where this holds
  Location where = {};
};

/// Personal data inside a JSON value.
struct JsonPathRule {
  std::string path;  ///< `$.a.b`, `$.items[*].name`, `$.*`
  std::string category;
  bool secret = false;
  std::optional<ThirdParty> third_party;
  std::optional<Mask> mask;
  Location where;
};

/// What a text column really contains.
enum class Encoding { plain, json, yaml, html };

struct ColumnRule {
  std::string name;
  ColumnUse use = ColumnUse::not_personal;
  std::string category;  ///< fideslang's dotted name; of a personal column only
  std::optional<Origin> origin;
  bool redact_residue = false;  ///< an erased person's identity in rows of others is redacted
  bool historic = false;  ///< kept as it was when rectified, and in rows kept on a legal ground
  std::optional<std::string> copy_of;  ///< `set.column` this value repeats
  std::optional<std::string> zone;     ///< IANA zone of a timestamp without zone
  std::vector<ThirdParty>
      third_parties;  ///< the first whose `when` holds; only the last may lack it
  std::optional<Mask> mask;
  Encoding encoding = Encoding::plain;
  std::vector<JsonPathRule> json;
  Location where;
};

// ---------------------------------------------------------------- record sets

/// The subject of record sets whose rows are about nobody in particular: swept, never found.
inline constexpr const char* about_nobody = "none";

/// What the rows are to the data subject.
enum class Relation { own, author, about, mentions };

/// From rows of one set to rows of the set they hang on: this → via… → to.
struct Link {
  std::string to;
  std::vector<Hop> via;
  std::vector<ColumnPair> match;     ///< column of the table before = column of `to`'s table
  std::optional<SqlFragment> on;     ///< may use `this`, `that` and the hops' aliases
  std::optional<Relation> relation;  ///< of rows found this way; default: the set's
  std::vector<Relation>
      through;  ///< follow `to`'s rows of these relations; default: all but mentions
  Location where;
};

enum class EpochUnit { none, seconds, milliseconds };

/// The date a retention period counts from: an expression, or the parents'. `childless` goes with
/// an expression, by which an empty row would be due.
struct Clock {
  std::optional<SqlFragment> expression;
  EpochUnit epoch = EpochUnit::none;  ///< the expression is a number since 1970
  std::string zone;                  ///< IANA zone of a timestamp without zone; empty: the tenant's
  std::vector<std::string> parents;  ///< it goes with the row of one of these sets it hangs on
  std::vector<std::string> childless;      ///< goes only when no row of these sets is left
  bool undated_due = false;                ///< rows whose clock is NULL or whose parent is gone
  std::optional<SqlFragment> masked_when;  ///< already masked: not due again
  Location where;
};

enum class EraseAction {
  remove,   ///< DELETE the row (`delete` in the file)
  mask,     ///< keep the row, mask its personal and secret columns
  repoint,  ///< keep the row, set the columns that point to the subject
  keep,     ///< withheld, on a legal ground
};

struct Reference {
  TableName table;
  std::vector<ColumnPair> match;  ///< column of that table = column of this one
  Location where;
};

/// Rows elsewhere that point to a row that goes, and must not go with it.
struct ReferenceRepoint {
  Reference reference;  ///< of one pair: the column that is set, the column it points to
  SqlFragment to;       ///< what it is set to; names the columns of the row that goes as `this.…`
};

struct EraseRule {
  EraseAction action = EraseAction::remove;
  std::string ground;                           ///< keep: why, e.g. `tax`
  std::string citation;                         ///< keep: clause or article
  bool mask_kept = false;                       ///< keep: pseudonymise what is not needed
  std::map<std::string, SqlFragment> repoint;   ///< column → sentinel expression
  std::vector<Reference> unless_referenced_by;  ///< shared rows: delete only when none is left
  /// Columns of this table that may be set to NULL when the row they point to goes.
  std::vector<std::string> nullify_first;
  std::vector<ReferenceRepoint> repoint_references;  ///< before a row goes, whatever takes it
  Location where;
};

/// Bytes outside the database.
struct ObjectRule {
  std::string store;  ///< as the operator's script knows it, e.g. `s3://attachments`
  SqlFragment key;    ///< expression that gives the object's key; NULL: none
  Location where;
};

/// Who decides on the data of these rows; `policy`: as the tenant's policy says for the category.
enum class RoleChoice { policy, controller, processor };

/// When something happened to a row, other than its clock. It holds for every row that hangs on the
/// row along links as well.
struct SetEvent {
  std::string event;       ///< a policy's clock event, e.g. unsubscribed
  std::vector<Hop> via;    ///< to the rows that tell; of several dates the earliest counts, of
                           ///< last-activity and last-inbound-message the latest
  SqlFragment expression;  ///< may use `this` and the hops' aliases
  std::optional<SqlFragment> unless;  ///< under this condition the date does not count
  Location where;
};

/// What a subject may decide on about the use of the data; written where the map says.
enum class SubjectChoice {
  restriction,          ///< Art. 18
  objection_marketing,  ///< Art. 21(2)
  opt_out_ai,
  opt_out_sale,
  consent_withdrawn,  ///< Art. 7(3)
  unsubscribed,
  parental_consent,  ///< Art. 8: a parent's, verified
  child_discovered,  ///< not decided but found out: the subject is a child
};

struct RecordSet {
  std::string name;                      ///< unique in the map; the export's data/<name>.json
  std::optional<SqlFragment> predicate;  ///< which rows of the table (`where` in the file)
  std::string category;                  ///< the policies' data category, e.g. `message`
  std::string subject;                   ///< visitor, account, agent, …; or about_nobody
  Relation relation = Relation::about;
  std::string basis;  ///< contract, consent, legitimate-interest, legal-obligation, …
  RoleChoice role = RoleChoice::policy;
  std::vector<IdentitySource> identities;  ///< non-empty: its rows are subjects (a root)
  std::vector<Link> links;
  std::optional<Clock> clock;
  std::vector<SetEvent> events;
  std::optional<SqlFragment> legal_ground;  ///< text: why a row must be kept; NULL: no ground
  std::map<SubjectChoice, std::string> recorded_in;  ///< choice → boolean or date column
  std::string purpose_in;  ///< column that says what a row's consent is for; empty: none does
  EraseRule erase;
  std::vector<ObjectRule> objects;
  std::vector<ColumnRule> columns;  ///< override the table's for these rows
  Location where;
};

// ---------------------------------------------------------------- tables and tenants

/// How a row of a table belongs to a tenant: by column or by via.
struct TenantPath {
  std::string column;    ///< holds the tenant's key
  std::vector<Hop> via;  ///< or: of the row reached by these hops, whose table names its own
  std::optional<SqlFragment> when;  ///< only for rows where this holds
  Location where;
};

struct Table {
  TableName name;
  std::vector<TenantPath> tenant;  ///< the first whose `when` holds; empty: the table is global
  std::vector<std::string> key;    ///< identifies a row; empty: the primary key, if there is one
  std::vector<RecordSet> sets;
  std::vector<ColumnRule> columns;
  std::vector<std::string> known_cascades;            ///< foreign keys ON DELETE CASCADE, by name
  std::map<std::string, std::string> known_triggers;  ///< trigger → what it does
  std::optional<std::string> not_personal;            ///< the reason; then no sets and no columns
  Location where;
};

struct TenantEvent {
  std::string event;  ///< a policy's clock event, e.g. contract-end
  SqlFragment expression;
  std::optional<SqlFragment> unless;
};

struct TenantOverride {
  std::string tenant;  ///< slug; empty: read for every tenant by `expression`
  std::string rule;
  std::string period;                     ///< `30 days`, `24 months`
  std::optional<SqlFragment> expression;  ///< number of `unit`s, NULL: none
  std::string unit;
  std::string reason;
  Location where;
};

/// The integrations that a tenant has enabled, under the names that policies have for them.
struct Integrations {
  std::vector<Hop> via;    ///< to a row for each; empty: the tenant's own row gives them all
  SqlFragment expression;  ///< with via a name, which may use `this` and the hops' aliases; without
                           ///< an array of names, NULL where nothing is known
  Location where;
};

/// The tenants and the policy that each lives under.
struct Tenants {
  TableName table;
  std::string key;
  std::string slug;  ///< column; what --tenant names
  std::optional<SqlFragment> display_name;
  std::optional<SqlFragment> contact;               ///< where the controller takes requests
  std::optional<SqlFragment> policy;                ///< expression that gives a policy's id
  std::map<std::string, std::string> policy_names;  ///< value in the database → policy id
  std::optional<SqlFragment> zone;
  std::vector<TenantEvent> events;
  std::optional<Integrations> integrations;
  Location where;
};

struct Waiver {
  std::string finding;  ///< rule id
  std::string subject;  ///< table, table.column or set it applies to
  std::string reason;
  std::string expires;  ///< date
  Location where;
};

struct DataMap {
  std::string default_schema = "public";
  std::string policy;  ///< for databases without tenants, and tenants that name none
  std::string zone = "UTC";
  std::optional<Tenants> tenants;
  std::vector<IdentityKind> identities;
  std::vector<Table> tables;
  std::vector<TenantOverride> overrides;
  std::vector<Waiver> waivers;
  std::vector<std::string> files;  ///< what it was read from, in order
};

/// A record set with the table it is part of; pointers into the map.
struct SetRef {
  const Table* table = nullptr;
  const RecordSet* set = nullptr;
};

/// All record sets in the map's order.
std::vector<SetRef> record_sets(const DataMap& map);
/// The set of that name, or an empty SetRef.
SetRef find_set(const DataMap& map, const std::string& name);
/// The table of that name, or nullptr.
const Table* find_table(const DataMap& map, const TableName& name);
/// The identity kind of that name, or nullptr.
const IdentityKind* find_identity(const DataMap& map, const std::string& name);
/// What the map says of a column for rows of `set` (the set's own rule before the table's), or
/// nullptr where it says nothing.
const ColumnRule* column_rule(const SetRef& ref, const std::string& column);

}  // namespace dsar
