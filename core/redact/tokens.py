"""A text → the tokens that are known by their own shape, whoever issued them.

Called by `redact`. Each pattern begins with a fixed text, so the search for it runs at the speed
of a plain text search, and never tries the same run of characters twice, so time is linear.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cairn.core.redact.found import (
    Found,
    is_base58_checked,
    is_mixed,
    is_varied,
    passes_luhn,
)

_ALNUM = "[A-Za-z0-9]"
_SAFE = "[A-Za-z0-9_-]"
_HEX = "[0-9a-f]"


@dataclass(frozen=True, slots=True)
class Rule:
    kind: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] | None = None
    back: int = 0
    """How many characters before the match belong to the secret."""


def _rule(
    kind: str, prefix: str, rest: str, check: Callable[[str], bool] | None = is_varied
) -> Rule:
    """The prefix must not be the middle of a longer word."""
    return Rule(kind, re.compile(f"{prefix}(?<![A-Za-z0-9]{prefix}){rest}"), check)


def _has_digit(text: str) -> bool:
    return any(ch.isdigit() for ch in text[:400])


def _is_encoded_key(text: str) -> bool:
    return b"PRIVATE KEY" in base64.b64decode(text[:64])


_RULES = (
    _rule("AWS access key", "AKIA", "[0-9A-Z]{16}(?![0-9A-Za-z])"),
    _rule("AWS access key", "ASIA", "[0-9A-Z]{16}(?![0-9A-Za-z])"),
    _rule("Google API key", "AIza", _SAFE + "{35}"),
    _rule("Google OAuth token", r"ya29\.", _SAFE + "{20,}+"),
    _rule("Google OAuth secret", "GOCSPX-", _SAFE + "{20,}+"),
    _rule("Google OAuth token", "1//0", _SAFE + "{30,}+"),
    _rule("GitHub token", "gh[pousr]_", _ALNUM + "{30,}+"),
    _rule("GitHub token", "github_pat_", r"\w{40,}+"),
    _rule("GitLab token", "gl(?:pat|oas|ptt|agt|imt|fft)-", _SAFE + "{20,}+"),
    _rule("GitLab token", "gl(?:dt|rt|ft)-", _SAFE + "{20,}+"),
    _rule("Slack token", "xox[abceoprs]-", r"(?:\d-|[A-Z0-9]\.|\w)[A-Za-z0-9-]{10,}+", _has_digit),
    _rule("Slack token", "xapp-", r"\d-[A-Za-z0-9-]{20,}+"),
    _rule("Slack webhook", r"hooks\.slack\.com/", r"[a-z]+/[A-Za-z0-9_/-]{20,}+", None),
    _rule("Discord webhook", r"discord\.com/api/webhooks/", r"\d{15,22}/[\w-]{30,}+", None),
    _rule("Discord webhook", r"discordapp\.com/api/webhooks/", r"\d{15,22}/[\w-]{30,}+", None),
    _rule("Teams webhook", r"\.webhook\.office\.com/", r"webhookb2/[\w@/-]{40,}+", None),
    Rule("Discord token", re.compile(
        r"[MNO](?<![\w.-][MNO])[A-Za-z0-9]{22,27}+\.[\w-]{6}\.[\w-]{27,45}+"), is_mixed),
    Rule("Telegram token", re.compile(r":AA(?<=\d{8}:AA)[\w-]{32,35}+"), is_varied, 8),
    _rule("Stripe key", "sk_(?:live|test)_", _ALNUM + "{16,}+"),
    _rule("Stripe key", "rk_(?:live|test)_", _ALNUM + "{16,}+"),
    _rule("Stripe webhook secret", "whsec_", "[A-Za-z0-9+/=]{24,}+"),
    _rule("Twilio key", "SK", _HEX + "{32}(?![0-9A-Za-z])"),
    _rule("SendGrid key", r"SG\.", _SAFE + r"{16,64}+\." + _SAFE + "{16,64}+"),
    _rule("Mailgun key", "key-", _HEX + "{32}(?![0-9A-Za-z])"),
    Rule("Mailchimp key", re.compile("-us(?<=" + _HEX + r"{32}-us)\d{1,2}\b"), None, 32),
    _rule("npm token", "npm_", _ALNUM + "{36}"),
    _rule("PyPI token", "pypi-", _SAFE + "{50,}+", is_mixed),
    _rule("Docker Hub token", "dckr_[po]at_", _SAFE + "{20,}+"),
    _rule("Hugging Face token", "hf_", _ALNUM + "{30,}+"),
    _rule("Anthropic key", "sk-ant-", _SAFE + "{20,}+"),
    _rule("OpenAI key", "sk-(?!ant-)", _SAFE + "{20,}+", is_mixed),
    _rule("API key", "gsk_", _ALNUM + "{40,}+", is_mixed),
    _rule("API key", "xai-", _ALNUM + "{60,}+", is_mixed),
    _rule("Replicate token", "r8_", _ALNUM + "{37}(?![A-Za-z0-9])"),
    _rule("Facebook token", "EAA", _ALNUM + "{80,}+", is_mixed),
    _rule("Square token", "EAAA", _SAFE + "{60}(?![A-Za-z0-9])", is_mixed),
    _rule("Square token", "sq0(?:atp|csp|idb)-", _SAFE + "{22,}+"),
    _rule("Shopify token", "shp(?:at|ca|pa|ss)_", "[0-9a-fA-F]{32}"),
    _rule("DigitalOcean token", "do[opr]_v1_", _HEX + "{40,}+"),
    _rule("Heroku key", "HRKU-", _SAFE + "{30,}+"),
    _rule("Cloudflare key", r"v1\.0-", _HEX + "{24}-" + _HEX + "{100,}+"),
    _rule("Databricks token", "dapi", _HEX + "{32}(?![0-9A-Za-z])"),
    _rule("Dropbox token", r"sl\.", _SAFE + "{60,}+", is_mixed),
    _rule("Notion token", "ntn_", _ALNUM + "{40,}+"),
    _rule("Notion token", "secret_", _ALNUM + "{43}(?![A-Za-z0-9])"),
    _rule("Linear key", "lin_(?:api|oau)", r"(?:th)?_[A-Za-z0-9]{32,}+"),
    _rule("Figma token", "fig[dour]_", _SAFE + "{30,}+"),
    _rule("Atlassian token", "AT[AC]TT3", r"[\w=-]{40,}+", is_mixed),
    _rule("Sentry token", "sntry[su]_", r"[\w+/=-]{30,}+"),
    _rule("Vault token", r"hv[sbr]\.", _SAFE + "{20,}+"),
    Rule("Terraform token", re.compile(
        r"\.atlasv1\.(?<=[A-Za-z0-9]{14}\.atlasv1\.)[\w-]{40,}+"), None, 14),
    _rule("age key", "AGE-SECRET-KEY-1", "[0-9A-Z]{40,}+"),
    _rule("Grafana token", "glsa_", r"\w{32,}+"),
    _rule("New Relic key", "NRAK-", _ALNUM + "{20,}+"),
    _rule("Postman key", "PMAK-", _SAFE + "{40,}+"),
    _rule("Tailscale key", "tskey-", _SAFE + "{20,}+"),
    _rule("RubyGems key", "rubygems_", _HEX + "{48}"),
    _rule("PlanetScale token", "pscale_(?:tkn|pw_)", _SAFE + "{30,}+"),
    _rule("Doppler token", r"dp\.(?:pt|st|ct)\.", r"[\w.]{40,}+"),
    Rule("Azure client secret", re.compile(
        r"Q~(?<=[A-Za-z0-9_~.-]{3}\dQ~)[A-Za-z0-9_~.-]{31,34}+"), is_mixed, 4),
    _rule("Bitcoin key", "xprv", "[1-9A-HJ-NP-Za-km-z]{100,112}+"),
    Rule("Bitcoin key", re.compile(
        "[5KL](?<![A-Za-z0-9][5KL])[1-9A-HJ-NP-Za-km-z]{50,51}(?![A-Za-z0-9])"),
        is_base58_checked),
    Rule("web token", re.compile(
        r"eyJ(?<![\w-]eyJ)[\w-]{8,}+\.eyJ[\w-]{6,}+\.[\w-]*+"), None),
    Rule("web token", re.compile(
        r"eyJ(?<![\w-]eyJ)[\w-]{8,}+\.[\w-]*+\.[\w-]{10,}+\.[\w-]{10,}+\.[\w-]{10,}+"), None),
    Rule("one-time password setup", re.compile(r"otpauth(?:-migration)?://[^\s\"'<>`]{8,4096}+")),
    Rule("private key", re.compile(r"LS0tLS1CRUdJT(?<![A-Za-z0-9+/]LS0tLS1CRUdJT)"
                                   r"[A-Za-z0-9+/=]{60,}+"), _is_encoded_key),
    Rule("password hash", re.compile(
        r"\$(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|(?:argon2(?:id|i|d)|scrypt)\$[\w=,$+/]{30,}+"
        r"|(?:[1567y]|apr1)\$[./A-Za-z0-9=,$]{20,}+)")),
)  # fmt: skip

_GROUPS = (
    # A secret inside a longer match: the group alone goes.
    (
        "password in an address",
        re.compile(r"://(?=[^\s/\"'<>`]{1,512}@)[^\s/:@\"'<>`]{0,256}:([^\s/\"'<>`]{1,256})@"),
    ),
    ("Sentry token", re.compile(r"://([0-9a-f]{32})(?::[0-9a-f]{32})?@[\w.-]{1,100}/\d")),
    ("token in an address", re.compile(r"://([A-Za-z0-9_-]{20,256})@[\w.-]{3}")),
    ("Azure signature", re.compile(r"[?&;]sig=([A-Za-z0-9%+/=_-]{30,}+)")),
    ("AWS signature", re.compile(r"X-Amz-Signature=([0-9a-f]{64})")),
    ("AWS session token", re.compile(r"X-Amz-Security-Token=([^\s&\"'<>]{40,}+)")),
    # .pgpass: host:port:database:user:password, at the usual ports
    ("password", re.compile(r":5432:[^\s:]{1,64}:[^\s:]{1,64}:([^\s\"'`]{1,128})")),
    ("password", re.compile(r":5433:[^\s:]{1,64}:[^\s:]{1,64}:([^\s\"'`]{1,128})")),
    ("password", re.compile(r":\*:[^\s:]{1,64}:[^\s:]{1,64}:([^\s\"'`]{1,128})")),
)
_GAP = "[ \u00a0\u2013.-]?"
_CARD = re.compile(
    r"[2-6](?<![\w.+/#-][2-6])"
    rf"(?:\d{{3}}({_GAP})\d{{4}}\1\d{{4}}\1\d{{4}}(?:\1\d{{3}})?(?![\w]|-\d)"
    rf"|\d{{3}}({_GAP})\d{{6}}\2\d{{4,5}}(?![\w]|-\d)|\d{{11,18}}(?![\w]|-\d))"
)
_ISSUERS = (
    (re.compile("4"), (13, 16, 19)),
    (re.compile("5[1-5]|22[2-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile("3[47]"), (15,)),
    (re.compile("3[0689]"), (14,)),
    (re.compile("35"), (16,)),
    (re.compile("6011|64[4-9]|65"), (16, 19)),
    (re.compile("62"), (16, 17, 18, 19)),
    (re.compile("50|5[6-8]|6"), (12, 13, 14, 15, 16, 17, 18, 19)),
)
_CARD_WORD = re.compile(
    r"\b(?:card|visa|master\s?card|maestro|amex|american express|karten?\w*|kreditkarte|carte|"
    r"tarjeta|cart[aã]o|carta|pan)\b",
    re.IGNORECASE,
)
_OTHER_WORD = re.compile(
    r"\b(?:order|track|invoice|isbn|imei|ean|gtin|upc|serial|sku|id|phone|tel|fax|bestell|auftrag|"
    r"rechnung|parcel|shipment|sendung|ticket|ref)\w*\W{0,3}(?:(?:no|nr|number|id)\b\W{0,3})?$",
    re.IGNORECASE,
)
_SSN = re.compile(r"(?:\d{3}-\d\d-\d{4}|\d{9}|\d{3} \d\d \d{4})(?![\w-])")
_SSN_WORD = re.compile(r"\b(?:ssn|social\s+security)\b[^\n\d]{0,40}", re.IGNORECASE)
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_AWS_REACH = 250


def find_tokens(text: str) -> Iterator[Found]:
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            if rule.check is None or rule.check(match[0]):
                start = match.start() - rule.back
                yield Found(start, match.end(), rule.kind, 2)
                if rule.kind == "AWS access key":
                    yield from _aws_secrets(text, match.start(), match.end())
    yield from _cards(text)


def find_addressed(text: str) -> Iterator[tuple[int, int, str]]:
    """Secrets in addresses, as start, end and kind: whether it is only a stand-in is not said."""
    for kind, pattern in _GROUPS:
        for match in pattern.finditer(text):
            yield match.start(1), match.end(1), kind


def _aws_secrets(text: str, start: int, end: int) -> Iterator[Found]:
    """The other half of a pair of keys, which has no shape of its own."""
    for match in _AWS_SECRET.finditer(text, max(0, start - _AWS_REACH), end + _AWS_REACH):
        if is_mixed(match[0]):
            yield Found(match.start(), match.end(), "AWS secret key", 2)


def _cards(text: str) -> Iterator[Found]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if not passes_luhn(digits) or len(set(digits)) < 2:
            continue
        before = text[max(0, match.start() - 60) : match.start()]
        named = _CARD_WORD.search(before) is not None
        if named or (_is_usual_card(match[0], digits) and not _OTHER_WORD.search(before)):
            yield Found(match.start(), match.end(), "card number", 2)


def _is_usual_card(shown: str, digits: str) -> bool:
    """Known by itself: an issuer's digits and length, written the way it is on cards."""
    if len(digits) not in (14, 15, 16, 19) or (len(digits) == 19 and digits == shown):
        return False  # a long bare number is as likely one of a data base
    return any(issuer.match(digits) and len(digits) in lengths for issuer, lengths in _ISSUERS[:-1])


def find_social_security(text: str) -> Iterator[Found]:
    """US numbers, only beside their name."""
    for label in _SSN_WORD.finditer(text):
        match = _SSN.match(text, label.end())
        if match and match[0][:3] not in ("000", "666") and match[0][0] != "9":
            yield Found(match.start(), match.end(), "social security number", 2)
