#include "formats/rendered_source.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace {

class Parts final : public dsar::formats::RenderedSource {
 public:
  explicit Parts(std::vector<std::string> parts) : parts_(std::move(parts)) {}

 private:
  bool render(std::string& out) override {
    if (at_ == parts_.size()) return false;
    out += parts_[at_++];
    return true;
  }

  std::vector<std::string> parts_;
  std::size_t at_ = 0;
};

}  // namespace

TEST_CASE("rendered parts are read as one text, whatever their size and the reader's") {
  const std::vector<std::string> parts = {"",  "a", std::string(9'000'000, 'b'), "",
                                          "c", "",  std::string(300'000, 'd'),   ""};
  std::string whole;
  for (const std::string& part : parts) whole += part;
  for (const std::size_t size : {std::size_t{7'777}, std::size_t{262'144}, whole.size() * 2}) {
    Parts source(parts);
    std::string read;
    std::string piece(size, '\0');
    while (const std::size_t length = source.read(piece.data(), size)) {
      read.append(piece, 0, length);
    }
    CHECK(read == whole);
    CHECK(source.read(piece.data(), size) == 0);
  }
}

TEST_CASE("nothing rendered is nothing read") {
  Parts source({"", ""});
  char byte = 0;
  CHECK(source.read(&byte, 1) == 0);
}
