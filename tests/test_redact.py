"""Secrets go, everything else stays, and places and blocks stay right."""

from __future__ import annotations

import random
import string
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.records import Block, Document, Place
from cairn.core.redact import redact, redact_document
from tests.extract.checks import check_document
from tests.redact_samples import armoured, made, samples

SAMPLES = samples()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_secret_goes_and_is_named(name: str) -> None:
    text, secret, kind = SAMPLES[name]
    result = redact(f"Before it.\n{text}\nAfter it.")
    assert secret not in result.text
    assert kind in [each.kind for each in result.found]
    assert result.text.startswith("Before it.\n") and result.text.endswith("\nAfter it.")
    assert result.text.count("\n") == text.count("\n") + 2
    assert redact(result.text).text == result.text


@pytest.mark.parametrize(
    "text",
    [
        "The password is required.", "I forgot the password again", "the password is wrong, sorry",
        "My password manager is great.", "password: required", "password: str = None",
        "def login(user: str, password: str) -> None:", "password = get_password()",
        "password = config.db.password", 'password = os.environ["PASSWORD"]',
        "password=${DB_PASSWORD}", "password: <your password>", "Password: ********",
        '"password": "Your password"', "forgot_password: Reset it", "max_tokens: 4096",
        "tokenizer = AutoTokenizer", "The secret to growth. It is simple.", "token: string",
        "The key: C major, 120 bpm", "primary key: user_id", "commit " + "3f" * 20,
        "token_sha256: 9f86d081884c7d659a2feaa0c55ad015",
        "id: 123e4567-e89b-12d3-a456-426614174000",
        "ISBN 978-3-16-148410-0", "call +49 170 1234567 or 0049 89 12345678901",
        "order 4111111111111111", "timestamp 1700000000000", "IBAN DE89 3704 0044 0532 0130 00",
        "docker run -u 1000:1000 image", "https://example.org:8080/path@v2", "Cookie: a small cake",
        "basic understanding of it", "the bearer of this letter", "sk-loading-indicator-container",
        "PIN code 560001", "pin = 13", "Our passwords, keys and tokens are safe.", "",
        'password: ""', "password: ''", "password: see vault", "password=<your-password>",
        'password=os.environ["DB_PASSWORD1"]', "password: Optional[Str2]", "password: [REDACTED]",
        "password: Vec<[u8;32]>", "password=connect(host1,", "password: UITextField",
        'password = f"{a}b12345"', "password = self.rows[0].column2", "password=%PASSWORD1%",
        "password=$(pass show a1b2c3)", "secret: org/apache/http2/X509Cert", "token: v1.2.3",
        "public_key_base64: TUlJQklqQU5CZ2txaGtpRzl3", "pages: 2\npassword: not-required",
        '"ClientToken": "4752b573-40a6-4eac-a8a4-a72058761219"', "token: &anchor", "password: |-",
        "The recovery phrase is a list of twelve words that you must keep in a safe place at home",
        "Please enter username, password, and email.\nThen, press, send.\n",
    ],
)  # fmt: skip
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text).found == ()


def test_offsets_are_of_the_original_and_line_breaks_stay() -> None:
    key = armoured("EC PRIVATE KEY")
    text = f"a\n{key}\nb"
    (found,) = redact(text).found
    assert text[found.start : found.end] == key
    assert redact(text).text == "a\n[redacted: private key]" + "\n" * key.count("\n") + "\nb"


def test_a_key_without_an_end_goes_as_far_as_it_looks_like_one() -> None:
    text = armoured("RSA PRIVATE KEY").partition("\n-----END")[0] + "\n\nA sentence follows it."
    assert redact(text).text.strip().endswith("A sentence follows it.")
    assert made(64, seed=3) not in redact(text).text


def test_a_secret_goes_wherever_it_is_said_again() -> None:
    word = "hunter" + "2xyz"
    assert word not in redact(f"Log in with {word} then.\npassword: {word}").text


def document(text: str, cuts: list[int]) -> Document:
    starts = [0, *(at + 1 for at, ch in enumerate(text) if ch == "\n")]
    places = tuple(Place(start, "L", number) for number, start in enumerate(starts, 1))
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    blocks = tuple(Block(start, end) for start, end in pairwise(edges) if text[start:end].strip())
    return Document("file:x", "note", "Title", text, places, blocks)


LINES = st.sampled_from(
    ["A garden.", "", "password: hunter" + "2", "PIN: 48" + "21", armoured("DSA PRIVATE KEY")]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=6), st.lists(st.integers(0, 2000), max_size=12))
def test_places_and_blocks_stay_right(lines: list[str], cuts: list[int]) -> None:
    before = document("\n".join((*lines, "The end.")), cuts)
    after, counts = redact_document(before)
    check_document(after)
    assert sum(counts.values()) == len(redact(before.text).found)
    starts = [place.start for place in after.places]
    assert len(set(starts)) == len(starts)
    rows = before.text.split("\n")
    for place in after.places:
        row = after.text[place.start :].split("\n")[0]
        assert "[redacted" in row or row in ("", rows[place.number - 1])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_comes_through(text: str) -> None:
    once = redact(text)
    assert redact(once.text).text == once.text


