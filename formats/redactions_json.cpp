#include "formats/redactions_json.hpp"

#include <cstdint>
#include <string_view>

#include "formats/json_row.hpp"
#include "formats/redacted_rows.hpp"

namespace dsar::formats {
namespace {

/// One line of a list: an object in the making.
class Item {
 public:
  void add(std::string_view name, std::string_view text) {
    begin(name);
    append_json_string(json_, text);
  }
  void add(std::string_view name, std::uint64_t number) {
    begin(name);
    json_ += std::to_string(number);
  }
  [[nodiscard]] std::string json() const { return json_ + "}"; }

 private:
  void begin(std::string_view name) {
    json_ += json_.empty() ? "{" : ", ";
    append_json_string(json_, name);
    json_ += ": ";
  }
  std::string json_;
};

Item item_of(const RedactedColumn& column) {
  Item item;
  item.add("column", column.set + "." + column.column);
  if (!column.path.empty()) item.add("path", column.path);
  return item;
}

void append_list(std::string& out, std::string_view name, const std::vector<Item>& items) {
  out.append(",\n  \"").append(name).append("\": [");
  for (std::size_t i = 0; i < items.size(); ++i) {
    out.append(i == 0 ? "\n    " : ",\n    ").append(items[i].json());
  }
  out += items.empty() ? "]" : "\n  ]";
}

std::vector<Item> third_parties(const RedactionLog& log) {
  std::vector<Item> items;
  for (const auto& column : log.columns()) {
    if (column.third_party == 0) continue;
    auto item = item_of(column);
    item.add("values", column.third_party);
    item.add("labels", std::uint64_t{column.labels});
    item.add("reason", "says who somebody else is: rights and freedoms of others, Art. 15(4) GDPR");
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<Item> labels(const Labels& labels) {
  std::vector<Item> items;
  for (const auto& [word, people] : labels.people()) {
    Item item;
    item.add("label", word);
    item.add("people", std::uint64_t{people});
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<Item> withheld(const RedactionLog& log) {
  std::vector<Item> items;
  for (const auto& column : log.columns()) {
    if (column.withheld == 0) continue;
    auto item = item_of(column);
    item.add("values", column.withheld);
    item.add("shown_as", withheld_value);
    item.add("reason",
             "cannot be read (bytes, or not the JSON that it should be), so what it says of others "
             "or of secrets cannot be taken out: Art. 15(4) GDPR");
    items.push_back(std::move(item));
  }
  return items;
}

void append_omissions(std::vector<Item>& items, std::string_view name,
                      const std::vector<Omission>& omissions) {
  for (const auto& omission : omissions) {
    Item item;
    item.add(name, omission.what);
    item.add("reason", omission.reason);
    items.push_back(std::move(item));
  }
}

std::vector<Item> secrets(const std::vector<SetSelection>& selections, const RedactionLog& log) {
  std::vector<Item> items;
  for (const auto& selection : selections) append_omissions(items, "column", selection.secrets);
  for (const auto& column : log.columns()) {
    if (column.secrets == 0) continue;
    auto item = item_of(column);
    item.add("values", column.secrets);
    item.add("reason", "a secret inside JSON, such as a token");
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace

std::string redactions_json(const std::vector<SetSelection>& selections, const Redactor& redactor) {
  std::vector<Item> unclassified;
  std::vector<Item> cannot_see;
  for (const auto& selection : selections) {
    append_omissions(unclassified, "column", selection.unclassified);
    append_omissions(cannot_see, "what", selection.cannot_see);
  }
  const auto& log = redactor.log();
  std::string out = "{\n  \"schema\": \"dsarctl-redactions\",\n  \"version\": 1";
  append_list(out, "third_parties", third_parties(log));
  append_list(out, "labels", labels(redactor.labels()));
  append_list(out, "withheld", withheld(log));
  append_list(out, "secrets", secrets(selections, log));
  append_list(out, "unclassified", unclassified);
  append_list(out, "cannot_see", cannot_see);
  out += "\n}\n";
  return out;
}

}  // namespace dsar::formats
