"""Network drives are told from local disks by the system's list of mounts."""

from __future__ import annotations

from pathlib import Path

from cairn.core.watch.drives import remote_kind

MOUNTS = r"""22 1 8:1 / / rw - ext4 /dev/sda1 rw
40 22 0:40 / /home/ana/nas rw - nfs4 server:/share rw
41 22 0:41 / /home/ana/old\040disk rw - cifs //server/x rw
42 40 8:2 / /home/ana/nas/local rw - ext4 /dev/sdb1 rw
43 22 0:43 / /home/ana/phone rw - fuse.sshfs phone: rw
44 22 0:44 / /mnt rw - nfs old:/ rw
45 44 8:3 / /mnt rw - xfs /dev/sdc1 rw
"""


def test_the_innermost_mount_decides(tmp_path: Path) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTS)

    def kind(path: str) -> str:
        return remote_kind(Path(path), tmp_path / "mountinfo")

    assert kind("/home/ana/notes") == ""
    assert kind("/home/ana/nas/a/b") == "nfs4"
    assert kind("/home/ana/old disk/x") == "cifs"
    assert kind("/home/ana/nas/local/x") == ""
    assert kind("/home/ana/phone") == "fuse.sshfs"
    assert kind("/mnt/x") == ""
    assert remote_kind(Path("/x"), tmp_path / "none") == ""
