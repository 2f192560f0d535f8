"""The system calls that each kind of confined process needs, by their numbers on two processors.

An allow list: what is not named here is refused. A line is `name:x86_64:aarch64`, "-" where that
processor has no such call. `seccomp` makes a program for the kernel of it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

PARSERS, PROGRAMS, MODELS = "parsers", "programs", "models"

_READ = """
read:0:63 pread64:17:67 readv:19:65 preadv:295:69 preadv2:327:286 lseek:8:62 open:2:-
openat:257:56 openat2:437:437 close:3:57 close_range:436:436 dup:32:23 dup2:33:- dup3:292:24
stat:4:- fstat:5:80 lstat:6:- newfstatat:262:79 statx:332:291 statfs:137:43
fstatfs:138:44 access:21:- faccessat:269:48 faccessat2:439:439 readlink:89:- readlinkat:267:78
getdents:78:- getdents64:217:61 getcwd:79:17 chdir:80:49 fchdir:81:50 fadvise64:221:223
readahead:187:213 flock:73:32 poll:7:- ppoll:271:73 select:23:- pselect6:270:72
epoll_create1:291:20 epoll_ctl:233:21 epoll_wait:232:- epoll_pwait:281:22 eventfd2:290:19
pipe:22:- pipe2:293:59
"""
_WRITE = """
write:1:64 pwrite64:18:68 writev:20:66 pwritev:296:70 pwritev2:328:287 ftruncate:77:46
truncate:76:45 fallocate:285:47 fsync:74:82 fdatasync:75:83 sendfile:40:71
copy_file_range:326:285 mkdir:83:- mkdirat:258:34 unlink:87:- unlinkat:263:35 rmdir:84:-
rename:82:- renameat:264:38 renameat2:316:276 link:86:- linkat:265:37 symlink:88:-
symlinkat:266:36 umask:95:166
"""
_MEMORY = """
brk:12:214 mmap:9:222 munmap:11:215 mremap:25:216 mprotect:10:226 madvise:28:233 mincore:27:232
msync:26:227 mlock:149:228 mlock2:325:284 munlock:150:229 membarrier:324:283 mbind:237:235
get_mempolicy:239:236 set_mempolicy:238:237
"""
_RUN = """
futex:202:98 set_robust_list:273:99 get_robust_list:274:100 rseq:334:293 set_tid_address:218:96
gettid:186:178 getpid:39:172 getppid:110:173 exit:60:93 exit_group:231:94 sched_yield:24:124
sched_getaffinity:204:123 sched_getparam:143:121 sched_getscheduler:145:120
sched_get_priority_max:146:125 sched_get_priority_min:147:126 getcpu:309:168 getpriority:140:141
ioprio_get:252:31 arch_prctl:158:- prctl:157:167 restart_syscall:219:128
clock_gettime:228:113 clock_getres:229:114 clock_nanosleep:230:115 nanosleep:35:101
gettimeofday:96:169 time:201:- times:100:153 getitimer:36:102 setitimer:38:103
rt_sigaction:13:134 rt_sigprocmask:14:135 rt_sigreturn:15:139 rt_sigpending:127:136
rt_sigsuspend:130:133 rt_sigtimedwait:128:137 sigaltstack:131:132 alarm:37:- pause:34:-
getuid:102:174 geteuid:107:175 getgid:104:176 getegid:108:177 getgroups:115:158
getresuid:118:148 getresgid:120:150 getpgid:121:155 getpgrp:111:- getsid:124:156
getrlimit:97:163 getrusage:98:165 sysinfo:99:179 uname:63:160 getrandom:318:278 capget:125:90
"""
# The channel to the parent is open already; these make no new one.
_CHANNEL = """
sendto:44:206 recvfrom:45:207 sendmsg:46:211 recvmsg:47:212 shutdown:48:210 getsockname:51:204
getpeername:52:205 getsockopt:55:209 setsockopt:54:208
"""
_START = """
execve:59:221 fork:57:- vfork:58:- clone:56:220 wait4:61:260 waitid:247:95 setsid:112:157
setpgid:109:154 kill:62:129 tgkill:234:131 tkill:200:130 prlimit64:302:261
setrlimit:160:164 socketpair:53:199 bind:49:200 listen:50:201 accept:43:202 accept4:288:242
fchmod:91:52 memfd_create:319:279 inotify_init1:294:26 inotify_add_watch:254:27
sched_setaffinity:203:122 sched_setparam:142:118 sched_setscheduler:144:119 setpriority:141:140
ioprio_set:251:30 inotify_rm_watch:255:28 timerfd_create:283:85 timerfd_settime:286:86
timerfd_gettime:287:87
"""
_COMPUTE = "utimensat:280:88"
"""When a prompt was used last."""
_BASIS = _READ + _WRITE + _MEMORY + _RUN + _CHANNEL
_ALLOWED = {PARSERS: _BASIS, PROGRAMS: _BASIS + _START, MODELS: _BASIS + _COMPUTE}
_AF_UNIX = 1
_CLONE_THREAD = 0x10000
_OWN_FILES = (0x5401, 0x5421, 0x541B, 0x5450, 0x5451)
"""ioctl of what is open: is it a terminal, non-blocking, how much waits, kept when replaced."""
_OF_ITSELF = ((302, 203, 142, 144), (261, 122, 118, 119))
"""prlimit64, sched_setaffinity, sched_setparam, sched_setscheduler: no other process is slowed."""
_FOR_OTHERS = (0x8901, 0x8902, 0x5412, 0x541C)
"""ioctl that says who gets the signals of a socket, or types into a terminal."""
_OF_DESCRIPTORS = (*range(8), 9, 11, 16, 36, 37, 38, *range(1030, 1039))
"""fcntl: copies, flags, locks, pipes, seals, hints; who gets its signals may be asked, not said
(8, 10, 15): the kernel would send any process of the user one that ends it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A call that is allowed where one argument, as far as `mask` looks, is one of `values`."""

    number: int
    argument: int
    mask: int
    values: tuple[int, ...]
    refused: bool = False
    """Then it is allowed where it is none of them."""


def numbers(kind: str, column: int) -> frozenset[int]:
    """The calls that are allowed whatever their arguments; `column` 0 is x86_64, 1 is aarch64."""
    rows = (row.split(":")[1:] for row in _ALLOWED[kind].split())
    return frozenset(int(row[column]) for row in rows if row[column] != "-")


def rules(kind: str, column: int) -> tuple[Rule, ...]:
    """The calls of which only some are allowed."""
    whole = 0xFFFFFFFF
    descriptors = Rule((72, 25)[column], 1, whole, _OF_DESCRIPTORS)
    devices = (16, 29)[column]
    most = Rule(devices, 1, whole, _FOR_OTHERS, refused=True)
    if kind == PROGRAMS:  # the office talks to itself so, and to nobody: `connect` is refused
        return (Rule((41, 198)[column], 0, whole, (_AF_UNIX,)), descriptors, most)
    own = (os.getpid(),)
    return (
        Rule((56, 220)[column], 0, _CLONE_THREAD, (_CLONE_THREAD,)),
        *(Rule(number, 0, whole, own) for number in ((62, 234, 200), (129, 131, 130))[column]),
        *(Rule(number, 0, whole, (0, *own)) for number in _OF_ITSELF[column]),
        descriptors,
        Rule(devices, 1, whole, _OWN_FILES) if kind == PARSERS else most,
    )
