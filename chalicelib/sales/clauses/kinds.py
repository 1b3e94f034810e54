"""The standard kinds of clause that a review looks for, and what a new company thinks and notes of each."""

from typing import Final, Literal, get_args

from chalicelib.core import i18n

Kind = Literal[
    "GOVERNING_LAW",
    "ANTI_ASSIGNMENT",
    "CHANGE_OF_CONTROL",
    "RENEWAL",
    "TERMINATION_FOR_CONVENIENCE",
    "LICENSE_GRANT",
    "EXCLUSIVITY",
    "NON_COMPETE",
    "MOST_FAVOURED_CUSTOMER",
    "MINIMUM_COMMITMENT",
    "LIABILITY_CAP",
    "UNCAPPED_LIABILITY",
    "LIQUIDATED_DAMAGES",
    "WARRANTY_DURATION",
    "INSURANCE",
    "AUDIT_RIGHTS",
]
#: What a company thinks of a kind: it must be there, it is a risk when it is, or neither.
Stance = Literal["REQUIRED", "RISKY", "NEUTRAL"]

#: The stances until operations set their own; kinds that are not named are neutral.
USUAL: Final[dict[str, Stance]] = {
    "GOVERNING_LAW": "REQUIRED",
    "LIABILITY_CAP": "REQUIRED",
    "UNCAPPED_LIABILITY": "RISKY",
    "RENEWAL": "RISKY",
    "EXCLUSIVITY": "RISKY",
    "NON_COMPETE": "RISKY",
    "MOST_FAVOURED_CUSTOMER": "RISKY",
    "CHANGE_OF_CONTROL": "RISKY",
    "LIQUIDATED_DAMAGES": "RISKY",
    "TERMINATION_FOR_CONVENIENCE": "RISKY",
}

#: Where the catalogue has the usual notes. They are kept by these codes, and told in the reader's language.
_NOTES: Final = "clause.note."


def usual() -> dict[str, dict[str, str]]:
    """Return the stances and notes until operations set their own."""
    return {kind: {"stance": USUAL.get(kind, "NEUTRAL"), "note": _NOTES + kind} for kind in get_args(Kind)}


def note_in_words(note: str | None, language: str) -> str | None:
    """Return a note as a reader of a language sees it: the usual one's text, the company's own as it is."""
    return i18n.text(note, language) if note and note.startswith(_NOTES) else note
