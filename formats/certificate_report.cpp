#include "formats/certificate_report.hpp"

#include <utility>
#include <vector>

#include "core/rfc3339.hpp"
#include "formats/erasure_report.hpp"
#include "formats/html_text.hpp"
#include "formats/text_table.hpp"

namespace dsar::formats {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// What the certificate says of itself, in order.
std::vector<std::pair<std::string, std::string>> facts_of(const Certificate& certificate) {
  const auto& [result, facts] = certificate;
  std::vector<std::pair<std::string, std::string>> rows{{"Erasure", result.id}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) rows.emplace_back(name, value);
  };
  add("Follows erasure", result.follows);
  add("Done at", rfc3339(facts.applied_at));
  add("Database", facts.database);
  add(result.whole_tenant ? "Whole tenant" : "Tenant", result.tenant);
  add("Policy", result.policy);
  if (facts.request != 0) add("Request", std::to_string(facts.request));
  if (!result.whole_tenant) add("Rows that were the person", std::to_string(result.subject_rows));
  add("Tool", "dsarctl " + facts.tool_version);
  for (const auto& hash : facts.subject) add("Keyed hash of an identity", hash);
  if (!facts.subject.empty())
    add("Hashed with key",
        facts.hash_key_id.empty() ? "a salt that was not kept" : facts.hash_key_id);
  if (facts.approval) {
    add("Planned with key", facts.approval->planned_with);
    add("Approved with key",
        facts.approval->approved_with + ", " + rfc3339(facts.approval->approved_at));
  }
  add("Signed with key", facts.signing_key_id);
  return rows;
}

std::string html_table(const std::vector<std::string>& headings, const Rows& rows) {
  std::string html = "<table>\n<thead><tr>";
  for (const auto& heading : headings) html += "<th>" + html_text(heading) + "</th>";
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    html += "<tr>";
    for (const auto& cell : row) html += "<td>" + html_text(cell) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n";
}

std::string section(const std::string& heading, const std::vector<std::string>& headings,
                    const Rows& rows) {
  if (rows.empty()) return {};
  return "<h2>" + html_text(heading) + "</h2>\n" + html_table(headings, rows);
}

/// Lines of which `wanted` is true.
template <typename Wanted>
Rows lines_of(const ErasureResult& result, Wanted wanted) {
  Rows rows;
  for (const auto& line : result.lines) {
    if (!wanted(line)) continue;
    rows.push_back({line.set, std::to_string(line.rows), std::string(to_string(line.fate)),
                    reason(line.ground, line.fate),
                    line.ground.until ? iso_text(*line.ground.until) : ""});
  }
  return rows;
}

constexpr const char* not_searched = "Copies elsewhere were not searched for.";

/// What the count that ends the erasure of a whole tenant says, in a sentence or two.
std::string counted_text(const TenantCount& count) {
  auto text = "Counted once all was done: nothing is left in " + std::to_string(count.record_sets) +
              " record sets of the tenant but what is withheld or kept as told above; ";
  const auto others = std::to_string(count.columns) + " other columns that may.";
  if (count.columns == 0)
    text += "no other column may name it.";
  else if (count.found.empty())
    text += "nothing names it in " + others;
  else
    text += "rows name it still in " + std::to_string(count.found.size()) + " of " + others;
  return text;
}

Rows found_rows(const TenantCount& count) {
  Rows rows;
  for (const auto& one : count.found)
    rows.push_back({one.table.text() + "." + one.column, std::to_string(one.rows)});
  return rows;
}

Rows unseen_rows(const TenantCount& count) {
  Rows rows;
  for (const auto& one : count.cannot_see) rows.push_back({one.what, one.reason});
  return rows;
}

std::string html_of_count(const std::optional<TenantCount>& count) {
  if (!count) return std::string("<p>") + not_searched + "</p>\n";
  return "<p>" + counted_text(*count) + "</p>\n" +
         section("Named still", {"Column", "Rows"}, found_rows(*count)) +
         section("Could not be counted", {"Column", "Why"}, unseen_rows(*count));
}

std::string report_of_count(const std::optional<TenantCount>& count) {
  if (!count) return std::string(not_searched) + "\n";
  auto text = counted_text(*count) + "\n";
  TextTable found({{"named still in"}, {"rows", Align::right}});
  for (auto& row : found_rows(*count)) found.add(std::move(row));
  TextTable unseen({{"could not count"}, {"why"}});
  for (auto& row : unseen_rows(*count)) unseen.add(std::move(row));
  if (!found.empty()) text += found.text(2);
  if (!unseen.empty()) text += unseen.text(2);
  return text;
}

