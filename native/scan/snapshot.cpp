// Rows to a file and back: a header of one unit, then the codes, scales, sketches and names, each
// from a new unit on. Nothing in a file is believed: its size follows from what is expected of it,
// and every byte counts in the checksum. The codes are mapped, the rest is read.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "scan/rows.h"
#include "scan/sketch.h"

namespace cairn::scan {
namespace {

constexpr std::size_t kUnit = 65536;  // a multiple of the size of a page anywhere
constexpr std::uint32_t kFormat = 2;  // to be raised, too, when sketches are made in another way
constexpr std::uint64_t kMostRows = std::uint64_t{1} << 32, kMostNames = std::uint64_t{1} << 38;
constexpr std::array<char, 8> kMagic{'c', 'a', 'i', 'r', 'n', 'r', 'o', 'w'};
constexpr std::size_t kLanes = 8;
constexpr float kMostWidth = 64;

struct Header {
  std::array<char, 8> magic;
  std::uint32_t format, dim;
  std::uint64_t rows, names, state;  // the last two in bytes; the state follows the header
  std::uint64_t checksum;            // of the whole file, with this as zero
  Trial trial;
  std::uint32_t reserved;
};
static_assert(sizeof(Header) == 72);

// Each step can be undone, so no change of a single lane goes unnoticed.
class Checksum {
 public:
  // `size` is a multiple of a unit.
  void add(const std::uint8_t* bytes, std::size_t size) {
    std::array<std::uint64_t, kLanes> words;
    for (std::size_t at = 0; at < size; at += sizeof words) {
      std::memcpy(words.data(), bytes + at, sizeof words);
      for (std::size_t i = 0; i < kLanes; ++i) {
        lanes_[i] = (std::rotl(lanes_[i], 29) ^ words[i]) * kFactor;
      }
    }
  }

  std::uint64_t value() const {
    std::uint64_t all = 0;
    for (const std::uint64_t lane : lanes_) all = (std::rotl(all, 23) ^ lane) * kFactor;
    return all ^ (all >> 29);
  }

 private:
  static constexpr std::uint64_t kFactor = 0x9fb21c651e98df25ULL;

