#include "core/choice.hpp"

namespace dsar {

std::vector<SubjectChoice> written_as(SubjectChoice kind) {
  if (kind == SubjectChoice::objection_marketing) return {kind, SubjectChoice::unsubscribed};
  return {kind};
}

std::string in_words(SubjectChoice kind) {
  switch (kind) {
    case SubjectChoice::restriction:
      return "restriction of processing (Art. 18)";
    case SubjectChoice::objection_marketing:
      return "objection to direct marketing (Art. 21(2))";
    case SubjectChoice::opt_out_ai:
      return "opt-out of AI processing";
    case SubjectChoice::opt_out_sale:
      return "opt-out of sale and sharing";
    case SubjectChoice::consent_withdrawn:
      return "withdrawal of consent (Art. 7(3))";
    case SubjectChoice::unsubscribed:
      return "end of a subscription";
    case SubjectChoice::parental_consent:
      return "a parent's consent, verified (Art. 8)";
    case SubjectChoice::child_discovered:
      return "discovery that the person is a child (Art. 8)";
  }
  return {};
}

}  // namespace dsar
