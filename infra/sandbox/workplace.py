"""Where MiniStack unpacks the functions: in memory where there is room, otherwise beside its state.

Each function's process gets its own copy of code and layer, thousands of small files. In memory
they are there in a fraction of the time.
"""

import hashlib
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - every folder in it has a name of its own
#: Room for the copies of some twenty processes, with as much left to others.
_ROOM_BYTES: Final = 4 * 2**30


def fresh(folder: Path) -> Path:
    """Return a new empty workplace for the MiniStack of a folder; what it had before goes."""
    clear(folder)
    made = _base(folder) / f"{_name(folder)}-{time.time_ns()}"
    made.mkdir()
    return made


def clear(folder: Path) -> None:
    """Remove what the functions of a folder's MiniStack left lying, in a process of its own."""
    old = [str(path) for base in (_MEMORY, folder) for path in base.glob(f"{_name(folder)}-*")]
    if old:
        subprocess.Popen(["rm", "-rf", *old], start_new_session=True)


def _base(folder: Path) -> Path:
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM_BYTES:
        return _MEMORY
    return folder


def _name(folder: Path) -> str:
    return f"salestream-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]}"