std::string html_of(const Certificate& certificate,
                    const std::optional<ResidueStatement>& residue) {
  const std::string heading = "<h2>Copies elsewhere</h2>\n";
  if (certificate.result.whole_tenant) return heading + html_of_count(certificate.facts.counted);
  if (!residue) return heading + "<p>Still to be searched for (pending).</p>\n";
  Rows found;
  for (const auto& one : residue->found)
    found.push_back(
        {one.table + "." + one.column, std::to_string(one.rows), std::to_string(one.redacted)});
  Rows unseen;
  for (const auto& one : residue->cannot_see) unseen.push_back({one.what, one.reason});
  auto html = heading + "<p>Searched for at " + html_text(rfc3339(residue->searched_at)) + " in " +
              std::to_string(residue->tables) + " tables" +
              (found.empty() ? "; nothing of the person was found." : ".") + " Signed with key " +
              html_text(residue->signing_key_id) + ".</p>\n";
  if (!found.empty()) html += html_table({"Found in", "Rows", "Redacted"}, found);
  if (!unseen.empty()) html += html_table({"Could not see", "Why"}, unseen);
  return html;
}

constexpr const char* nothing_stated =
    "Nothing has been stated yet of the objects outside the database.";

std::string html_of_objects(const ErasureResult& result,
                            const std::optional<ObjectsStatement>& stated) {
  Rows objects;
  for (const auto& one : result.objects) objects.push_back({one.store, std::to_string(one.count)});
  auto html = section("Objects outside the database", {"Store", "Objects"}, objects);
  if (html.empty() && !stated) return html;
  if (!stated) return html + "<p>" + nothing_stated + "</p>\n";
  Rows states;
  for (const auto& one : stated->stores)
    states.push_back({one.store, std::to_string(one.deleted), std::to_string(one.not_found),
                      std::to_string(one.failed), std::to_string(one.unreported)});
  return html + "<p>Statement " + std::to_string(stated->number) + " of " +
         html_text(rfc3339(stated->stated_at)) + ", signed with key " +
         html_text(stated->signing_key_id) + ". Open: " + std::to_string(stated->open()) +
         ".</p>\n" +
         html_table({"Store", "Deleted", "Not found", "Failed", "Not reported"}, states);
}

constexpr const char* style = R"(<style>
body { font: 11pt/1.45 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #111; }
h1 { font-size: 1.6em; } h2 { font-size: 1.15em; margin-top: 1.6em; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #bbb; padding: .25em .6em .25em 0; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
</style>)";

}  // namespace

std::string certificate_report(const Certificate& certificate,
                               const CertificateStatements& statements) {
  const auto& [residue, objects] = statements;
  TextTable table({{""}, {""}});
  for (const auto& [name, value] : facts_of(certificate)) table.add({name, value});
  auto text =
      "Certificate of erasure\n\n" + table.text(2) + "\n" + erasure_text(certificate.result) + "\n";
  text += certificate.result.whole_tenant ? report_of_count(certificate.facts.counted)
          : residue                       ? residue_statement_report(*residue)
                    : std::string("Copies elsewhere are still to be searched for (pending).\n");
  if (objects) {
    text += objects_statement_report(*objects);
  } else if (!certificate.result.objects.empty()) {
    text += nothing_stated + std::string("\n");
  }
  return text;
}

std::string certificate_html(const Certificate& certificate,
                             const CertificateStatements& statements) {
  const auto& result = certificate.result;
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n<title>Certificate of erasure " +
      html_text(result.id) + "</title>\n" + style + "\n</head>\n<body>\n" +
      "<h1>Certificate of erasure</h1>\n";
  Rows facts;
  for (const auto& [name, value] : facts_of(certificate)) facts.push_back({name, value});
  html += html_table({"", ""}, facts);
  const std::vector<std::string> headings{"Record set", "Rows", "Action", "Why", "Until"};
  html += section("Erased", headings, lines_of(result, [](const ErasureLine& line) {
                    return line.fate != RowFate::keep && !withholds(line.ground.cause);
                  }));
  html += section("Withheld", headings, lines_of(result, [](const ErasureLine& line) {
                    return withholds(line.ground.cause);
                  }));
  html += section("Kept for others, or as a record", headings,
                  lines_of(result, [](const ErasureLine& line) {
                    return line.fate == RowFate::keep && !withholds(line.ground.cause);
                  }));
  html += html_of_objects(result, statements.objects);
  Rows recipients;
  for (const auto& one : result.recipients)
    recipients.push_back({one.name, one.purpose, one.clause});
  html += section("Recipients to be notified (Art. 19 GDPR)", {"Recipient", "Purpose", "Clause"},
                  recipients);
  html += "<h2>Backups</h2>\n<p>" +
          (result.backups_until ? "Rotated by " + iso_text(*result.backups_until) + "."
                                : std::string("When they are rotated is not stated.")) +
          "</p>\n" + html_of(certificate, statements.residue) +
          "<h2>Proof</h2>\n<p>This page shows a signed certificate; what is signed is the "
          "certificate's own file, which the public key and <code>openssl</code> verify: "
          "<code>openssl pkeyutl -verify -rawin -pubin -inkey KEY.pub -in FILE -sigfile "
          "FILE.sig</code>. It names nobody. What was stated since is in signed files of "
          "their own.</p>\n</body>\n</html>\n";
  return html;
}

}  // namespace dsar::formats
