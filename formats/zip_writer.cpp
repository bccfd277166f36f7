#include "formats/zip_writer.hpp"

#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <exception>
#include <optional>
#include <utility>

#include "core/error.hpp"

namespace dsar::formats {
namespace {

/// libzip is C: no exception may cross it. The first is kept and thrown again outside.
struct Failure {
  std::exception_ptr exception;
};

/// Calls `act` and gives its result to libzip, or -1 with the exception kept.
template <class Act>
zip_int64_t guarded(Failure& failure, zip_error_t& error, Act act) {
  try {
    return act();
  } catch (...) {
    if (!failure.exception) failure.exception = std::current_exception();
    zip_error_set(&error, ZIP_ER_CANCELLED, 0);
    return -1;
  }
}

/// An entry's content as libzip pulls it: deflated already, size and checksum told at the end.
class EntrySource {
 public:
  EntrySource(const ZipEntry& entry, BlockDeflater& deflater, const ZipOptions& options,
              Failure& failure)
      : entry_(entry), deflater_(deflater), options_(options), failure_(failure) {
    zip_error_init(&error_);
  }

  static zip_int64_t callback(void* self, void* data, zip_uint64_t size, zip_source_cmd_t command) {
    auto& source = *static_cast<EntrySource*>(self);
    return guarded(source.failure_, source.error_,
                   [&] { return source.answer(data, size, command); });
  }

 private:
  zip_int64_t answer(void* data, zip_uint64_t size, zip_source_cmd_t command) {
    // libzip's own enum has more commands in later versions; all but these are declined.
    switch (static_cast<int>(command)) {
      case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_READABLE;
      case ZIP_SOURCE_OPEN:
        content_ = entry_.open();
        stream_ =
            std::make_unique<DeflateStream>(*content_, deflater_, options_.deflate, options_.stop);
        return 0;
      case ZIP_SOURCE_READ:
        return read(static_cast<unsigned char*>(data), size);
      case ZIP_SOURCE_CLOSE:
        stream_.reset();
        content_.reset();
        return 0;
      case ZIP_SOURCE_STAT:
        return stat(*static_cast<zip_stat_t*>(data));
      case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&error_, data, size);
      case ZIP_SOURCE_FREE:
        return 0;
      default:
        zip_error_set(&error_, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
  }

  zip_int64_t read(unsigned char* out, std::size_t size) {
    if (options_.stop.stop_requested()) throw Error(ExitCode::interrupted, "interrupted");
    std::size_t length = 0;
    while (length < size && !size_and_crc_) {
      if (piece_.empty()) {
        piece_ = stream_->next();
        if (piece_.empty()) {
          const ContentTotals& totals = stream_->totals();
          size_and_crc_ = {totals.bytes, totals.crc32};
          entry_.done(totals);
        }
      }
      const Bytes part = piece_.first(std::min(piece_.size(), size - length));
      std::copy(part.begin(), part.end(), out + length);
      piece_ = piece_.subspan(part.size());
      length += part.size();
    }
    return static_cast<zip_int64_t>(length);
  }

  /// Without a size at first libzip is ready for more than 4 GiB; with the method given it stores
  /// the bytes as they come.
  zip_int64_t stat(zip_stat_t& stat) const {
    zip_stat_init(&stat);
    stat.valid |= ZIP_STAT_COMP_METHOD;
    stat.comp_method = ZIP_CM_DEFLATE;
    if (size_and_crc_) {
      stat.valid |= ZIP_STAT_SIZE | ZIP_STAT_CRC;
      stat.size = size_and_crc_->first;
      stat.crc = size_and_crc_->second;
    }
    return sizeof stat;
  }

  const ZipEntry& entry_;
  BlockDeflater& deflater_;
  const ZipOptions& options_;
  Failure& failure_;
  zip_error_t error_{};
  std::unique_ptr<ByteSource> content_;
  std::unique_ptr<DeflateStream> stream_;
  Bytes piece_;
  std::optional<std::pair<std::uint64_t, std::uint32_t>> size_and_crc_;  ///< known at the end
};

/// The file as libzip writes to it. There is nothing to read in it, and it is not libzip's to
/// commit.
class FileTarget {
 public:
  FileTarget(SafeFile& file, Failure& failure) : file_(file), failure_(failure) {
    zip_error_init(&error_);
  }

  static zip_int64_t callback(void* self, void* data, zip_uint64_t size, zip_source_cmd_t command) {
    auto& target = *static_cast<FileTarget*>(self);
    return guarded(target.failure_, target.error_,
                   [&] { return target.answer(data, size, command); });
  }

