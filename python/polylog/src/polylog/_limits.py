"""What a record may hold. Beyond it something is left out, and the record says what."""

from __future__ import annotations

DEPTH = 32
"""Objects within objects."""
TEXT = 256 * 1024
"""Characters of a text."""
TOTAL = 4 * 1024 * 1024
"""Characters of all texts and names together."""
VALUES = 20_000
"""Values in all."""


def limited(text: str, room: int = TEXT) -> str:
    """Cuts a text that is too long, and says how much is gone."""
    most = min(room, TEXT)
    if len(text) <= most:
        return text
    return f"{text[:most]}… [{len(text) - most} more characters left out]"
