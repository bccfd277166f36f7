#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/row_source.hpp"

namespace dsar::test {

/// `count` rows of a few kinds; `before_row` may throw at any of them.
class SyntheticRows : public RowSource {
 public:
  explicit SyntheticRows(std::uint64_t count, std::function<void(std::uint64_t)> before_row = {})
      : count_(count), before_row_(std::move(before_row)) {}

  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }

  bool next(Row& row) override {
    if (at_ == count_) return false;
    if (before_row_) before_row_(at_);
    id_ = std::to_string(++at_);
    body_ = "line " + id_ + " says \"hello\"\n\tand 😀 " + std::to_string(at_ * 2654435761U);
    row = {id_, body_, "2026-03-31 12:00:00+00", "1.10", "t", R"({"a": [1, 2]})", std::nullopt};
    return true;
  }

 private:
  std::vector<Column> columns_ = {
      {"id", ValueKind::number},     {"body", ValueKind::text},    {"at", ValueKind::timestamptz},
      {"amount", ValueKind::number}, {"read", ValueKind::boolean}, {"payload", ValueKind::json},
      {"nothing", ValueKind::text},
  };
  std::uint64_t count_;
  std::function<void(std::uint64_t)> before_row_;
  std::uint64_t at_ = 0;
  std::string id_;
  std::string body_;
};

/// `count` bytes that hardly deflate, the same in every run, in pieces of odd sizes.
class SyntheticBytes final : public ByteSource {
 public:
  explicit SyntheticBytes(std::uint64_t count) : left_(count) {}

  std::size_t read(char* out, std::size_t size) override {
    const auto length =
        static_cast<std::size_t>(std::min<std::uint64_t>({size, left_, 1 + state_ % 200'000}));
    for (std::size_t i = 0; i < length; ++i) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      out[i] = static_cast<char>(state_ >> 56);
    }
    left_ -= length;
    return length;
  }

 private:
  std::uint64_t left_;
  std::uint64_t state_ = 1;
};

}  // namespace dsar::test
