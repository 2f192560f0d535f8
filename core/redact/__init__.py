"""Privacy at the door: a text or Document → the same without passwords, keys and card numbers.

Called on everything before it is stored. `find_*` live in one module each: by shape (`tokens`),
by label (`values`, `columns`), by armour (`blocks`), by command or header (`headers`).
"""

from __future__ import annotations

from cairn.core.redact.documents import redact_document
from cairn.core.redact.scan import Redacted, Redaction, redact

__all__ = ["Redacted", "Redaction", "redact", "redact_document"]
