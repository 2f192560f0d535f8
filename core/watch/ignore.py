"""Which names are never read: what tools made, what is hidden, and what holds secrets.

Asked by the sweep before it enters a folder and by the observer before it queues a file.
"""

from __future__ import annotations

import re
from fnmatch import translate

_FOLDERS = frozenset(
    """node_modules __pycache__ venv env site-packages dist build target out vendor bower_components
    .git .hg .svn .cache .Trash lost+found $RECYCLE.BIN""".split()
)
_SECRETS = (
    "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*.pem", "*.key", "*.p12", "*.pfx", "*.kdbx",
    "*.keystore", "*.jks", "*.gpg", "credentials*", "secrets.*", "*.ovpn",
)  # fmt: skip
# What editors and browsers leave beside a file while they write it.
_TEMPORARY = (
    "*~", "#*#", "*.swp", "*.swo", "*.swx", "*.tmp", "*.temp", "*.part", "*.crdownload",
    "~$*", "4913", "*.lock",
)  # fmt: skip
_FILES = re.compile("|".join(translate(pattern) for pattern in (*_SECRETS, *_TEMPORARY)))


def ignores_folder(name: str) -> bool:
    return name.startswith(".") or name in _FOLDERS


def ignores_file(name: str) -> bool:
    return name.startswith(".") or _FILES.match(name) is not None
