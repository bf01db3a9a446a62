"""Tells a folder on another computer's disk, where SQLite's locks and shared memory don't reach."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

TABLE = Path("/proc/mounts")
_NETWORK = {
    *("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "ncpfs", "afs"),
    *("fuse.sshfs", "fuse.davfs2", "fuse.rclone", "fuse.smbnetfs", "fuse.glusterfs", "fuse.s3fs"),
    *("ceph", "fuse.ceph", "lustre", "beegfs", "gpfs", "glusterfs", "ocfs2", "gfs2"),
}
"""Kinds of file systems as Linux and macOS name them."""
_DRIVE_REMOTE = 4
"""https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdrivetypew"""


def network_mount(path: Path) -> str:
    """The kind of network file system on which a path lies, or would; empty on this computer's own disks."""
    there = path.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    there = there.resolve()
    if sys.platform == "win32":
        return _windows(there)
    kind = _kind(there, _macos_table() if sys.platform == "darwin" else _linux_table())
    return kind if kind in _NETWORK else ""


def _kind(path: Path, table: list[tuple[Path, str]]) -> str:
    """Of the mount that is nearest to a path; where two lie on one folder, the later covers the earlier."""
    found = [(len(folder.parts), i, kind) for i, (folder, kind) in enumerate(table) if path.is_relative_to(folder)]
    return max(found)[2] if found else ""


def _linux_table() -> list[tuple[Path, str]]:
    """The folders and kinds of https://man7.org/linux/man-pages/man5/fstab.5.html, where \\040 is a space."""
    try:
        lines = TABLE.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    fields = [line.split(" ") for line in lines]
    return [(Path(_plain(each[1])), each[2]) for each in fields if len(each) > 2]


def _plain(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _macos_table() -> list[tuple[Path, str]]:
    """From lines like `//ada@nas/lab on /Volumes/lab (smbfs, nodev, nosuid)`."""
    said = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
    found = re.findall(r"^.* on (.+) \(([^,)]+)", said, re.MULTILINE)
    return [(Path(folder), kind) for folder, kind in found]


def _windows(path: Path) -> str:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  (only on Windows)
    root = f"{path.drive}{os.sep}"
    remote = path.drive.startswith("\\\\") or kernel.GetDriveTypeW(root) == _DRIVE_REMOTE
    return "a Windows share" if remote else ""
