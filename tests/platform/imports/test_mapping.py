"""What a mapping makes of a row."""

import pytest

from chalicelib.core.errors import Invalid
from chalicelib.platform.imports import mapping

MAVEN = {
    "columns": {"product": "product", "account": "account", "close_value": "amount"},
    "replace": {"product": {"GTXPro": "GTX Pro"}},
    "blanks": ["Select"],
    "constants": {"currency": "USD"},
}


def test_a_value_that_the_mapping_replaces_is_told_as_a_repair() -> None:
    mapped = mapping.apply(MAVEN, {"product": "GTXPro", "account": " Cancity ", "close_value": "1054"})

    assert mapped.values == {
        "product": "GTX Pro",
        "account": "Cancity",
        "amount": "1054",
        "currency": "USD",
    }
    assert mapped.repairs == [mapping.Repair("product", "GTXPro", "GTX Pro")]


def test_blank_values_and_what_stands_for_them_are_left_out() -> None:
    assert mapping.apply(MAVEN, {"product": "Select", "account": "", "close_value": " "}).values == {
        "currency": "USD"
    }


def test_a_mapping_to_a_field_that_does_not_exist_names_it() -> None:
    with pytest.raises(Invalid) as refused:
        mapping.check({"columns": {"a": "ammount"}}, fields={"amount"})

    assert [error.field for error in refused.value.errors] == ["mapping.columns.a"]


def test_a_file_without_a_mapped_column_is_refused_by_its_name() -> None:
    with pytest.raises(Invalid) as refused:
        mapping.check_columns(MAVEN, ["product", "account"])

    assert [error.field for error in refused.value.errors] == ["close_value"]
