"""Mails to the company: whatever the character set, once each, and none that a machine wrote."""

import base64
import json
from email.header import Header
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors, files, observe, quarantine
from chalicelib.customers.activities.models import Activity
from chalicelib.sales.leads import inbound_mail
from chalicelib.sales.leads.models import Lead, Touch
from tests import permissions
from tests.client import FINANCE, OPERATIONS, Client, Context
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import a_mail, again, all_of, seen, service
from tests.sales.leads.mailing import arrived, mail
from tests.streams import Stream

LI = b"From: =?gb2312?B?wO7A1w==?= <Li.Lei@Example.cn>\r\n"


def test_chinese_mail_is_read_as_its_writer_meant_it() -> None:
    body = "请报价：镕基牌设备 20 台".encode("gb18030")
    subject = Header("询价 – 设备", "utf-8").encode().encode()
    raw = LI + b"Subject: " + subject + b"\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n" + body

    read = inbound_mail.parse(raw)

    assert (read.name, read.sender, read.subject) == ("李雷", "li.lei@example.cn", "询价 – 设备")
    assert read.text == "请报价：镕基牌设备 20 台"  # 镕 is not in GB2312, though mailers say it is


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"From: li@example.cn\nSubject: \xd1\xaf\xbc\xdb\n\nhi", ("li@example.cn", "询价", "hi")),
        (b"From: li@example.cn\nSubject: =?klingon?B?aGk=?=\n\nhi", ("li@example.cn", "hi", "hi")),
        (
            b"From: li@example.cn\nContent-Type: text/plain; charset=nope\n\n\xe4\xbd\xa0",
            ("li@example.cn", "", "你"),
        ),
        (b"From: Li, Lei <li@example.cn>\nReply-To: sales@example.cn\n\nhi", ("sales@example.cn", "", "hi")),
        (b"From: =?utf-8?B?broken\nSubject: x\n\nhi", (None, "x", "hi")),
        (b"\xff\xfe\x00", (None, "", None)),
        (b"", (None, "", "")),
    ],
)
def test_what_is_malformed_is_read_as_far_as_it_goes(raw: bytes, expected: tuple[Any, ...]) -> None:
    read = inbound_mail.parse(raw)

    sender, subject, text = expected
    assert (read.sender, read.subject) == (sender, subject)
    assert text is None or read.text == text


def test_the_words_of_a_page_stand_for_a_text_that_is_not_there() -> None:
    page = "<style>p{color:red}</style><p>Dear all,</p><div>We need <b>20</b> presses.<br>Li</div>"
    raw = b"From: li@example.cn\nContent-Type: text/html; charset=utf-8\n\n" + page.encode()

    assert inbound_mail.parse(raw).text == "Dear all,\nWe need 20 presses.\nLi"


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 23 Nov 2026, Rita wrote:\n> Hello",
        "> Hello",
        "发件人: Rita\n发送时间: 2026年11月23日\n收件人: Li\n主题: 报价\n\nHello",
        "________________________________\nFrom: Rita\nSent: Monday\nTo: Li\nSubject: Offer\n\nHello",
        "*From:* Rita\n*Date:* Monday\n*To:* Li\n*Subject:* Offer\n\nHello",
        "-----Original Message-----\nHello",
        "On Mon, Nov 23, 2026 at 10:00 AM Rita Long of Salestream <rita@example.com>\nwrote:\n\nHello",
        "在 2026年11月23日, Rita 写道：\nHello",
    ],
)
def test_what_a_mail_answers_is_not_its_own_words(quoted: str) -> None:
    assert inbound_mail.parse(mail(f"Yes please.\n\n{quoted}\n")).text == "Yes please."


def test_who_answers_between_the_lines_is_read_to_the_end() -> None:
    quoting = "Thanks.\n\nOn Mon, 23 Nov 2026, Rita wrote:\n> How many?\n> 10?\n20.\n\n> When?\nIn May.\n\nLi"

    assert inbound_mail.parse(mail(quoting)).text == "Thanks.\n\n20.\n\nIn May.\n\nLi"


@pytest.mark.parametrize(
    "text",
    [
        "From: Shanghai\nTo: Hamburg\nDate: in May\n20 containers, please.",
        "We ship\nFrom: Shanghai\nand need 20 containers.",
        "On Monday we met.\nOn Tuesday I wrote to you.",
    ],
)
def test_what_only_looks_like_a_header_is_the_writers_own(text: str) -> None:
    assert inbound_mail.parse(mail(text)).text == text