  std::array<std::uint64_t, kLanes> lanes_{1, 2, 3, 4, 5, 6, 7, 8};
};

class File {
 public:
  File(const std::string& path, int flags) : number_(::open(path.c_str(), flags, 0600)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

  // All of it, or an errno.
  int write(const std::uint8_t* bytes, std::size_t size) const {
    while (size != 0) {
      const ssize_t done = ::write(number_, bytes, std::min<std::size_t>(size, 1 << 30));
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return done < 0 ? errno : EIO;
      bytes += done;
      size -= static_cast<std::size_t>(done);
    }
    return 0;
  }

  bool read(std::uint8_t* bytes, std::size_t size, std::uint64_t offset) const {
    while (size != 0) {
      const ssize_t done = ::pread(number_, bytes, std::min<std::size_t>(size, 1 << 30),
                                   static_cast<off_t>(offset));
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return false;
      bytes += done;
      offset += static_cast<std::uint64_t>(done);
      size -= static_cast<std::size_t>(done);
    }
    return true;
  }

 private:
  int number_;
};

std::uint64_t padded(std::uint64_t size) { return (size + kUnit - 1) / kUnit * kUnit; }

[[noreturn]] void fail(int error, const std::string& path) {
  throw std::system_error(error, std::generic_category(), path);
}

bool is_possible(const Trial& trial) {
  return trial.width >= 0 && trial.width <= kMostWidth && trial.found <= trial.wanted;
}

using Piece = std::pair<const std::uint8_t*, std::size_t>;

// Calls take(bytes, size) for all of the pieces, each filled up with zeros to a whole unit.
template <typename Take>
void each_unit(const std::array<Piece, 4>& pieces, Take&& take) {
  std::array<std::uint8_t, kUnit> rest;
  for (const auto& [bytes, size] : pieces) {
    const std::size_t whole = size / kUnit * kUnit;
    if (whole != 0) take(bytes, whole);
    if (whole == size) continue;
    rest.fill(0);
    std::memcpy(rest.data(), bytes + whole, size - whole);
    take(rest.data(), kUnit);
  }
}

}  // namespace

void Rows::save(const std::string& path, const std::string& state, const std::string& names) const {
  const std::shared_lock lock(mutex_);
  if (state.size() > kUnit - sizeof(Header)) fail(EINVAL, path);
  const auto bytes_of = [](const std::string& text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
  };
  const std::array<Piece, 4> pieces{{{codes_.data(), codes_bytes(size_)},
                                     {scales_.data(), size_ * sizeof(float)},
                                     {sketches_.data(), sketches_bytes(size_)},
                                     {bytes_of(names), names.size()}}};
  Header header{kMagic, kFormat, static_cast<std::uint32_t>(dim_), size_, names.size(),
                state.size(), 0, trial_, 0};
  std::array<std::uint8_t, kUnit> first{};
  std::memcpy(first.data() + sizeof header, state.data(), state.size());
  std::memcpy(first.data(), &header, sizeof header);
  Checksum checksum;
  checksum.add(first.data(), first.size());
  each_unit(pieces,
            [&](const std::uint8_t* bytes, std::size_t size) { checksum.add(bytes, size); });
  header.checksum = checksum.value();
  std::memcpy(first.data(), &header, sizeof header);

  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const auto written = [&] {
    const File file(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC);
    if (!file.is_open()) return errno;
    int error = file.write(first.data(), first.size());
    each_unit(pieces, [&](const std::uint8_t* bytes, std::size_t size) {
      if (error == 0) error = file.write(bytes, size);
    });
    if (error == 0 && ::fsync(file.number()) != 0) error = errno;
    return error;
  };
  int error = written();
  if (error == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(fresh.c_str());
    fail(error, path);
  }
}

Rows::Opened Rows::open(const std::string& path, std::size_t dim, const std::string& state) {
  const auto refused = [](const char* why) { return Opened{nullptr, {}, why}; };
  const File file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (!file.is_open()) return refused(errno == ENOENT ? "there is none" : "it can't be read");
  struct stat found {};
  if (::fstat(file.number(), &found) != 0 || !S_ISREG(found.st_mode)) {
    return refused("it is no file");
  }
  std::array<std::uint8_t, kUnit> first;
  if (!file.read(first.data(), first.size(), 0)) return refused("it is cut off");
  Header header;
  std::memcpy(&header, first.data(), sizeof header);
  if (header.magic != kMagic) return refused("it is something else");
  if (header.format != kFormat) return refused("it is of another version");
  if (header.dim != dim) return refused("it holds vectors of another length");
  if (header.rows > kMostRows || header.names > kMostNames ||
      header.state > kUnit - sizeof header || !is_possible(header.trial)) {
    return refused("it is damaged");
  }
  auto rows = std::make_unique<Rows>(dim);
  rows->size_ = header.rows;
  rows->trial_ = header.trial;
  const std::array<std::uint64_t, 4> sizes{rows->codes_bytes(rows->size_),
                                           rows->size_ * sizeof(float),
                                           rows->sketches_bytes(rows->size_), header.names};
  std::uint64_t total = kUnit;
  for (const std::uint64_t size : sizes) total += padded(size);
  if (static_cast<std::uint64_t>(found.st_size) != total) return refused("it is cut off");
  const std::string kept(reinterpret_cast<const char*>(first.data()) + sizeof header,
                         header.state);
  if (kept != state) return refused("it is of another state of the index");

  const std::uint64_t expected = std::exchange(header.checksum, 0);
  std::memcpy(first.data(), &header, sizeof header);
  Checksum checksum;
  checksum.add(first.data(), first.size());
  std::string names(padded(sizes[3]), '\0');
  rows->scales_.reserve(padded(sizes[1]), 0);
  rows->sketches_.reserve(padded(sizes[2]), 0);
  std::vector<std::uint8_t> piece(std::size_t{1} << 20);
  const std::array<std::uint8_t*, 4> targets{nullptr, rows->scales_.data(),
                                             rows->sketches_.data(),
                                             reinterpret_cast<std::uint8_t*>(names.data())};
  std::uint64_t offset = kUnit;
  for (std::size_t part = 0; part < sizes.size(); ++part) {
    const std::uint64_t end = padded(sizes[part]);
    for (std::uint64_t at = 0; at < end; at += piece.size()) {
      const std::size_t size = std::min<std::uint64_t>(piece.size(), end - at);
      std::uint8_t* const target = targets[part] == nullptr ? piece.data() : targets[part] + at;
      if (!file.read(target, size, offset + at)) return refused("it can't be read");
      checksum.add(target, size);
    }
    offset += end;
  }
  if (checksum.value() != expected) return refused("it is damaged");
  rows->codes_.map(file.number(), kUnit, sizes[0]);
  names.resize(header.names);
  return {std::move(rows), std::move(names), {}};
}

}  // namespace cairn::scan