 private:
  zip_int64_t answer(void* data, zip_uint64_t size, zip_source_cmd_t command) {
    switch (static_cast<int>(command)) {
      case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_WRITABLE;
      case ZIP_SOURCE_BEGIN_WRITE:
      case ZIP_SOURCE_COMMIT_WRITE:
      case ZIP_SOURCE_ROLLBACK_WRITE:
      case ZIP_SOURCE_REMOVE:
      case ZIP_SOURCE_FREE:
        return 0;
      case ZIP_SOURCE_WRITE:
        file_.write({static_cast<const char*>(data), size});
        return static_cast<zip_int64_t>(size);
      case ZIP_SOURCE_SEEK_WRITE:
        return seek(*static_cast<const zip_source_args_seek_t*>(data));
      case ZIP_SOURCE_TELL_WRITE:
        return static_cast<zip_int64_t>(file_.position());
      case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&error_, data, size);
      case ZIP_SOURCE_STAT:  // makes libzip start a new archive
        zip_error_set(&error_, ZIP_ER_READ, ENOENT);
        return -1;
      default:
        zip_error_set(&error_, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
  }

  zip_int64_t seek(const zip_source_args_seek_t& args) {
    std::uint64_t base = 0;
    if (args.whence == SEEK_CUR) base = file_.position();
    if (args.whence == SEEK_END || args.offset < -static_cast<zip_int64_t>(base)) {
      zip_error_set(&error_, ZIP_ER_INVAL, 0);
      return -1;
    }
    file_.seek(base + static_cast<std::uint64_t>(args.offset));
    return 0;
  }

  SafeFile& file_;
  Failure& failure_;
  zip_error_t error_{};
};

[[noreturn]] void fail(const char* reason) {
  throw Error(ExitCode::unexpected, std::string("the ZIP could not be written: ") + reason);
}

struct Discard {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

Archive open_archive(FileTarget& target) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source = zip_source_function_create(FileTarget::callback, &target, &error);
  if (source == nullptr) fail(zip_error_strerror(&error));
  Archive archive(zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &error));
  if (!archive) {
    zip_source_free(source);
    fail(zip_error_strerror(&error));
  }
  return archive;
}

struct DosTime {
  zip_uint16_t date;
  zip_uint16_t time;
};

/// ZIP counts from 1980 to 2107 in steps of two seconds.
DosTime dos_time(std::chrono::sys_seconds time) {
  using namespace std::chrono;
  constexpr sys_seconds first = sys_days(year(1980) / 1 / 1);
  constexpr sys_seconds last = sys_days(year(2107) / 12 / 31) + hours(23);
  time = std::clamp(time, first, last);
  const year_month_day day(floor<days>(time));
  const hh_mm_ss clock(time - floor<days>(time));
  const auto years = static_cast<unsigned>(static_cast<int>(day.year()) - 1980);
  const auto hours = static_cast<unsigned>(clock.hours().count());
  const auto minutes = static_cast<unsigned>(clock.minutes().count());
  const auto seconds = static_cast<unsigned>(clock.seconds().count());
  return {static_cast<zip_uint16_t>(years << 9 | static_cast<unsigned>(day.month()) << 5 |
                                    static_cast<unsigned>(day.day())),
          static_cast<zip_uint16_t>(hours << 11 | minutes << 5 | seconds / 2)};
}

void add_entry(zip_t* archive, const std::string& name, EntrySource& content, DosTime time) {
  zip_source_t* const source = zip_source_function(archive, EntrySource::callback, &content);
  if (source == nullptr) fail(zip_strerror(archive));
  const zip_int64_t added = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (added < 0) {
    zip_source_free(source);
    fail(zip_strerror(archive));
  }
  const auto index = static_cast<zip_uint64_t>(added);
  constexpr zip_uint32_t mode = 0100600U << 16;  // an ordinary file, its owner's alone
  if (zip_set_file_compression(archive, index, ZIP_CM_DEFAULT, 0) != 0 ||
      zip_file_set_dostime(archive, index, time.time, time.date, 0) != 0 ||
      zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, mode) != 0) {
    fail(zip_strerror(archive));
  }
}

}  // namespace

void write_zip(SafeFile& file, const std::vector<ZipEntry>& entries, const ZipOptions& options) {
  Failure failure;
  FileTarget target(file, failure);
  const std::unique_ptr<BlockDeflater> deflater = make_block_deflater(options.deflate.engine);
  std::deque<EntrySource> contents;
  Archive archive = open_archive(target);
  for (const ZipEntry& entry : entries) {
    EntrySource& content = contents.emplace_back(entry, *deflater, options, failure);
    add_entry(archive.get(), entry.name, content, dos_time(options.time));
  }
  const bool closed = zip_close(archive.get()) == 0;  // this does all the work
  if (failure.exception) {
    if (closed) static_cast<void>(archive.release());
    std::rethrow_exception(failure.exception);
  }
  if (!closed) fail(zip_strerror(archive.get()));
  static_cast<void>(archive.release());
}

}  // namespace dsar::formats
