#include "core/pg/cancel_on_stop.hpp"

#include <libpq-fe.h>

#include <array>

namespace dsar::pg {

namespace {

struct FreeCancel {
  void operator()(PGcancel* cancel) const noexcept { PQfreeCancel(cancel); }
};

/// Sends the request over a connection of its own, so any thread may call it.
struct Cancel {
  std::unique_ptr<PGcancel, FreeCancel> handle;

  void operator()() const noexcept {
    std::array<char, 256> message{};
    if (handle) PQcancel(handle.get(), message.data(), static_cast<int>(message.size()));
  }
};

}  // namespace

struct CancelOnStop::Impl {
  Impl(pg_conn* connection, const std::stop_token& stop)
      // The handle is made now: later the connection belongs to the thread that uses it.
      : callback(stop, Cancel{decltype(Cancel::handle)(PQgetCancel(connection))}) {}

  std::stop_callback<Cancel> callback;
};

CancelOnStop::CancelOnStop(const Connection& connection, const std::stop_token& stop)
    : impl_(std::make_unique<Impl>(connection.raw(), stop)) {}

CancelOnStop::~CancelOnStop() = default;

}  // namespace dsar::pg