def test_a_mail_that_only_passes_another_on_is_read_whole() -> None:
    text = "---------- Forwarded message ---------\nFrom: Rita\nDate: Monday\nSubject: Offer\n\nHello"

    assert inbound_mail.parse(mail(text)).text == text


def test_what_ses_takes_for_spam_is_no_lead_and_can_be_found(
    tables: None, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    hire_everybody()
    caplog.set_level("INFO", logger=observe.log.name)

    spam = service.receive_mail(mail(X_SES_Spam_Verdict="FAIL"))
    take_in(arrived("mails/spam", mail(X_SES_Spam_Verdict="FAIL")))
    doubtful = service.receive_mail(mail(X_SES_Spam_Verdict="GRAY", X_SES_Virus_Verdict="PASS"))

    assert [each.how for each in (spam, doubtful)] == ["SPAM", "CREATED"]
    assert len(all_of(Lead)) == 1
    assert '"MailsSpam":[1.0' in capsys.readouterr().out
    [told] = [vars(each) for each in caplog.records if each.message == "mail read"]
    assert (told["object"], told["became"]) == ("mails/spam", "SPAM")


def test_a_virus_is_refused_and_somebody_is_told_where_it_lies(tables: None) -> None:
    take_in(arrived("mails/virus", mail(X_SES_Virus_Verdict="FAIL", X_SES_Spam_Verdict="PASS")))

    [parked] = quarantine.parked(limit=5).items
    assert (json.loads(parked.body)["key"], "raw: virus" in parked.reason) == ("mails/virus", True)
    assert not all_of(Lead)


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Unsubscribe": "<https://example.cn/u>"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@example.cn"},
        {"From": "No Reply <no-reply@example.cn>"},
    ],
)
def test_what_a_machine_wrote_is_no_lead(tables: None, header: dict[str, str]) -> None:
    assert service.receive_mail(mail(**header)).how == "IGNORED"
    assert all_of(Lead) == []


def test_a_person_who_says_that_no_machine_wrote_is_believed() -> None:
    assert not inbound_mail.parse(mail(Auto_Submitted="no")).is_automatic


@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: f"From: {text}\nSubject: {text}\n\n{text}".encode())
)
def test_nothing_that_is_sent_makes_reading_fail(raw: bytes) -> None:
    read = inbound_mail.parse(raw)

    assert len(read.text) <= inbound_mail.LONGEST
    read.text.encode()
    read.subject.encode()


def test_a_mail_is_a_lead_once_with_its_text_as_an_interaction(tables: None) -> None:
    hire_everybody()

    first, same = service.receive_mail(mail()), service.receive_mail(mail())
    later = service.receive_mail(mail(Message_ID="<2@example.cn>", Subject="Hurry"))

    [lead] = all_of(Lead)
    assert [each.how for each in (first, same, later)] == ["CREATED", "KNOWN", "JOINED"]
    assert seen(lead, "name", "email", "channel", "message", "touches") == (
        "Li Lei", "li@example.cn", "EMAIL", "Please send an offer.", 1,
    )  # fmt: skip
    assert sorted(seen(each, "type", "direction", "subject") for each in all_of(Activity)) == [
        ("EMAIL", "IN", "Hurry"),
        ("EMAIL", "IN", "Offer"),
    ]


def test_an_answer_from_another_address_joins_the_lead_of_its_thread(tables: None, stream: Stream) -> None:
    hire_everybody()
    lead = service.receive_mail(mail()).lead
    assert lead is not None

    answer = mail("I take over.", From="han@example.cn", Message_ID="<3@x.cn>", In_Reply_To="<1@example.cn>")
    joined = service.receive_mail(answer)
    stream.drain()

    assert (joined.how, [each.id for each in all_of(Lead)]) == ("JOINED", [lead.id])
    assert {each.about_id for each in all_of(Activity)} == {lead.id}
    assert again(lead).sla_status == "DUE"  # what the other side wrote is no answer of ours


