"""What happens to quotes by themselves: the mail goes out once, figures are counted, owners move."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from chalicelib.core import boards, clock, mail
from chalicelib.core.mail import Mail
from chalicelib.core.step import change
from chalicelib.organisation.people import service as people
from chalicelib.sales.quotes import service
from chalicelib.sales.quotes.models import Quote, QuoteVersion
from tests.client import ADMIN, NORTH, REP, SOUTH
from tests.platform.imports.bringing import make_bucket
from tests.sales.quotes.builders import Shop, accepted, approved, contact_of, open_shop, sent, token_of
from tests.streams import Stream, sweep


@pytest.fixture
def shop(tables: None) -> Shop:
    make_bucket()
    return open_shop()


class Post(list[Mail]):
    """The mails that went out; `fails`: the port refuses."""

    fails = False

    def send(self, letter: Mail) -> None:
        """Take a mail, or refuse it."""
        if self.fails:
            raise ConnectionRefusedError
        self.append(letter)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    """Stand for the mail server."""
    made = Post()
    monkeypatch.setattr(mail, "send", made.send)
    return made


def _mailed(shop: Shop) -> tuple[Quote, QuoteVersion]:
    quote = service.send(approved(shop, contact_id=contact_of(shop)).id, by=REP)
    return quote, _version(quote)


def _version(quote: Quote) -> QuoteVersion:
    return QuoteVersion.fetch(QuoteVersion.id_of(quote.id, quote.revision))


def test_a_quote_goes_out_once_with_its_pdf_and_its_link_in_its_language(shop: Shop, post: Post) -> None:
    quote, waiting = _mailed(shop)
    assert (waiting.mail, waiting.to) == ("WAITING", "li.wei@example.cn")

    for minute in (1, 2, 30):
        sweep(at=clock.now() + timedelta(minutes=minute))

    [letter] = post
    assert letter.to == "li.wei@example.cn"
    assert quote.number in letter.subject
    assert "报价单" in letter.subject
    assert f"https://sales.example.com/q/{token_of(quote)}" in letter.text
    assert "9,913.84 CNY" in letter.text
    [paper] = letter.attachments
    assert (paper.name, paper.media) == (f"{quote.number}-v1.pdf", "application/pdf")
    assert "压力机" in PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    assert _version(quote).mail == "SENT"
    assert not _version(quote).due_minute


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda quote: service.revise(quote.id, by=REP),
        lambda quote: service.void(quote.id, reason="Wrong price", by=REP),
        lambda quote: service.accept(quote.id, name="Li Wei", by=REP),
    ],
    ids=["revised", "voided", "accepted"],
)
def test_a_mail_that_waits_does_not_go_out_of_what_holds_no_more(
    shop: Shop, post: Post, meanwhile: Callable[[Quote], Quote]
) -> None:
    quote, waiting = _mailed(shop)
    meanwhile(quote)

    sweep(at=clock.now() + timedelta(minutes=1))

    told = QuoteVersion.fetch(waiting.id)
    assert told.mail == "NOT_SENT"
    assert not post
    assert told.due_minute is None


def test_a_mail_that_is_refused_is_tried_three_times_and_told(shop: Shop, post: Post) -> None:
    quote, _ = _mailed(shop)
    post.fails = True

    for minutes in (1, 60, 120, 180, 240):
        sweep(at=clock.now() + timedelta(minutes=minutes))

    told = _version(quote)
    assert (told.mail, told.attempts) == ("FAILED", 3)
    assert not told.due_minute
    assert service.quote(quote.id, who=REP).status == "PRESENTED"


def test_a_mail_goes_out_after_a_refusal(shop: Shop, post: Post) -> None:
    quote, _ = _mailed(shop)
    post.fails = True
    sweep(at=clock.now() + timedelta(minutes=1))
    post.fails = False
    sweep(at=clock.now() + timedelta(hours=1))

    assert (len(post), _version(quote).mail) == (1, "SENT")


def test_a_quote_counts_in_the_month_it_was_first_sent_as_it_stands(shop: Shop, stream: Stream) -> None:
    with clock.at(clock.start_of(date(2026, 10, 31))):
        quote = sent(shop)
    stream.drain()
    row = f"2026-10|{NORTH}|CNY"

    sums = {"sent_count": 1, "sent_amount": 877_331, "list_amount": 1_002_331, "discount_amount": 125_000}
    assert boards.read("quotes|team") == {row: sums}
    service.revise(quote.id, by=REP)
    stream.drain()
    assert boards.read("quotes|team")[row] == sums | {"revisions": 1}
    service.edit(quote.id, by=REP, version=None, lines=[{"product_id": shop.press_id, "quantity": 1}])
    service.submit(quote.id, by=REP)
    service.send(quote.id, by_mail=False, by=REP)
    service.accept(quote.id, name="Li", by=REP)
    stream.drain()

    told = boards.read("quotes|owner")[f"2026-10|{REP.id}|CNY"]
    assert {name: number for name, number in told.items() if number} == {
        "sent_count": 1,
        "sent_amount": 100_000,
        "list_amount": 100_000,
        "accepted_count": 1,
        "accepted_amount": 100_000,
        "revisions": 1,
    }


def test_quotes_turned_down_and_expired_are_counted(shop: Shop, stream: Stream) -> None:
    service.reject(sent(shop).id, reason="Too dear", by=REP)
    late = sent(shop, valid_until=clock.today())
    sweep(at=clock.start_of(late.valid_until + timedelta(days=1)))
    stream.drain()

    [told] = boards.read("quotes|account").values()
    assert (told["sent_count"], told["rejected_count"], told["expired_count"]) == (2, 1, 1)


def test_quotes_follow_their_owner_to_another_team(shop: Shop, stream: Stream) -> None:
    quote = accepted(shop)
    stream.drain()

    change(people.user(REP.id), by=ADMIN.id, team_id=SOUTH)
    stream.drain()

    assert service.quote(quote.id, who=ADMIN).team_id == SOUTH
    assert [key.split("|")[1] for key, row in boards.read("quotes|team").items() if row["sent_count"]] == [
        SOUTH
    ]
