#include "formats/redacted_residue.hpp"

#include "formats/json_rewrite.hpp"

namespace dsar::formats {
namespace {

using Redact = std::function<std::optional<std::string>(std::string_view content)>;

class Strings final : public JsonEditor {
 public:
  explicit Strings(const Redact& redact) : redact_(redact) {}

  Answer edit(std::size_t /*rule*/, const Leaf& leaf, std::string& out) override {
    const auto without = redact_(leaf.is_string() ? leaf.content() : leaf.raw);
    if (!without) return Answer::keep;
    out += '"' + *without + '"';
    return Answer::replace;
  }
  void dropped(std::size_t /*rule*/) override {}

 private:
  const Redact& redact_;
};

}  // namespace

std::optional<std::string> redacted_strings(std::string_view json, const Redact& redact) {
  Strings strings(redact);
  std::string out;
  const auto outcome = JsonRewriter({{{}, false}}).rewrite(json, strings, out);
  return outcome == JsonOutcome::rewritten ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace dsar::formats
