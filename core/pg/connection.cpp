#include "core/pg/connection.hpp"

#include <libpq-fe.h>

#include <pqxx/pqxx>

#include "core/pg/open.hpp"
#include "core/pg/server_error.hpp"

// The only file that knows libpqxx, and the only one that knows that 6.x and 7.x differ.
#if PQXX_VERSION_MAJOR < 6 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR < 8)
#error "libpqxx 6.4, or 7.8 and later"
#endif

#if PQXX_VERSION_MAJOR < 7
// libpqxx 6 never frees the result that tells it of a lost connection: nothing that we can do, and
// without effect unless the leak checker runs.
// NOLINTBEGIN(bugprone-reserved-identifier): the checker's names
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libpqxx-6";
}
extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() {
  return "print_suppressions=0";
}
// NOLINTEND(bugprone-reserved-identifier)
#endif

namespace dsar::pg {
namespace {

#if PQXX_VERSION_MAJOR < 7

/// Hands a connection that is open already to libpqxx 6.
class GivenConnection : public pqxx::connectionpolicy {
 public:
  explicit GivenConnection(RawConnection raw) : connectionpolicy(""), raw_(std::move(raw)) {}
  handle do_startconnect(handle given) override {
    return given != nullptr ? given : raw_.release();  // asked for twice
  }

 private:
  RawConnection raw_;
};

class Session : private GivenConnection, public pqxx::connection_base {
 public:
  explicit Session(RawConnection raw)
      : GivenConnection(std::move(raw)), connection_base(static_cast<connectionpolicy&>(*this)) {
    init();
    // Or else it would reconnect silently, and without its transaction's settings.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    inhibit_reactivation(true);
#pragma GCC diagnostic pop
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() noexcept override {
    close();
  }
};

pqxx::result run(pqxx::nontransaction& tx, const std::string& sql, const Params& params) {
  const auto pointers = param_pointers(params);
  return tx.exec_params(sql, pqxx::prepare::make_dynamic_params(pointers));
}

#else

class Session : public pqxx::connection {
 public:
  explicit Session(RawConnection raw) : connection(seize_raw_connection(raw.release())) {}
};

pqxx::result run(pqxx::nontransaction& tx, const std::string& sql, const Params& params) {
  static_cast<void>(param_pointers(params));  // refuses a NUL
  pqxx::params bound;
  for (const auto& value : params) {
    if (value) {
      bound.append(*value);
    } else {
      bound.append();
    }
  }
#if PQXX_VERSION_MAJOR > 7 || PQXX_VERSION_MINOR >= 9
  return tx.exec(sql, bound);
#else
  return tx.exec_params(sql, bound);
#endif
}

#endif

class PqxxResult : public Result {
 public:
  explicit PqxxResult(const pqxx::result& result) : result_(result) {}

  [[nodiscard]] std::size_t rows() const override {
    return static_cast<std::size_t>(result_.size());
  }
  [[nodiscard]] std::size_t affected() const override {
    return static_cast<std::size_t>(result_.affected_rows());
  }
  [[nodiscard]] std::optional<std::string_view> at(std::size_t row,
                                                   std::size_t column) const override {
    const auto field = result_[static_cast<pqxx::result::size_type>(row)]
                              [static_cast<pqxx::row::size_type>(column)];
    if (field.is_null()) return std::nullopt;
    return std::string_view(field.c_str(), static_cast<std::size_t>(field.size()));
  }

 private:
  pqxx::result result_;
};

/// The primary message out of the text that libpqxx keeps: `ERROR:  words at character 7`.
std::string_view primary_message(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  if (const auto severity = text.find(":  "); severity != std::string_view::npos) {
    text.remove_prefix(severity + 3);
  }
  return text.substr(0, text.rfind(" at character "));
}

}  // namespace

struct Connection::Impl {
  explicit Impl(RawConnection opened) : raw(opened.get()), session(std::move(opened)) {
    PQsetErrorVerbosity(raw, PQERRORS_TERSE);  // DETAIL shows rows
    PQsetNoticeReceiver(
        raw, [](void*, const PGresult*) {}, nullptr);  // a trigger's notice may show one too
  }

  pg_conn* raw;
  Session session;
};

Connection::Connection(const std::string& conninfo)
    : impl_(std::make_unique<Impl>(open_connection(conninfo))) {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

pg_conn* Connection::raw() const noexcept {
  return impl_->raw;
}

std::unique_ptr<Result> Connection::exec(std::string_view sql, const Params& params) {
  const std::string text(sql);
  try {
    pqxx::nontransaction tx(impl_->session);
    return std::make_unique<PqxxResult>(params.empty() ? tx.exec(text) : run(tx, text, params));
  } catch (const pqxx::insufficient_privilege& e) {  // libpqxx 6 forgets the states of these
    throw_server_error(impl_->raw, "42501", primary_message(e.what()));
  } catch (const pqxx::serialization_failure&) {
    throw_server_error(impl_->raw, "40001", {});
  } catch (const pqxx::deadlock_detected&) {
    throw_server_error(impl_->raw, "40P01", {});
  } catch (const pqxx::transaction_rollback&) {
    throw_server_error(impl_->raw, "40000", {});
  } catch (const pqxx::sql_error& e) {
    throw_server_error(impl_->raw, e.sqlstate(), primary_message(e.what()));
  } catch (const pqxx::too_many_connections& e) {
    throw_server_error(impl_->raw, "53300", primary_message(e.what()));
  } catch (const pqxx::broken_connection& e) {  // or, still connected, a protocol violation
    throw_server_error(impl_->raw, "08P01", primary_message(e.what()));
  } catch (const pqxx::failure&) {
    if (is_lost(impl_->raw)) throw_lost(impl_->raw);
    throw;
  }
}

}  // namespace dsar::pg
