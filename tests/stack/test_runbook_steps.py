"""No command of docs/runbook.md that no test takes."""

import inspect
from collections.abc import Callable, Mapping
from typing import Final

import pytest

from infra.stages import ROOT
from tests.stack import test_runbook as tried

RUNBOOK: Final = (ROOT / "docs" / "runbook.md").read_text("utf-8")
#: Which test takes each step of the runbook: its command, without what is each time another.
STEPS: Final[Mapping[str, Callable[..., None]]] = {
    "quarantine": tried.test_a_poison_record_is_seen_and_let_go,
    "quarantine --drop": tried.test_a_poison_record_is_seen_and_let_go,
    "quarantine --replay": tried.test_what_was_parked_is_applied_once_its_cause_is_mended,
    "quarantine --replay all": tried.test_all_that_was_parked_is_applied_at_once,
    "failed_changes --look": tried.test_changes_given_up_on_are_applied_from_the_stream,
    "failed_changes": tried.test_changes_given_up_on_are_applied_from_the_stream,
    "failed_changes --drop-lost": tried.test_changes_that_the_stream_has_forgotten_are_named_and_let_go,
    "lambda invoke": tried.test_the_night_is_made_up_for_by_day,
    "sqs purge-queue": tried.test_what_told_of_a_failed_run_is_removed,
    "reconcile --look": tried.test_drift_is_told_and_repaired,
    "reconcile": tried.test_drift_is_told_and_repaired,
    "recount --look": tried.test_what_customers_owe_is_counted_anew,
    "recount": tried.test_what_customers_owe_is_counted_anew,
    "refeed --since --look": tried.test_a_lost_day_is_fed_from_the_tables,
    "refeed --since": tried.test_a_lost_day_is_fed_from_the_tables,
    "dynamodb restore-table-to-point-in-time": tried.test_a_copy_of_a_moment_is_compared_with_its_table,
    "dynamodb restore-table-from-backup": tried.test_items_of_one_table_come_back_from_a_copy,
    "restore --table --from": tried.test_a_copy_of_a_moment_is_compared_with_its_table,
    "restore --table --from --missing": tried.test_items_of_one_table_come_back_from_a_copy,
    "restore --table --from --item": tried.test_items_of_one_table_come_back_from_a_copy,
    "dynamodb delete-table": tried.test_items_of_one_table_come_back_from_a_copy,
    "secret --rotate": tried.test_the_secret_is_rotated_and_what_was_signed_goes_on,
    "secret --retire": tried.test_a_day_after_its_rotation_the_old_secret_is_let_go,
}


def commands() -> set[str]:
    """Return every command line of the runbook, without the stage, ids, names and dates."""
    lines = RUNBOOK.replace("\\\n", " ").splitlines()
    asked = [line.split() for line in lines if line.startswith("    ") and line.strip()]
    ours = [[words[2].removeprefix("infra."), *words[3:]] for words in asked if words[0] == "python"]
    aws = [words[1:3] for words in asked if words[0] == "aws"]
    return {*map(_bare, ours), *map(" ".join, aws)}


def _bare(words: list[str]) -> str:
    name, *options = words
    kept = [word for word in options if word == "all" or (word.startswith("--") and word != "--stage")]
    return " ".join(dict.fromkeys([name, *kept]))


def test_every_command_of_the_runbook_is_tried() -> None:
    assert commands() == STEPS.keys()


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_by_the_test_that_says_so(step: str) -> None:
    source = inspect.getsource(STEPS[step])
    words = step.split()
    if words[0] in ("lambda", "sqs", "dynamodb"):
        words = [words[1].replace("-", "_") + "("]
    assert [word for word in words if word.lstrip("-") not in source] == []
