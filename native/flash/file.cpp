#include "flash/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace cairn::flash {

File::File(const std::string& path) : path_(path) {
  plain_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (plain_ < 0) throw std::runtime_error(path + " can't be read: " + std::strerror(errno));
  struct stat status{};
  if (fstat(plain_, &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
#if defined(O_DIRECT)
  direct_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
  is_direct_ = direct_ >= 0;
#endif
}

File::~File() {
  close(plain_);
  if (direct_ >= 0) close(direct_);
}

std::string File::read(std::uint64_t begin, std::size_t size, std::size_t needed,
                       std::byte* to) const {
  std::size_t got = 0;
  bool direct = is_direct_;
  while (got < needed) {
    const int from = direct ? direct_ : plain_;
    const ssize_t more = pread(from, to + got, size - got, static_cast<off_t>(begin + got));
    if (more > 0) {
      got += static_cast<std::size_t>(more);
      direct = direct && got % kPage == 0;
    } else if (more == 0) {
      return path_ + " was cut short";
    } else if (errno == EINVAL && direct) {
      direct = is_direct_ = false;
    } else if (errno != EINTR) {
      return path_ + " can't be read: " + std::strerror(errno);
    }
  }
#if defined(POSIX_FADV_DONTNEED)
  if (!direct) {
    posix_fadvise(plain_, static_cast<off_t>(begin), static_cast<off_t>(size),
                  POSIX_FADV_DONTNEED);
  }
#endif
  return "";
}

}  // namespace cairn::flash
