"""A list of allowed system calls → a filter in the kernel, for this process and what it starts.

The filter is classic BPF, put together here: a call is looked up by its number, refused with EPERM
where it is not on the list, and the process is ended where it speaks for another processor. Calls
younger than Linux 5.1 seem not to exist, so that libraries fall back to what they used before.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

from cairn.core.confine.calls import Rule, numbers, rules

_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_COLUMN = {"x86_64": 0, "aarch64": 1}
_NEWER = 424
"""The first number that all processors share; those of x86_64's x32 are above it as well."""

_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Where they are in what the kernel shows the filter."""
_SET_FILTER, _ALL_THREADS, _IS_AVAILABLE = 1, 1, 2
_NO_NEW_PRIVILEGES, _GET_SECCOMP = 38, 21


def is_offered() -> bool:
    if sys.platform != "linux" or platform.machine() not in _AUDIT:
        return False
    action = ctypes.c_uint32(_ERRNO)
    call = ctypes.CDLL(None, use_errno=True).syscall
    return bool(call(_SECCOMP[platform.machine()], _IS_AVAILABLE, 0, ctypes.byref(action)) == 0)


def restrict(kind: str) -> bool:
    """Whether the kernel took the filter."""
    machine = platform.machine()
    if not is_offered() or sys.maxsize < 1 << 32:
        return False
    code = _program(machine, kind)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: how many instructions, and where.
    described = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    return bool(libc.syscall(_SECCOMP[machine], _SET_FILTER, _ALL_THREADS, described) == 0)


def _program(machine: str, kind: str) -> bytes:
    column = _COLUMN[machine]
    code = [
        _step(_LOAD, _ARCHITECTURE), _step(_EQUAL, _AUDIT[machine], 1, 0), _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
    ]  # fmt: skip
    for number in sorted(numbers(kind, column)):
        code += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ALLOW)]
    for rule in rules(kind, column):
        code += _ruled(rule)
    code += [
        _step(_AT_LEAST, _NEWER, 0, 1), _step(_RETURN, _ERRNO | errno.ENOSYS),
        _step(_RETURN, _ERRNO | errno.EPERM),
    ]  # fmt: skip
    return b"".join(code)


def _ruled(rule: Rule) -> list[bytes]:
    """Looked at only where the number is the rule's; numbers and arguments are little-endian."""
    named, others = _ALLOW, _ERRNO | errno.EPERM
    if rule.refused:
        named, others = others, named
    inner = [_step(_LOAD, _ARGUMENTS + 8 * rule.argument), _step(_AND, rule.mask)]
    for value in rule.values:
        inner += [_step(_EQUAL, value, 0, 1), _step(_RETURN, named)]
    inner.append(_step(_RETURN, others))
    return [_step(_EQUAL, rule.number, 0, len(inner)), *inner]


def _step(code: int, value: int, true: int = 0, false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, true, false, value)
