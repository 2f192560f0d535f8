/* Between a process and the system: counts the calls that change, or read, files below one folder,
   and at a chosen one the process dies, the clock jumps, or the disk is full, broken or slow to take
   all. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { COUNT, KILL, TEAR, FULL, BROKEN, SHORT, UNREADABLE, BEHIND, AHEAD };
enum { PASS, HALF, AFTERWARDS };

static char root[4096];
static size_t root_length;
static atomic_int mode;
static long chosen;
static atomic_long writes, reads, jump;
static const long year = 365 * 86400L;

void fault_arm(const char *folder, int how, long number) {
    strncpy(root, folder, sizeof root - 1);
    root_length = strlen(root);
    chosen = number;
    atomic_store(&writes, 0);
    atomic_store(&reads, 0);
    atomic_store(&mode, how);
}

void fault_disarm(void) {
    atomic_store(&mode, COUNT);
    atomic_store(&jump, 0);
}
long fault_writes(void) { return atomic_load(&writes); }
long fault_reads(void) { return atomic_load(&reads); }

static int begins(const char *path) {
    return root_length && strncmp(path, root, root_length) == 0;
}

static int is_file_below(int descriptor) {
    char link[32] = "/proc/self/fd/", path[4096];
    int at = 14, digits = 1, saved = errno;
    if (!root_length || descriptor < 0) return 0;
    for (int rest = descriptor; rest >= 10; rest /= 10) digits++;
    link[at + digits] = 0;
    for (int rest = descriptor; digits-- > 0; rest /= 10) link[at + digits] = '0' + rest % 10;
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    errno = saved;
    if (length <= 0) return 0;
    path[length] = 0;
    return begins(path);
}

static int is_below(int folder, const char *path) {
    if (!path) return 0;
    return path[0] == '/' ? begins(path) : folder != AT_FDCWD && is_file_below(folder);
}

static void die(void) {
    for (;;) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

/* What is to become of this call; -1 with errno set if it fails. */
static int decide(int is_write, int needs_room) {
    long number = atomic_fetch_add(&writes, 1) + 1;
    switch (atomic_load(&mode)) {
    case KILL:
        if (number == chosen) die();
        break;
    case TEAR:
        if (number == chosen) return is_write ? HALF : AFTERWARDS;
        break;
    case FULL:
        if (number >= chosen && needs_room) return errno = ENOSPC, -1;
        break;
    case BROKEN:
        if (number == chosen) return errno = EIO, -1;
        break;
    case SHORT:
        if (number >= chosen && is_write) return HALF;
        break;
    case BEHIND:
        if (number == chosen) atomic_store(&jump, -year);
        break;
    case AHEAD:
        if (number == chosen) atomic_store(&jump, year);
        break;
    }
    return PASS;
}

static ssize_t put(int descriptor, const void *data, size_t size, off_t at, int has_place) {
    int fate = is_file_below(descriptor) ? decide(1, 1) : PASS;
    if (fate < 0) return -1;
    size_t told = fate == HALF && size > 1 ? size / 2 : size;
    ssize_t done = has_place ? syscall(SYS_pwrite64, descriptor, data, told, at)
                             : syscall(SYS_write, descriptor, data, told);
    if (fate == HALF && atomic_load(&mode) == TEAR) die();
    return done;
}

ssize_t write(int descriptor, const void *data, size_t size) {
    return put(descriptor, data, size, 0, 0);
}
ssize_t pwrite(int descriptor, const void *data, size_t size, off_t at) {
    return put(descriptor, data, size, at, 1);
}
ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t at) {
    return put(descriptor, data, size, at, 1);
}
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    int fate = is_file_below(descriptor) ? decide(1, 1) : PASS;
    if (fate < 0) return -1;
    if (fate == HALF && count > 1) count /= 2;
    ssize_t done = syscall(SYS_writev, descriptor, parts, count);
    if (fate == HALF && atomic_load(&mode) == TEAR) die();
    return done;
}

static long change(int matters, int needs_room, long call, long a, long b, long c, long d, long e) {
    int fate = matters ? decide(0, needs_room) : PASS;
    if (fate < 0) return -1;
    long done = syscall(call, a, b, c, d, e);
    if (fate == AFTERWARDS) die();
    return done;
}

int fsync(int descriptor) {
    return change(is_file_below(descriptor), 0, SYS_fsync, descriptor, 0, 0, 0, 0);
}
int fdatasync(int descriptor) {
    return change(is_file_below(descriptor), 0, SYS_fdatasync, descriptor, 0, 0, 0, 0);
}
int ftruncate(int descriptor, off_t size) {
    return change(is_file_below(descriptor), 0, SYS_ftruncate, descriptor, size, 0, 0, 0);
}
int ftruncate64(int descriptor, off64_t size) {
    return change(is_file_below(descriptor), 0, SYS_ftruncate, descriptor, size, 0, 0, 0);
}
int renameat(int from, const char *old, int to, const char *new) {
    return change(is_below(to, new), 0, SYS_renameat2, from, (long)old, to, (long)new, 0);
}
int rename(const char *old, const char *new) { return renameat(AT_FDCWD, old, AT_FDCWD, new); }
int linkat(int from, const char *old, int to, const char *new, int flags) {
    return change(is_below(to, new), 1, SYS_linkat, from, (long)old, to, (long)new, flags);
}
int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }
int unlinkat(int folder, const char *path, int flags) {
    return change(is_below(folder, path), 0, SYS_unlinkat, folder, (long)path, flags, 0, 0);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int mkdirat(int folder, const char *path, mode_t rights) {
    return change(is_below(folder, path), 1, SYS_mkdirat, folder, (long)path, rights, 0, 0);
}
int mkdir(const char *path, mode_t rights) { return mkdirat(AT_FDCWD, path, rights); }

static int is_unreadable(int descriptor) {
    if (!is_file_below(descriptor)) return 0;
    long number = atomic_fetch_add(&reads, 1) + 1;
    if (atomic_load(&mode) != UNREADABLE || number != chosen) return 0;
    errno = EIO;
    return 1;
}

ssize_t read(int descriptor, void *data, size_t size) {
    return is_unreadable(descriptor) ? -1 : syscall(SYS_read, descriptor, data, size);
}
ssize_t pread(int descriptor, void *data, size_t size, off_t at) {
    return is_unreadable(descriptor) ? -1 : syscall(SYS_pread64, descriptor, data, size, at);
}
ssize_t pread64(int descriptor, void *data, size_t size, off64_t at) {
    return is_unreadable(descriptor) ? -1 : syscall(SYS_pread64, descriptor, data, size, at);
}

int clock_gettime(clockid_t clock, struct timespec *moment) {
    int done = syscall(SYS_clock_gettime, clock, moment);
    if (!done && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        moment->tv_sec += atomic_load(&jump);
    return done;
}
int gettimeofday(struct timeval *restrict moment, void *restrict zone) {
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *moment = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}
time_t time(time_t *kept) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (kept) *kept = now.tv_sec;
    return now.tv_sec;
}
