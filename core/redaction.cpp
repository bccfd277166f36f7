#include "core/redaction.hpp"

#include <algorithm>

#include "core/identity.hpp"

namespace dsar {
namespace {

constexpr std::string_view email_person = "email";
constexpr std::string_view phone_person = "phone";

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool is_email(const IdentityKind& kind) {
  return kind.name == "email" || kind.category.starts_with("user.contact.email");
}

bool is_phone(const IdentityKind& kind) {
  return kind.normalisation == Normalisation::phone ||
         kind.category.starts_with("user.contact.phone");
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// `Ada <ada@example.com>` and `mailto:ada@example.com` without what is around the address.
std::string_view mailbox(std::string_view value) {
  constexpr std::string_view scheme = "mailto:";
  value = trimmed(value);
  if (value.size() > scheme.size() && std::equal(scheme.begin(), scheme.end(), value.begin(),
                                                 [](char a, char b) { return a == lower(b); }))
    value.remove_prefix(scheme.size());
  if (!value.ends_with('>')) return value;
  const auto open = value.rfind('<');
  return open == std::string_view::npos ? value : value.substr(open + 1, value.size() - open - 2);
}

bool is_prose(std::string_view value) {
  value = trimmed(value);
  return value.find_first_of(" \t\r\n") != std::string_view::npos &&
         std::any_of(value.begin(), value.end(), is_letter);
}

bool is_list(std::string_view value) {
  return value.find_first_of(",;") != std::string_view::npos &&
         std::count(value.begin(), value.end(), '@') > 1;
}

/// Where the item of a list that begins at `begin` ends: at a comma or semicolon that is not
/// quoted.
std::size_t item_end(std::string_view list, std::size_t begin) {
  bool quoted = false;
  for (auto at = begin; at < list.size(); ++at) {
    if (list[at] == '"') quoted = !quoted;
    if (!quoted && (list[at] == ',' || list[at] == ';')) return at;
  }
  return list.size();
}

void append_lower(std::string& out, std::string_view text) {
  std::transform(text.begin(), text.end(), std::back_inserter(out), lower);
}

void append_digits(std::string& out, std::string_view text) {
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), is_digit);
}

/// With a plus sign in front no region is needed: this one is never looked at.
const IdentityKind& international_phone() {
  static const IdentityKind kind = [] {
    IdentityKind phone;
    phone.normalisation = Normalisation::phone;
    phone.region = "GB";
    return phone;
  }();
  return kind;
}

}  // namespace

Redactor::Redactor(const DataMap& map, const SubjectKeys& keys,
                   const std::vector<HeldIdentity>& own)
    : map_(map) {
  for (const auto& [set, rows] : keys) {
    const auto ref = find_set(map, set);
    if (ref.table == nullptr) continue;
    for (const auto& key : rows) {
      if (key.size() == 1) own_keys_[ref.table->name].insert(key.front());
    }
  }
  for (const auto& identity : own) {
    const auto* kind = find_identity(map, identity.kind);
    for (const auto* value : {&identity.value, &identity.written}) {
      if (kind != nullptr) {
        name_by_identity(*kind, *value);
        if (!person_.ends_with('\0')) own_.insert(person_);
      }
      // A login name or an account may be an address too.
      if (value->find('@') == std::string::npos) continue;
      name_by_address(AddressKind::email, mailbox(*value));
      own_.insert(person_);
    }
  }
}

PartyRule Redactor::prepare(const ThirdParty& party) const {
  PartyRule rule;
  rule.word = party.label;
  rule.text = party.text;
  if (!party.identity.empty()) rule.kind = find_identity(map_, party.identity);
  if (!party.set.empty()) {
    static const std::set<std::string, std::less<>> none;
    const auto ref = find_set(map_, party.set);
    rule.own_keys = &none;
    if (ref.table != nullptr) {
      rule.table = ref.table->name.text();
      const auto own = own_keys_.find(ref.table->name);
      if (own != own_keys_.end()) rule.own_keys = &own->second;
    }
  }
  return rule;
}

/// Addresses and numbers are named alike whichever kind of identity and whichever text they are in.
void Redactor::name_by_identity(const IdentityKind& kind, std::string_view value) {
  if (is_email(kind)) return name_by_address(AddressKind::email, mailbox(value));
  if (is_phone(kind)) {
    const bool normal = kind.normalisation == Normalisation::phone;
    person_.assign(phone_person).append(1, '\0');
    append_digits(person_, normal ? std::string_view(normalise(kind, value)) : value);
    return;
  }
  person_.assign(kind.name).append(1, '\0').append(normalise(kind, value));
}

