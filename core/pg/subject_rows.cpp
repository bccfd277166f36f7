#include "core/pg/subject_rows.hpp"

#include "core/pg/row_stream.hpp"

namespace dsar::pg {
namespace {

/// The object lists of all sets, one after the other.
class ObjectRows : public RowSource {
 public:
  ObjectRows(Connection& connection, const ReachContext& context,
             const std::vector<SetSelection>& selections)
      : connection_(connection) {
    for (const auto& selection : selections) {
      if (selection.paths.empty()) continue;
      for (auto& statement : object_statements(context, selection))
        pending_.push_back({selection.set.set->name, std::move(statement)});
    }
  }

  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }

  bool next(std::vector<std::optional<std::string_view>>& row) override {
    for (; at_ < pending_.size(); ++at_, current_.reset()) {
      const auto& [set, statement] = pending_[at_];
      if (!current_)
        current_ = stream_rows(connection_, statement.text, statement.params(),
                               {{"store", ValueKind::text}, {"key", ValueKind::text}});
      if (!current_->next(inner_)) continue;
      row = {set, inner_.at(0), inner_.at(1)};
      return true;
    }
    return false;
  }

 private:
  struct Pending {
    std::string set;
    SqlStatement statement;
  };

  Connection& connection_;
  std::vector<Column> columns_{
      {"set", ValueKind::text}, {"store", ValueKind::text}, {"key", ValueKind::text}};
  std::vector<Pending> pending_;
  std::size_t at_ = 0;
  std::unique_ptr<RowSource> current_;
  std::vector<std::optional<std::string_view>> inner_;
};

}  // namespace

std::uint64_t count_rows(Connection& connection, const ReachContext& context,
                         const SetSelection& selection) {
  if (selection.paths.empty()) return 0;
  const auto statement = count_statement(context, selection);
  return std::stoull(connection.exec(statement.text, statement.params())->text(0, 0));
}

std::unique_ptr<RowSource> open_rows(Connection& connection, const ReachContext& context,
                                     const SetSelection& selection) {
  const auto statement = rows_statement(context, selection);
  return stream_rows(connection, statement.text, statement.params(), stream_columns(selection));
}

std::vector<StoredBytes> list_bytes(Connection& connection, const ReachContext& context,
                                    const SetSelection& selection, const std::string& column) {
  const auto statement = bytes_statement(context, selection, column);
  const auto result = connection.exec(statement.text, statement.params());
  const auto parts = selection.key.empty() ? 2 : selection.key.size();
  std::vector<StoredBytes> values;
  values.reserve(result->rows());
  for (std::size_t r = 0; r < result->rows(); ++r) {
    StoredBytes value{std::stoull(result->text(r, 0)), {}};
    for (std::size_t i = 1; i <= parts; ++i) value.address.push_back(result->text(r, i));
    values.push_back(std::move(value));
  }
  return values;
}

std::unique_ptr<ByteSource> open_bytes(Connection& connection, const ReachContext& context,
                                       const SetSelection& selection, const std::string& column,
                                       const StoredBytes& value) {
  auto statement = chunk_statement(context, selection, column, value.address);
  return stream_bytes(connection, std::move(statement.text), statement.params());
}

std::unique_ptr<RowSource> open_objects(Connection& connection, const ReachContext& context,
                                        const std::vector<SetSelection>& selections) {
  return std::make_unique<ObjectRows>(connection, context, selections);
}

}  // namespace dsar::pg
