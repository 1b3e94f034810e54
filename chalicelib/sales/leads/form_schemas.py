"""What clients send and see of lead forms, and of what visitors post to them."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field

from chalicelib.core.shapes import Id, Instant, Line, Shape, Text, View, Web, unfit

FieldType = Literal[
    "TEXT", "LONG_TEXT", "EMAIL", "PHONE", "WHOLE_NUMBER", "AMOUNT", "CHOICE", "CHOICES", "CHECKBOX"
]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def _origin(text: str) -> str:
    found = urlsplit(text)
    if text != f"{found.scheme}://{found.netloc}" or found.scheme not in ("http", "https"):
        raise unfit("origin")
    return text


Origin = Annotated[str, Field(max_length=300), AfterValidator(_origin)]


class Texts(Shape):
    """A text in both languages; either may be left out, not both."""

    model_config = ConfigDict(populate_by_name=True)

    en: Text | None = None
    zh: Annotated[Text | None, Field(alias="zh-CN")] = None

    def values(self) -> dict[str, Any]:
        """Return the texts by language."""
        return {name: text for name, text in (("en", self.en), ("zh-CN", self.zh)) if text}


def _some_text(texts: Texts) -> Texts:
    if not texts.values():
        raise unfit("no_text")
    return texts


Told = Annotated[Texts, AfterValidator(_some_text)]


class Choice(Shape):
    """One of a field's choices: what is stored, and how it is shown."""

    value: Line
    label: Told


class FormField(Shape):
    """One field of a form. `name` is a lead's own attribute (``email``) or one of the form's own."""

    name: FieldName
    label: Told
    type: FieldType = "TEXT"
    required: bool = False
    longest: Annotated[int, Field(ge=1, le=5000)] | None = None
    choices: list[Choice] = Field(default=[], max_length=100)

    def values(self) -> dict[str, Any]:
        """Return the whole field, what was left out included."""
        return {
            "name": self.name,
            "label": self.label.values(),
            "type": self.type,
            "required": self.required,
            "longest": self.longest,
            "choices": [{"value": each.value, "label": each.label.values()} for each in self.choices],
        }


class Consent(Shape):
    """What a visitor agrees to; the version and the text shown are kept with each lead."""

    version: Line
    text: Told
    required: bool = True

    def values(self) -> dict[str, Any]:
        """Return the consent with its text in both languages (the one there is stands for both)."""
        told = self.text.values()
        either = next(iter(told.values()))
        text = {"en": either, "zh-CN": either} | told
        return {"version": self.version, "required": self.required, "text": text}


class Limit(Shape):
    """At most so many posts in so many seconds."""

    posts: Annotated[int, Field(ge=1, le=1_000_000)]
    seconds: Annotated[int, Field(ge=1, le=86_400)]

    def values(self) -> dict[str, Any]:
        """Return both numbers."""
        return {"posts": self.posts, "seconds": self.seconds}


class _FormParts(Shape):
    title: Told | None = None
    thanks: Told | None = None
    fields: Annotated[list[FormField], Field(min_length=1, max_length=40)] | None = None
    source: Line | None = None
    campaign: Line | None = None
    pipeline_id: Id | None = None
    redirects: Annotated[list[Web], Field(max_length=20)] | None = None
    origins: Annotated[list[Origin], Field(max_length=20)] | None = None
    consent: Consent | None = None
    honeypot: FieldName = "homepage"
    token_required: bool = True
    token_seconds: Annotated[int, Field(ge=0, le=60)] = 2
    address_limit: Limit = Limit(posts=10, seconds=600)
    form_limit: Limit = Limit(posts=600, seconds=60)
    sla_hours: Annotated[int, Field(ge=1, le=720)] | None = None
    sla_calendar_id: Id | None = None


class NewForm(_FormParts):
    """A form to set up. Posts are refused beyond `address_limit` and `form_limit`.

    `redirects`: where a visitor may be sent afterwards, the first by default. `origins`: the sites
    whose pages may post (none: all). `honeypot`: a field that people do not see. `token_required`
    false lets a plain page post without having asked for a token; `token_seconds` is the least
    time between showing and sending.
    """

    name: Line
    title: Told
    fields: Annotated[list[FormField], Field(min_length=1, max_length=40)]

    def values(self) -> dict[str, Any]:
        """Return the whole definition, limits included."""
        whole = super().values()
        limits = {"address_limit": self.address_limit.values(), "form_limit": self.form_limit.values()}
        return {name: value for name, value in (limits | whole).items() if value is not None}


class FormChange(_FormParts):
    """What to change of a form; parts left out stay."""

    name: Line | None = None
    status: Literal["ACTIVE", "PAUSED", "VOIDED"] | None = None


class FormView(View):
    """A lead form as it is set up."""

    id: str
    name: str
    status: str
    title: dict[str, str]
    thanks: dict[str, str]
    fields: list[dict[str, Any]]
    source: str | None
    campaign: str | None
    pipeline_id: str | None
    redirects: list[str]
    origins: list[str]
    consent: dict[str, Any] | None
    honeypot: str
    token_required: bool
    token_seconds: int
    address_limit: dict[str, int]
    form_limit: dict[str, int]
    sla_hours: int | None
    sla_calendar_id: str | None
    version: int
    created_at: Instant
    updated_at: Instant


class Post(Shape):
    """What a visitor sends: the form's fields by name, and beside them these.

    `utm_source`, `utm_medium`, `utm_campaign`, `utm_term`, `utm_content`, `referrer`, `page`,
    `consent`, `token`, `redirect` (one of the form's) and `lang`. Any other name is refused.
    """

    model_config = ConfigDict(extra="allow")


class ReceiptView(View):
    """The post was taken: its number, and where to go next."""

    receipt: str
    redirect: str | None


class TokenView(View):
    """A fresh render token, for 24 hours."""

    token: str
    expires_at: Instant


class PageQuery(Shape):
    """How a form's page is asked for: in a language, from a campaign."""

    lang: Annotated[str, Field(max_length=20)] | None = None
    utm_source: Annotated[str, Field(max_length=200)] | None = None
    utm_medium: Annotated[str, Field(max_length=200)] | None = None
    utm_campaign: Annotated[str, Field(max_length=200)] | None = None
    utm_term: Annotated[str, Field(max_length=200)] | None = None
    utm_content: Annotated[str, Field(max_length=200)] | None = None
