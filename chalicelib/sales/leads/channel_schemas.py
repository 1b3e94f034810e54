"""What clients send and see of lead channels, and of the posts that come by them."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field

from chalicelib.core.shapes import Instant, Line, Shape, Text, View, kept, unfit
from chalicelib.sales.leads import payload
from chalicelib.sales.leads.channels import CONSENT
from chalicelib.sales.leads.form_schemas import Limit
from chalicelib.sales.leads.forms import OWN

Path = Annotated[str, Field(max_length=300, pattern=payload.PATH)]
#: Attributes of a lead that a channel cannot fill: they are no plain text.
_NOT_PLAIN: Final = frozenset({"value", "products"})
_ANSWER: Final = re.compile(r"answers\.[A-Za-z0-9][A-Za-z0-9_\-]{0,39}")


def _of_leads(mapping: dict[str, str]) -> dict[str, str]:
    for name in mapping:
        is_own = (name in OWN and name not in _NOT_PLAIN) or name in CONSENT
        if not is_own and not _ANSWER.fullmatch(name):
            raise unfit("unknown_lead_field")
    if mapping.keys().isdisjoint(("name", "company", "email", "phone")):
        raise unfit("nobody_to_answer")
    return mapping


MappedName = Annotated[str, Field(max_length=60)]
Mapping = Annotated[dict[MappedName, Path], Field(max_length=40), AfterValidator(_of_leads)]
Secret = Annotated[str, Field(min_length=16, max_length=200)]
Token = Annotated[str, Field(min_length=16, max_length=600, pattern=r"^[\w.|\-]+$")]


class ChannelConsent(Shape):
    """What people agree to where the network asks them; kept with each lead that does."""

    text: Annotated[Text, Field(min_length=1)]
    version: Line


class ChannelChange(Shape):
    """What to change of a channel; `secret` replaces the one that posts are signed with, `access_token` the
    one that lead ads are read with (null: none are).
    """

    name: Line = kept()
    status: Literal["ACTIVE", "PAUSED"] = kept()
    secret: Secret = kept()
    access_token: Token | None = None
    mapping: Mapping = kept()
    records: Path | None = None
    event: Path | None = None
    consent: ChannelConsent | None = None
    source: Line | None = None
    campaign: Line | None = None
    post_limit: Limit = kept()


class NewChannel(Shape):
    """A channel to set up: which attribute of a lead is found where in a record of its posts.

    A path names members parted by dots; a list stands for each of its members, ``[name=email]`` for
    those with this value. `records` leads to the records of a post, `event` to a record's number.
    Mapped to `consent` stands whether somebody agreed; where it is not mapped, whoever sends it did, to the
    channel's `consent` or what `consent_text` and `consent_version` lead to (`consent_at`: when).
    `access_token` is the page's at Meta: by it is read what its posts only have the `leadgen_id` of.
    """

    name: Line
    provider: Literal["GENERIC", "META", "LINKEDIN", "GOOGLE"] = "GENERIC"
    secret: Secret | None = None
    access_token: Token | None = None
    mapping: Mapping
    records: Path | None = None
    event: Path | None = None
    consent: ChannelConsent | None = None
    source: Line | None = None
    campaign: Line | None = None
    post_limit: Limit = Limit(posts=600, seconds=60)


class ChannelItem(View):
    """A lead channel in a list: without what a network knows it by."""

    id: str
    name: str
    status: str
    provider: str
    mapping: dict[str, str]
    records: str | None
    event: str | None
    consent: dict[str, str] | None
    source: str | None
    campaign: str | None
    post_limit: dict[str, int]
    version: int
    created_at: Instant
    updated_at: Instant


class ChannelView(ChannelItem):
    """A lead channel, without its secret."""

    verify_token: str


class NewChannelView(ChannelView):
    """A channel that was just set up, with the secret that its posts are signed with: shown once."""

    secret: str


class Greeting(Shape):
    """How a network asks whether the channel is ours: Meta by `hub.…`, LinkedIn by `challengeCode`."""

    model_config = ConfigDict(populate_by_name=True)

    mode: Annotated[Line | None, Field(alias="hub.mode")] = None
    verify_token: Annotated[Line | None, Field(alias="hub.verify_token")] = None
    challenge: Annotated[Line | None, Field(alias="hub.challenge")] = None
    challenge_code: Annotated[Line | None, Field(alias="challengeCode")] = None
    application_id: Annotated[Line | None, Field(alias="applicationId")] = None


class Delivery(Shape):
    """A post of another system: any JSON object, signed as the channel says, or with its key in it."""

    model_config = ConfigDict(extra="allow")

    def content(self) -> dict[str, Any]:
        """Return all of it."""
        return dict(self.__pydantic_extra__ or {})


class DeliveredView(View):
    """The post was taken: a receipt for each record."""

    receipts: list[str]


class SignedChallenge(View):
    """A network's challenge, signed with the secret that it shares with the channel."""

    challengeCode: str  # noqa: N815 - LinkedIn's words
    challengeResponse: str  # noqa: N815
