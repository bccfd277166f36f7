#pragma once

#include "core/enum_names.hpp"
#include "core/map/data_map.hpp"

/// The data map's words, as dsarctl-map(5) spells them.
namespace dsar {

template <>
struct EnumNames<Strength> {
  using S = Strength;
  static constexpr std::array table{
      EnumName<S>{S::strong, "strong"},
      EnumName<S>{S::weak, "weak"},
      EnumName<S>{S::record, "record"},
      EnumName<S>{S::hint, "hint"},
  };
};

template <>
struct EnumNames<Normalisation> {
  using N = Normalisation;
  static constexpr std::array table{
      EnumName<N>{N::exact, "exact"},
      EnumName<N>{N::folded, "folded"},
      EnumName<N>{N::phone, "phone"},
      EnumName<N>{N::digits, "digits"},
  };
};

template <>
struct EnumNames<ColumnUse> {
  using C = ColumnUse;
  static constexpr std::array table{
      EnumName<C>{C::personal, "personal"},
      EnumName<C>{C::key, "key"},
      EnumName<C>{C::not_personal, "not_personal"},
      EnumName<C>{C::secret, "secret"},
  };
};

template <>
struct EnumNames<Origin> {
  static constexpr std::array table{
      EnumName<Origin>{Origin::provided, "provided"},
      EnumName<Origin>{Origin::observed, "observed"},
      EnumName<Origin>{Origin::derived, "derived"},
      EnumName<Origin>{Origin::other, "other"},
  };
};

template <>
struct EnumNames<MaskKind> {
  using M = MaskKind;
  static constexpr std::array table{
      EnumName<M>{M::null, "null"},         EnumName<M>{M::literal, "literal"},
      EnumName<M>{M::unique, "unique"},     EnumName<M>{M::keyed_hash, "keyed-hash"},
      EnumName<M>{M::truncate, "truncate"},
  };
};

template <>
struct EnumNames<Encoding> {
  using E = Encoding;
  static constexpr std::array table{
      EnumName<E>{E::plain, "plain"},
      EnumName<E>{E::json, "json"},
      EnumName<E>{E::yaml, "yaml"},
      EnumName<E>{E::html, "html"},
  };
};

template <>
struct EnumNames<Relation> {
  using R = Relation;
  static constexpr std::array table{
      EnumName<R>{R::own, "own"},
      EnumName<R>{R::author, "author"},
      EnumName<R>{R::about, "about"},
      EnumName<R>{R::mentions, "mentions"},
  };
};

template <>
struct EnumNames<EpochUnit> {
  using E = EpochUnit;
  static constexpr std::array table{
      EnumName<E>{E::none, "none"},
      EnumName<E>{E::seconds, "seconds"},
      EnumName<E>{E::milliseconds, "milliseconds"},
  };
};

template <>
struct EnumNames<EraseAction> {
  using E = EraseAction;
  static constexpr std::array table{
      EnumName<E>{E::remove, "delete"},
      EnumName<E>{E::mask, "mask"},
      EnumName<E>{E::repoint, "repoint"},
      EnumName<E>{E::keep, "keep"},
  };
};

template <>
struct EnumNames<SubjectChoice> {
  using S = SubjectChoice;
  static constexpr std::array table{
      EnumName<S>{S::restriction, "restriction"},
      EnumName<S>{S::objection_marketing, "objection-marketing"},
      EnumName<S>{S::opt_out_ai, "opt-out-ai"},
      EnumName<S>{S::opt_out_sale, "opt-out-sale"},
      EnumName<S>{S::consent_withdrawn, "consent-withdrawn"},
      EnumName<S>{S::unsubscribed, "unsubscribed"},
      EnumName<S>{S::parental_consent, "parental-consent"},
      EnumName<S>{S::child_discovered, "child-discovered"},
  };
};

template <>
struct EnumNames<RoleChoice> {
  using R = RoleChoice;
  static constexpr std::array table{
      EnumName<R>{R::policy, "policy"},
      EnumName<R>{R::controller, "controller"},
      EnumName<R>{R::processor, "processor"},
  };
};

}  // namespace dsar
