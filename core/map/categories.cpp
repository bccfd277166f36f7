#include "core/map/categories.hpp"

#include <algorithm>

#include "core/suggest.hpp"

namespace dsar {

const std::vector<std::string_view>& known_categories() {
  static const std::vector<std::string_view> names{
      "system",
      "system.authentication",
      "system.operations",
      "user",
      "user.account",
      "user.account.settings",
      "user.account.username",
      "user.authorization",
      "user.authorization.biometric",
      "user.authorization.credentials",
      "user.authorization.password",
      "user.behavior",
      "user.behavior.browsing_history",
      "user.behavior.media_consumption",
      "user.behavior.purchase_history",
      "user.behavior.search_history",
      "user.biometric",
      "user.biometric.fingerprint",
      "user.biometric.health",
      "user.biometric.retinal",
      "user.biometric.voice",
      "user.childrens",
      "user.contact",
      "user.contact.address",
      "user.contact.address.city",
      "user.contact.address.country",
      "user.contact.address.postal_code",
      "user.contact.address.state",
      "user.contact.address.street",
      "user.contact.email",
      "user.contact.fax_number",
      "user.contact.organization",
      "user.contact.phone_number",
      "user.contact.url",
      "user.content",
      "user.content.private",
      "user.content.public",
      "user.content.self_image",
      "user.criminal_history",
      "user.demographic",
      "user.demographic.age_range",
      "user.demographic.date_of_birth",
      "user.demographic.gender",
      "user.demographic.language",
      "user.demographic.marital_status",
      "user.demographic.political_opinion",
      "user.demographic.profile",
      "user.demographic.race_ethnicity",
      "user.demographic.religious_belief",
      "user.demographic.sexual_orientation",
      "user.device",
      "user.device.cookie",
      "user.device.cookie_id",
      "user.device.device_id",
      "user.device.ip_address",
      "user.financial",
      "user.financial.bank_account",
      "user.financial.credit_card",
      "user.government_id",
      "user.government_id.birth_certificate",
      "user.government_id.drivers_license_number",
      "user.government_id.immigration",
      "user.government_id.national_identification_number",
      "user.government_id.passport_number",
      "user.government_id.vehicle_registration",
      "user.health_and_medical",
      "user.health_and_medical.genetic",
      "user.health_and_medical.insurance_beneficiary_id",
      "user.health_and_medical.record_id",
      "user.job_title",
      "user.location",
      "user.location.imprecise",
      "user.location.precise",
      "user.name",
      "user.name.first",
      "user.name.last",
      "user.payment",
      "user.privacy_preferences",
      "user.sensor",
      "user.social",
      "user.telemetry",
      "user.unique_id",
      "user.unique_id.pseudonymous",
      "user.user_sensor",
      "user.workplace",
  };
  return names;
}

bool is_category_name(std::string_view name) {
  bool starts = true;  // of a word
  for (const char letter : name) {
    const bool letter_or_digit =
        (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (!letter_or_digit && (starts || (letter != '.' && letter != '_'))) return false;
    starts = letter == '.';
  }
  return !starts;
}

bool is_known_category(std::string_view name) {
  if (!is_category_name(name)) return false;
  const auto& names = known_categories();
  const auto known = [&](std::string_view wanted) {
    return std::binary_search(names.begin(), names.end(), wanted);
  };
  if (known(name)) return true;
  for (const std::string_view each : names) {
    constexpr std::size_t slip = 2;
    const std::size_t longer = std::max(each.size(), name.size());
    const std::size_t shorter = std::min(each.size(), name.size());
    if (longer - shorter <= slip && edit_distance(each, name) <= slip) return false;
  }
  for (std::size_t dot = name.rfind('.'); dot != std::string_view::npos;
       dot = name.rfind('.', dot - 1)) {
    const std::string_view stem = name.substr(0, dot);
    if (stem.find('.') != std::string_view::npos && known(stem)) return true;
  }
  return false;
}

}  // namespace dsar
