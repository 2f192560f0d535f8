"""A name such as `DB_PASSWORD`, `client secret` or `Kennwort` → what kind of secret it labels.

Called by `values` and `columns`. A name is judged by its last words, so that `password_reset_url`
and `max_tokens` label nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Strength = Literal["password", "weak", "token", "digits"]
"""What a value must look like: anything, odd, random, or a short number."""


@dataclass(frozen=True, slots=True)
class Label:
    kind: str
    strength: Strength


_PASSWORD, _WEAK = Label("password", "password"), Label("password", "weak")
_WORDS: dict[str, Label] = {
    **dict.fromkeys(
        """password passwords passwd passwort kennwort passcode pwd userpwd dbpassword contraseña
        contrasena senha wachtwoord lösenord adgangskode passord salasana hasło haslo jelszó şifre
        sifre пароль dbpass userpass mysqlpwd rootpw pgpassword sshpass motdepasse zugangscode
        """.split(),
        _PASSWORD,
    ),
    **dict.fromkeys("pass pw clave heslo parola pswd pword".split(), _WEAK),
    "passphrase": Label("passphrase", "password"),
    "psk": Label("Wi-Fi password", "password"),
    **dict.fromkeys("secret secrets clientsecret appsecret".split(), Label("secret", "token")),
    **dict.fromkeys(
        "token tokens authtoken accesstoken refreshtoken pat".split(), Label("token", "token")
    ),
    **dict.fromkeys("apikey apikeys appkey".split(), Label("API key", "token")),
    **dict.fromkeys("credential credentials auth".split(), Label("credential", "token")),
    "authorization": Label("credential", "token"),
    "accountkey": Label("Azure storage key", "token"),
    "privatekey": Label("private key", "token"),
    **dict.fromkeys("pin puk pincode".split(), Label("PIN", "digits")),
    **dict.fromkeys("cvv cvc cvv2 cvc2 csc".split(), Label("card security code", "digits")),
}  # fmt: skip
_KEYS: dict[str, Label] = {
    **dict.fromkeys("api app subscription service webhook rest".split(), Label("API key", "token")),
    **dict.fromkeys(
        "secret access signing encryption master auth session shared preshared hmac jwt deploy "
        "admin cipher sas".split(),
        Label("secret key", "token"),
    ),
    **dict.fromkeys("account storage".split(), Label("Azure storage key", "token")),
    "private": Label("private key", "token"),
}
_PAIRS: dict[tuple[str, str], Label] = {
    **{(first, "key"): label for first, label in _KEYS.items()},
    **{(first, "keys"): label for first, label in _KEYS.items()},
    ("pass", "phrase"): Label("passphrase", "password"),
    ("pass", "word"): _PASSWORD,
    ("pass", "code"): _PASSWORD,
    ("de", "passe"): _PASSWORD,
    ("key", "data"): Label("private key", "token"),
    ("pin", "code"): Label("PIN", "digits"),
    ("security", "code"): Label("card security code", "digits"),
}
_VENDORS = {
    "aws": "AWS secret key", "heroku": "Heroku key", "cloudflare": "Cloudflare token",
    "cf": "Cloudflare token", "twilio": "Twilio token", "azure": "Azure key",
    "datadog": "Datadog key", "mailgun": "Mailgun key", "algolia": "Algolia key",
}  # fmt: skip
_SUFFIXES = frozenset(
    "prod production dev test testing staging live value text base b64 plain old new main "
    "primary secondary default raw".split()
)
# A name with one of these tells about a secret, or asks for one.
_ABOUT = frozenset(
    """forgot forget forgotten reset change changed confirm enter show hide invalid wrong missing no
    require required requires has have is use uses verify validate check get hash hashed encrypted
    label title placeholder hint min max length len count type field name file path url uri link
    policy public csrf xsrf next page continuation pad eos bos unk mask sep cls stop number num
    incorrect without lost any each every per""".split()
)
_PART = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+")


@lru_cache(4096)
def label_of(name: str) -> Label | None:
    """The label that a name is, from the last words of it."""
    parts = [part.lower() for part in _PART.findall(name)][-8:]
    while len(parts) > 1 and (parts[-1].isdigit() or parts[-1] in _SUFFIXES):
        parts.pop()
    own = {part.lower() for part in _PART.findall(name.rpartition(" ")[2])}
    if not parts or not _ABOUT.isdisjoint(own):
        return None
    found = _PAIRS.get((parts[-2], parts[-1])) if len(parts) > 1 else None
    found = found or _WORDS.get(parts[-1]) or _WORDS.get("".join(parts[-2:]))
    if found and found.strength == "token":
        vendor = next((_VENDORS[part] for part in parts if part in _VENDORS), "")
        return Label(vendor, "token") if vendor else found
    if (
        found
        and found.kind == "password"
        and {"wifi", "wlan", "wpa"} & {*parts, "".join(parts[:2])}
    ):
        return Label("Wi-Fi password", found.strength)
    return found


STEMS = (
    "kennwort",
    "contrase", "clave", "senha", "wachtwoord", "adgangskode", "salasana", "haslo",
    "heslo", "parola", "sifre", "secret", "token", "key",
    "credential", "auth", "psk", "pin", "puk", "cvv", "cvc", "pass", "pw", "zugangscode",
    "security code",
)  # fmt: skip
"""Where to look in a text, ASCII in lower case."""
OTHER_STEMS = (
    "lösenord", "Lösenord", "hasło", "Hasło", "jelszó", "Jelszó", "şifre", "Şifre",
    "пароль", "Пароль", "ПАРОЛЬ",
)  # fmt: skip
