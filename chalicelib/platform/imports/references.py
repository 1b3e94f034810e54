"""Names in files become ids here: people, customers and products, each looked up once a chunk."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.customers.accounts import service as accounts
from chalicelib.organisation.people import service as people
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.opportunities import service as opportunities

T = TypeVar("T")


class References:
    """Finds what a row names. Invalid (unknown_reference) naming the field when there is none."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], Any] = {}

    def _once(self, what: str, name: str, find: Callable[[str], T | None], *, of: str = "") -> T:
        key = what, of, name.strip().lower()
        if key not in self._known:
            self._known[key] = find(name.strip())
        found: T | None = self._known[key]
        if found is None:
            raise errors.Invalid.one(what, "import_reference", name=name[:100])
        return found

    def owner(self, name: str | None, *, who: Principal) -> dict[str, Any]:
        """Return `owner_id` and `team_id` of the person named; of the importer when nobody is."""
        if name is None:
            return people.owner_fields(who.id)
        user_id = self._once("owner", name, people.find_by_name_or_email).id
        return self._once("owner_fields", user_id, people.owner_fields)

    def region_of(self, owner: str) -> str | None:
        """Return the region a person works in."""
        user = self._once("owner", owner, people.find_by_name_or_email)
        region: str | None = user.region
        return region

    def account(self, name: str | None) -> Any:
        """Return the customer of a name, or None when no name is given."""
        return self._once("account", name, accounts.find_by_name) if name else None

    def product(self, name: str | None) -> Any:
        """Return the product of a code or name, or None when no name is given."""
        return self._once("product", name, catalog.find_by_code_or_name) if name else None

    def expect_products(self, names: Iterable[str]) -> None:
        """Look up together the products that will be asked for by code: two reads for up to 100."""
        ids = catalog.by_codes({name.strip() for name in names})
        found = catalog.known(ids.values())
        self._known |= {("product", "", code.lower()): found[each] for code, each in ids.items()}

    def pipeline(self, name: str | None) -> Any:
        """Return the pipeline of a name; the default one when no name is given."""
        if name is None:
            return self._once("pipeline", "", lambda _: opportunities.pipeline(None))
        return self._once("pipeline", name, opportunities.find_pipeline)

    def stage(self, pipeline: Any, name: str) -> str:
        """Return the code of a pipeline's stage, named by code or by name in any language."""
        found = self._once(
            "stage", name, lambda named: opportunities.stage_named(pipeline, named), of=pipeline.id
        )
        return str(found["id"])
