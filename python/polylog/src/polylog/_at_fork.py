"""What a forked child has to begin anew: locks that another thread may have held, threads that it doesn't have."""

from __future__ import annotations

import os
import weakref
from typing import Any

_forked: weakref.WeakSet[Any] = weakref.WeakSet()


def renew_after_fork(owner: Any) -> None:
    """Calls ``owner.after_fork()`` in each child that is forked from now on."""
    _forked.add(owner)


def _renew_all() -> None:
    for owner in list(_forked):
        owner.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
