"""Steps as they go by on a terminal, each with the seconds it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Progress:
    """Tells what is being done. `seconds` holds what each step took."""

    name: str
    seconds: dict[str, float] = field(default_factory=dict)
    _started: float = field(default_factory=time.monotonic)

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Tell a step when it begins and how long it took when it is done."""
        print(f"{self.name}: {doing} …", end="", flush=True)
        began = time.monotonic()
        try:
            yield
        except BaseException:
            print(" failed", flush=True)
            raise
        self.seconds[doing] = time.monotonic() - began
        print(f" {self.seconds[doing]:.1f} s", flush=True)

    def say(self, text: str) -> None:
        """Tell something on a line of its own."""
        print(f"{self.name}: {text}", flush=True)

    @property
    def total(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._started
