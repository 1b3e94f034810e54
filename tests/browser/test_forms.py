"""Lead forms in Chromium, on a phone: the hosted page and the snippet on another site, in both languages."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from chalicelib.sales.leads.models import Lead, Submission
from tests.browser.bridge import STAGE, app_handler, served, site_handler
from tests.client import Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import a_form, all_of, field, label
from tests.streams import Stream

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 360, "height": 740}
#: language → what its visitor reads and fills in.
VISITORS = {
    "en": {
        "title": "Ask for a demo",
        "name": "Ann Lee",
        "send": "Send",
        "wrong": "This is not an e-mail address.",
    },
    "zh-CN": {"title": "预约演示", "name": "李雷", "send": "提交", "wrong": "不是有效的邮箱地址。"},
}
THANKS = {"en": "Thank you. We will be in touch soon.", "zh-CN": "感谢您的提交，我们会尽快与您联系。"}
languages = pytest.mark.parametrize("language", ["en", "zh-CN"])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def api(client: Client) -> Iterator[str]:
    hire_everybody()
    with served(app_handler(client)) as origin:
        yield origin + STAGE


@pytest.fixture
def form(client: Client) -> dict[str, Any]:
    choices = [
        {"value": "GTX", "label": label("GTX", "GTX 系列")},
        {"value": "MG", "label": label("MG", "MG 系列")},
    ]
    fields = [
        field("name", required=True),
        field("email", "EMAIL", required=True),
        field("products", "CHOICES", choices=choices),
        field("message", "LONG_TEXT"),
    ]
    consent = {"version": "1", "text": label("You may call me.", "您可以致电给我。")}
    return a_form(client, fields=fields, consent=consent, token_seconds=1)


def phone(chromium: Browser, language: str, **options: Any) -> Page:
    """A page on a phone whose owner reads a language; every error of the page fails the test."""
    context = chromium.new_context(
        viewport=PHONE,
        is_mobile=True,
        has_touch=True,
        locale=language,
        **options,
    )
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
    page.on(
        "console", lambda line: pytest.fail(line.text) if "Content Security Policy" in line.text else None
    )
    return page


def fill(page: Page, language: str) -> None:
    """Fill the form in with a wrong e-mail, see it named, correct it, and send."""
    visitor = VISITORS[language]
    expect(page.get_by_role("heading", name=visitor["title"])).to_be_visible()
    page.locator("[name=name]").fill(visitor["name"])
    page.locator("[name=email]").fill("nobody")
    page.locator("[name=products][value=MG]").tap()
    page.locator("[name=consent]").tap()
    page.get_by_role("button", name=visitor["send"]).tap()
    expect(page.locator("[data-field=email] .salestream-error")).to_have_text(visitor["wrong"])
    expect(page.locator("[name=email]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=email]")).to_be_focused()
    page.locator("[name=email]").fill("ann@example.cn")
    page.get_by_role("button", name=visitor["send"]).tap()
    expect(page.get_by_text(THANKS[language])).to_be_visible(timeout=10_000)


def assert_fits(page: Page) -> None:
    """Nothing runs off a phone's screen, and what is to be tapped is large enough for a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for box in page.locator("form button, form input:visible:not([type=checkbox])").all():
        size = box.bounding_box()
        assert size is None or size["x"] < 0 or size["height"] >= 44


def the_lead(stream: Stream) -> Lead:
    """The one lead that came of it."""
    stream.drain()
    [lead] = all_of(Lead)
    return lead


@languages
def test_a_visitor_sends_the_hosted_page(
    chromium: Browser, api: str, form: dict[str, Any], stream: Stream, language: str
) -> None:
    page = phone(chromium, language)
    page.goto(f"{api}/forms/{form['id']}?utm_source=baidu")
    assert_fits(page)

    fill(page, language)

    lead = the_lead(stream)
    assert (lead.name, lead.email, lead.products) == (VISITORS[language]["name"], "ann@example.cn", ["MG"])
    assert (lead.utm["utm_source"], lead.language) == ("baidu", language)
    assert lead.page.startswith(api)
    assert lead.consent["text"] == form["consent"]["text"][language]


@languages
def test_a_visitor_sends_the_snippet_on_another_site(
    chromium: Browser, api: str, form: dict[str, Any], stream: Stream, language: str
) -> None:
    snippet = f'<script src="{api}/forms/{form["id"]}/embed.js" async></script>'
    html = (
        f'<!doctype html><html lang="{language}"><meta name="viewport" content="width=device-width">'
        f"<body>{snippet}</body></html>"
    )
    with served(site_handler(html)) as site:
        page = phone(chromium, language)
        page.goto(f"{site}/?utm_campaign=autumn")
        expect(page.locator("form.salestream-form")).to_be_visible()
        assert_fits(page)

        fill(page, language)

    lead = the_lead(stream)
    assert (lead.email, lead.utm["utm_campaign"], lead.language) == ("ann@example.cn", "autumn", language)
    assert lead.page.startswith(site)


@languages
def test_without_scripts_the_page_posts_by_itself(
    chromium: Browser, api: str, form: dict[str, Any], stream: Stream, language: str
) -> None:
    page = phone(chromium, language, java_script_enabled=False)
    page.goto(f"{api}/forms/{form['id']}?lang={language}")
    page.locator("[name=name]").fill("Ann Lee")
    page.locator("[name=email]").fill("ann@example.cn")
    page.locator("[name=consent]").check()
    page.wait_for_timeout(1_100)

    page.get_by_role("button", name=VISITORS[language]["send"]).click()

    expect(page.get_by_text(THANKS[language])).to_be_visible()
    assert page.url.startswith(f"{api}/forms/{form['id']}/thanks")
    assert the_lead(stream).email == "ann@example.cn"


def test_a_visitor_can_change_the_pages_language(chromium: Browser, api: str, form: dict[str, Any]) -> None:
    page = phone(chromium, "en")
    page.goto(f"{api}/forms/{form['id']}")

    page.get_by_role("link", name="中文").tap()

    expect(page.get_by_role("heading", name="预约演示")).to_be_visible()


def test_a_double_tap_sends_once(chromium: Browser, api: str, form: dict[str, Any]) -> None:
    page = phone(chromium, "en")
    page.goto(f"{api}/forms/{form['id']}")
    page.locator("[name=name]").fill("Ann Lee")
    page.locator("[name=email]").fill("ann@example.cn")
    page.locator("[name=consent]").tap()

    page.evaluate("for (const _ of [1, 2]) document.querySelector('form').requestSubmit()")

    expect(page.get_by_text(THANKS["en"])).to_be_visible(timeout=10_000)
    page.wait_for_timeout(500)
    assert len(all_of(Submission)) == 1
