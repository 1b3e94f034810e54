"""Run every bench: ``make bench``."""

import sys

from bench import cold


def tell(line: str) -> None:
    """Print one line of the result."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run them all."""
    cold.compare(tell)


if __name__ == "__main__":
    main()
