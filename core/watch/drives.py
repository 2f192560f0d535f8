"""Whether a folder lies on another machine, where the system tells of no changes.

Asked by the observer before it watches a folder: such a folder is only swept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_REMOTE = frozenset(
    """nfs nfs4 cifs smb3 smbfs afs ceph glusterfs lustre 9p davfs fuse.sshfs fuse.rclone
    fuse.s3fs fuse.gvfsd-fuse fuse.davfs2 fuse.curlftpfs fuse.glusterfs fuse.onedriver
    fuse.google-drive-ocamlfuse drvfs ncpfs prl_fs vboxsf""".split()
)
_MOUNTS = Path("/proc/self/mountinfo")


def remote_kind(path: Path, mounts: Path = _MOUNTS) -> str:
    """The kind of network drive that a folder is on, such as `nfs4`; empty for a local disk."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""  # not Linux: the system's own notifications know about its drives
    kind, depth = "", -1
    for line in lines:
        fields, _, rest = line.partition(" - ")
        point = Path(_plain(fields.split(" ")[4]))
        # The last of several mounts at one point is the one that is seen.
        if path.is_relative_to(point) and len(point.parts) >= depth:
            kind, depth = rest.split(" ")[0], len(point.parts)
    return kind if kind in _REMOTE else ""


def _plain(text: str) -> str:
    """The kernel writes white space and backslashes as octal numbers."""
    raw = re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), os.fsencode(text))
    return os.fsdecode(raw)