def test_who_joins_a_thread_is_noted_with_name_and_address_once(tables: None) -> None:
    hire_everybody()
    service.receive_mail(mail())
    told = {"From": "Han Mei <han@example.cn>", "Message_ID": "<3@x.cn>", "In_Reply_To": "<1@example.cn>"}

    first, same = (service.receive_mail(mail("I take over.", **told)) for _ in range(2))
    deeper = service.receive_mail(mail("Well?", **told | {"Message_ID": "<4@x.cn>", "From": "Mo <mo@x.cn>"}))

    [lead] = all_of(Lead)
    assert [each.how for each in (first, same, deeper)] == ["JOINED", "KNOWN", "JOINED"]
    assert seen(lead, "name", "email", "touches") == ("Li Lei", "li@example.cn", 2)
    assert {(each.matched_by, each.details["name"], each.details["email"]) for each in all_of(Touch)} == {
        ("thread", "Han Mei", "han@example.cn"),
        ("thread", "Mo", "mo@x.cn"),
    }
    assert len(all_of(Activity)) == 3


def test_two_people_whose_mails_have_one_id_are_two_leads(tables: None) -> None:
    hire_everybody()
    other = mail("And me?", From="Han Mei <han@example.cn>")

    received = [service.receive_mail(raw).how for raw in (mail(), other, other, mail())]

    assert received == ["CREATED", "CREATED", "KNOWN", "KNOWN"]
    assert sorted(lead.email for lead in all_of(Lead)) == ["han@example.cn", "li@example.cn"]
    assert len(all_of(Activity)) == 2


def test_over_http_a_mail_comes_in_base64(client: Client) -> None:
    hire_everybody()
    nobody = base64.b64encode(b"Subject: x\n\nhi").decode()

    assert client.post("/leads/mails", {"raw": a_mail("li@example.cn", "1")}).status == 401
    assert client.post("/leads/mails", {"raw": a_mail("li@example.cn", "1")}, by=FINANCE).status == 403
    taken = client.post("/leads/mails", {"raw": a_mail("li@example.cn", "1")}, by=OPERATIONS)
    refused = [client.post("/leads/mails", {"raw": raw}, by=OPERATIONS) for raw in (nobody, "abcde")]

    assert (taken.status, taken.json["how"]) == (200, "CREATED")
    codes = [reply.json["errors"][0]["code"] for reply in refused]
    assert codes == ["no_sender", "base64"]


def test_a_mail_without_a_sender_is_refused(tables: None) -> None:
    with pytest.raises(errors.Invalid):
        service.receive_mail(b"Subject: x\n\nhi")


# By way of the bucket into which SES puts what comes for the company.


def take_in(event: dict[str, Any]) -> None:
    """What the function does when S3 wakes it."""
    import app  # heavy: the whole house

    files.forget()
    with permissions.acting_as("inbound_mail"):
        app.inbound_mail(event, Context("inbound_mail"))


def test_a_mail_in_the_bucket_is_a_lead_once_however_often_it_is_told_of(stream: Stream) -> None:
    hire_everybody()
    event = arrived("mails/ab c+1", mail())

    take_in(event)
    take_in(event)
    take_in(arrived("mails/another", mail()))  # the same mail, for a second address of ours

    stream.drain()
    [lead] = all_of(Lead)
    assert seen(lead, "email", "channel", "touches", "message") == (
        "li@example.cn", "EMAIL", 0, "Please send an offer."
    )  # fmt: skip
    assert len(all_of(Activity)) == 1


def test_a_mail_that_nobody_can_answer_stays_and_somebody_is_told(tables: None) -> None:
    hire_everybody()
    event = arrived("mails/1", b"Subject: hello\n\nhi")

    take_in(event)

    [parked] = quarantine.parked(limit=5).items
    assert (parked.stage, json.loads(parked.body)["key"]) == ("mail", "mails/1")
    assert "raw: no_sender" in parked.reason
    assert not all_of(Lead)


def test_what_ses_writes_to_try_the_bucket_is_no_mail(tables: None) -> None:
    take_in(arrived("mails/AMAZON_SES_SETUP_NOTIFICATION", b"Delivery test"))

    assert not quarantine.parked(limit=5).items


def test_a_fault_that_nobody_foresaw_is_left_to_lambda_to_try_again(tables: None) -> None:
    with pytest.raises(ClientError):
        take_in(arrived("mails/gone", None))
