#include "cmd/ledger_places.hpp"

#include <map>
#include <utility>

#include "cmd/ledger_record.hpp"
#include "core/crypto/hmac.hpp"
#include "core/pg/column_texts.hpp"

namespace dsar::cmd {

std::vector<LedgerPlace> ledger_places(const Context& context, const Rectification& done) {
  std::vector<LedgerPlace> places;
  if (context.globals.ledger.empty()) return places;
  HmacSha256 mac(required_ledger_key(context));
  // What was written several times holds the last of it.
  std::map<std::pair<std::string, std::string>, LedgerPlace> last;
  for (const auto& one : done.written) {
    if (one.key.empty()) continue;
    LedgerPlace place{one.set, ledger_key_hash(mac, one.set, one.key), one.column, {}};
    place.value = ledger_value_hash(mac, place, one.text);
    auto address = std::pair(place.column, place.key);
    last.insert_or_assign(std::move(address), std::move(place));
  }
  for (auto& [address, place] : last) places.push_back(std::move(place));
  return places;
}

ComparedPlaces compare_places(Reading& reading, const std::string& key, const LedgerEntry& entry) {
  std::map<std::pair<std::string, std::string>, std::map<std::string, const LedgerPlace*>> columns;
  for (const auto& place : entry.places) columns[{place.set, place.column}][place.key] = &place;
  ComparedPlaces compared;
  HmacSha256 mac(key);
  for (auto& [column, places] : columns) {
    auto& left = places;
    const auto set = find_set(reading.map, column.first);
    if (set.set != nullptr) {
      pg::column_texts(reading.connection, reading.catalogue, set, column.second,
                       [&](const std::vector<std::string>& row_key, const std::string& text) {
                         const auto found = left.find(ledger_key_hash(mac, set.set->name, row_key));
                         if (found == left.end()) return;
                         const auto& place = *found->second;
                         const bool right = ledger_value_hash(mac, place, text) == place.value;
                         ++(right ? compared.right : compared.wrong);
                         left.erase(found);
                       });
    }
    compared.gone += left.size();
  }
  return compared;
}

}  // namespace dsar::cmd