def test_a_document_without_secrets_comes_back_itself() -> None:
    plain = document("A garden.\nA bed.", [9])
    assert redact_document(plain) == (plain, {}) and redact_document(plain)[0] is plain


def test_every_field_and_part_is_redacted() -> None:
    word = "hunter" + "2"
    said = f"password: {word}"
    text = "ann,sword" + "fish"
    inner = Document("u!/a", "note", "t", said, (Place(0, "L", 1),), (Block(0, len(said)),))
    block = Block(0, len(text), (said,), "user,password", "", said)
    outer = Document(
        "u", "table", said, text, (Place(0, "L", 1),), (block,), who=said, note=said, parts=(inner,)
    )
    after, counts = redact_document(outer)
    assert word not in repr(after) and "swordfish" not in repr(after)
    assert counts == {"password": 3}


UUID = "123e4567-e89b-12d3-" + "a456-426614174000"
ALNUM = string.ascii_letters + string.digits
LABELLED = {
    "aws_secret_access_key = {}": (ALNUM + "/+", 40),
    "AWS_SECRET_ACCESS_KEY={}": (ALNUM + "/+", 40),
    "API_KEY={}": (ALNUM + "-_", 32),
    "api_key: {}": (string.hexdigits.lower(), 32),
    'token = "{}"': (ALNUM + "-_", 43),
    "auth_token={}": (string.ascii_lowercase + string.digits, 20),
    "client_secret: {}": (ALNUM + "-_~.", 40),
    "SECRET_KEY='{}'": (ALNUM + "!@#$%^&*(-_=+)", 50),
    "SECRET_KEY_BASE={}": (string.hexdigits.lower(), 128),
    "password = {}": (ALNUM + "!@#$%^&*", 12),
    "DB_PASSWORD={}": (ALNUM + "!@#$%^&*;,'\"()", 16),
    "password: {}": (ALNUM + string.punctuation, 14),
    "Mot de passe\u00a0: {}": (ALNUM + "!?", 12),
    "user: ann\n- Passwort:  {}  # new": (ALNUM + "!?", 12),
    "Password: {}": (string.ascii_letters, 12),
    "  password: {}": (string.ascii_letters, 12),
}


@pytest.mark.parametrize("shape", LABELLED)
def test_random_values_beside_a_label_go(shape: str) -> None:
    letters, length = LABELLED[shape]
    chosen = random.Random(shape)
    left = []
    for _ in range(300):
        value = "".join(chosen.choices(letters, k=length))
        clean = redact(f"a: 1\n{shape.format(value)}\nb: 2\n").text
        if value[: length // 2] in clean or value[-(length // 2) :] in clean:
            left.append(value)
    assert len(left) <= (30 if letters == string.ascii_letters else 6), left


@pytest.mark.parametrize(
    "text",
    [
        f"HEROKU_API_KEY={UUID}", f"api_key: {UUID}", f"[a]\nsecret = {UUID}",
        f'{{"api_token": "{UUID}"}}', f'export DEPLOY_TOKEN="{UUID}"',
    ],
)  # fmt: skip
def test_an_identifier_behind_the_label_of_a_key_goes(text: str) -> None:
    assert UUID not in redact(text).text


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2009", "\t", ""])
@pytest.mark.parametrize("label", ["Mot de passe", "pass\u200bword", "pass\u00adword", "\ufeffpwd"])
def test_odd_blanks_and_unseen_letters_hide_nothing(label: str, blank: str) -> None:
    text = f"\u200b\n{label}{blank}: hun\u00adter" + "2x\u200b\nEnd"
    assert redact(text).text == f"\u200b\n{label}{blank}: [redacted: password]\u200b\nEnd"


SHAPES = (
    "a", "=", "password=", "eyJ", "-----BEGIN ", "7", "://", '"', "key", "user,password\n",
    "pin 1", "curl -u ", "password is ", "-----BEGIN PRIVATE KEY-----",
    "password ", "\u200b", "\u00adpassword: aB3(x\n", "password: aB3([{<\n", "password\u00a0",
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_time_is_linear(shape: str) -> None:
    def spent(length: int) -> float:
        text = shape * (length // len(shape))
        start = time.process_time()
        redact(text)
        return time.process_time() - start

    assert spent(80_000) < 8 * spent(20_000) + 0.2


@pytest.mark.parametrize(
    "before", ["Passwort fürs WLAN = ", "Passwort für das WLAN: ", "password for the router: "]
)
def test_a_password_is_known_although_its_label_says_what_for(before: str) -> None:
    word = "Tannen" + "zapfen9"
    assert redact(before + word + "\n").text == before + "[redacted: password]\n"


def test_a_card_number_of_few_digits_is_one_after_its_name() -> None:
    assert redact("visa 4111 " + "1111 " * 2 + "1111").text == "visa [redacted: card number]"