void Redactor::name_by_address(AddressKind kind, std::string_view address) {
  if (kind == AddressKind::email) {
    person_.assign(email_person).append(1, '\0');
    append_lower(person_, address);
  } else {
    name_by_identity(international_phone(), address);
  }
}

WholeVerdict Redactor::whole(const PartyRule& rule, std::string_view value) {
  if (trimmed(value).empty()) return {};
  if (rule.own_keys != nullptr && rule.own_keys->contains(value)) return {};
  if (rule.kind != nullptr) {
    name_by_identity(*rule.kind, value);
    if (is_own()) return {};
  }
  if (rule.text && is_prose(value)) return {WholeVerdict::Kind::text, {}};
  if (rule.kind != nullptr && is_email(*rule.kind) && is_list(value))
    return {WholeVerdict::Kind::list, {}};
  // What may be a key or an identity is a key, unless it has the sign of an address.
  if (rule.own_keys != nullptr &&
      (rule.kind == nullptr || value.find('@') == std::string_view::npos))
    person_.assign(rule.table).append(1, '\0').append(value);
  return {WholeVerdict::Kind::labelled, labels_.label(rule.word, person_)};
}

bool Redactor::is_own(const FoundAddress& address) {
  const std::string_view text = form_.text();
  const auto is_own_part = [&](AddressKind kind, std::size_t begin, std::size_t end) {
    name_by_address(kind, text.substr(begin, end - begin));
    return is_own();
  };
  if (is_own_part(address.kind, address.begin, address.end)) return true;
  const bool phone = address.kind == AddressKind::phone;
  for (const auto other : address.alternatives) {
    if (phone ? is_own_part(address.kind, address.begin, other)
              : is_own_part(address.kind, other, address.end))
      return true;
  }
  if (phone) return false;
  // Messengers make addresses of phone numbers: 447700900123@s.whatsapp.net
  const auto at = text.find('@', address.begin);
  const auto local = text.substr(address.begin, at - address.begin);
  if (local.find_first_not_of("0123456789", local.starts_with('+') ? 1 : 0) !=
      std::string_view::npos)
    return false;
  person_.assign(phone_person).append(1, '\0');
  append_digits(person_, local);
  return is_own();
}

Redaction Redactor::labelled(const PartyRule& rule, const FoundAddress& address) {
  const std::string_view text = form_.text();
  auto end = address.end;
  name_by_address(address.kind, text.substr(address.begin, end - address.begin));
  if (!labels_.knows(rule.word, person_)) {
    // Of what it may be instead, somebody who has been met before is the likeliest.
    const auto whole = person_;
    for (const auto other : address.alternatives) {
      const bool phone = address.kind == AddressKind::phone;
      const auto from = phone ? address.begin : other;
      const auto to = phone ? other : address.end;
      name_by_address(address.kind, text.substr(from, to - from));
      if (labels_.knows(rule.word, person_)) {
        end = to;
        break;
      }
      person_ = whole;
    }
  }
  return {form_.begin_of(address.begin), form_.end_of(end - 1), labels_.label(rule.word, person_)};
}

const std::vector<Redaction>& Redactor::inside(const PartyRule& rule, std::string_view text) {
  redactions_.clear();
  if (!may_hold_address(text)) return redactions_;
  form_.assign(text);
  find_addresses(form_.text(), found_);
  for (const auto& address : found_) {
    if (!is_own(address)) redactions_.push_back(labelled(rule, address));
  }
  return redactions_;
}

const std::vector<Redaction>& Redactor::in_list(const PartyRule& rule, std::string_view text) {
  redactions_.clear();
  form_.assign(text);
  const std::string_view list = form_.text();
  for (std::size_t at = 0; at < list.size();) {
    const auto next = item_end(list, at);
    const auto item = trimmed(list.substr(at, next - at));
    at = next + 1;
    if (item.empty()) continue;
    name_by_address(AddressKind::email, mailbox(item));
    if (is_own()) continue;
    const auto begin = static_cast<std::size_t>(item.data() - list.data());
    redactions_.push_back({form_.begin_of(begin), form_.end_of(begin + item.size() - 1),
                           labels_.label(rule.word, person_)});
  }
  return redactions_;
}

}  // namespace dsar
