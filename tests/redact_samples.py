"""Made-up secrets of many kinds, put together at run time so that no whole one stands in a file."""

from __future__ import annotations

import base64
import hashlib
import random
import string

_ALNUM = string.ascii_letters + string.digits
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def made(length: int, letters: str = _ALNUM, seed: int = 1) -> str:
    """The same random letters each time, of every class that there is."""
    chosen = random.Random(seed * 1000 + length)
    classes = [set(letters) & set(group) for group in (string.ascii_letters, string.digits)]
    first = [chosen.choice(sorted(group)) for group in classes if group]
    return "".join(first + [chosen.choice(letters) for _ in range(length - len(first))])


def hexed(length: int, seed: int = 1) -> str:
    return made(length, "0123456789abcdef", seed)


def wallet_key() -> str:
    body = b"\x80" + hashlib.sha256(b"cairn").digest()
    whole = body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    number, text = int.from_bytes(whole, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return text


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode().rstrip("=")


def armoured(name: str) -> str:
    lines = "\n".join(made(64, seed=n) for n in range(4))
    return f"-----BEGIN {name}-----\n{lines}\n-----END {name}-----"


def samples() -> dict[str, tuple[str, str, str]]:
    """A name → a text, the secret in it, and the kind that it must be called."""
    token = f"eyJ{encoded('hbGciOiJIUzI1NiJ9')}.eyJ{made(40)}.{made(43)}"
    card = " ".join(("4111", "1111", "1111", "1111")).replace("1111 1111", "1234 5678")
    card = next(c for n in range(10) if _luhn((c := card[:-1] + str(n)).replace(" ", "")))
    shapes = {
        "aws": ("AKIA" + made(16, string.ascii_uppercase + string.digits), "AWS access key"),
        "google api": ("AIza" + made(35), "Google API key"),
        "google oauth": ("ya29." + made(60), "Google OAuth token"),
        "google secret": ("GOCSPX-" + made(28), "Google OAuth secret"),
        **{f"github {c}": (f"gh{c}_" + made(36), "GitHub token") for c in "pousr"},
        "github fine": ("github_pat_" + made(82), "GitHub token"),
        "gitlab": ("glpat-" + made(20), "GitLab token"),
        "slack": ("xoxb-" + made(12, string.digits) + "-" + made(24), "Slack token"),
        "slack hook": ("hooks.slack.com/services/T0/B0/" + made(24), "Slack webhook"),
        "discord hook": ("discord.com/api/webhooks/" + "1" * 18 + "/" + made(68),
                         "Discord webhook"),
        "discord": ("M" + made(23) + "." + made(6) + "." + made(38), "Discord token"),
        "telegram": ("110201543:AA" + made(33), "Telegram token"),
        "stripe": ("sk_live_" + made(24), "Stripe key"),
        "stripe restricted": ("rk_live_" + made(24), "Stripe key"),
        "twilio": ("SK" + hexed(32), "Twilio key"),
        "sendgrid": ("SG." + made(22) + "." + made(43), "SendGrid key"),
        "mailgun": ("key-" + hexed(32), "Mailgun key"),
        "mailchimp": (hexed(32) + "-us21", "Mailchimp key"),
        "npm": ("npm_" + made(36), "npm token"),
        "pypi": ("pypi-" + made(120), "PyPI token"),
        "docker": ("dckr_pat_" + made(27), "Docker Hub token"),
        "hugging face": ("hf_" + made(34), "Hugging Face token"),
        "openai": ("sk-" + made(48), "OpenAI key"),
        "openai project": ("sk-proj-" + made(60), "OpenAI key"),
        "anthropic": ("sk-ant-api03-" + made(90), "Anthropic key"),
        "facebook": ("EAA" + made(120), "Facebook token"),
        "square": ("sq0atp-" + made(22), "Square token"),
        "shopify": ("shpat_" + hexed(32), "Shopify token"),
        "digitalocean": ("dop_v1_" + hexed(64), "DigitalOcean token"),
        "heroku": ("HRKU-" + made(36), "Heroku key"),
        "databricks": ("dapi" + hexed(32), "Databricks token"),
        "dropbox": ("sl." + made(130), "Dropbox token"),
        "notion": ("ntn_" + made(46), "Notion token"),
        "linear": ("lin_api_" + made(40), "Linear key"),
        "figma": ("figd_" + made(40), "Figma token"),
        "atlassian": ("ATATT3" + made(180), "Atlassian token"),
        "sentry": ("sntrys_" + made(60), "Sentry token"),
        "vault": ("hvs." + made(90), "Vault token"),
        "terraform": (made(14) + ".atlasv1." + made(67), "Terraform token"),
        "age": ("AGE-SECRET-KEY-1" + made(58, string.ascii_uppercase + "0123"), "age key"),
        "bitcoin": (wallet_key(), "Bitcoin key"),
        "jwt": (token, "web token"),
        "totp": ("otpauth://totp/me?secret=" + made(32, "ABCDEFGH234567"),
                 "one-time password setup"),
        "bcrypt": ("$2b$12$" + made(53), "password hash"),
        "card": (card, "card number"),
        "pem": (armoured("RSA PRIVATE KEY"), "private key"),
        "openssh": (armoured("OPENSSH PRIVATE KEY"), "private key"),
        "pgp": (armoured("PGP PRIVATE KEY BLOCK"), "PGP private key"),
    }  # fmt: skip
    found = {name: (f"Here: {secret} .", secret, kind) for name, (secret, kind) in shapes.items()}
    return {**found, **_labelled()}


def _luhn(digits: str) -> bool:
    odd = [int(d) for d in digits[-1::-2]]
    return (sum(odd) + sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])) % 10 == 0


def _labelled() -> dict[str, tuple[str, str, str]]:
    word = "hunter" + "2x"
    key = made(40, seed=7)
    plain = "sword" + "fish"
    phrase = "acid bulb cave dizzy elbow fame gasp hazard icon jewel kite lunar"
    p = "password"
    given = {
        "env": (f"export DB_PASSWORD={word}", word, p),
        "env plain": (f"A=1\nDB_PASSWORD={plain}\nB=2", plain, p),
        "env quoted": (f'DB_PASSWORD="two {plain} {word}"', f"two {plain} {word}", p),
        "yaml": (f"db:\n  password: {plain}\n", plain, p),
        "toml": (f'[db]\npassword = "{plain}"\n', plain, p),
        "ini": (f"[db]\nuser = me\npassword = {plain}\n", plain, p),
        "json": (f'{{"password": "{plain}", "a": 1}}', plain, p),
        "code": (f'client.connect(password="{plain}")', plain, p),
        "named": (f'{{"name": "DB_PASSWORD", "value": "{word}"}}', word, p),
        "xml": (f"<password>{word}</password>", word, p),
        "flag": (f"tool --password {word} run", word, p),
        "csv": (f"user,password\nann,{plain}\n", plain, p),
        "markdown": (f"| user | password |\n|---|---|\n| ann | {plain} |\n", plain, p),
        "netrc": (f"machine example.org login ann password {plain}", plain, p),
        "curl": (f"curl -u ann:{word} https://example.org", word, p),
        "mysql": (f"mysql -u root -p{word} shop", word, p),
        "pgpass": (f"db.example.org:5432:shop:ann:{word}", word, p),
        "connection": (f"Server=x;User Id=sa;Password={word};Encrypt=yes", word, p),
        "note": (f"The password is {word}.", word, p),
        "note plain": (f"Wifi password: {plain}\n", plain, "Wi-Fi password"),
        "bold": (f"**Password:** `{plain}`", plain, p),
        "below": (f"Password:\n{word}\n", word, p),
        "german": (f"Passwort: {plain}", plain, p),
        "french": (f"mot de passe : {word}", word, p),
        "spanish": (f"contraseña: {word}", word, p),
        "russian": (f"Пароль: {word}", word, p),
        "chinese": (f"我的密码是{word}", word, p),
        "url": (f"postgres://ann:{word}@db.example.org/shop", word, "password in an address"),
        "wpa": (f'network={{\n  psk="{word}"\n}}', word, "Wi-Fi password"),
        "pin": ("PIN: " + "48" + "21", "48" + "21", "PIN"),
        "api key": (f"X-Api-Key: {key}", key, "API key"),
        "client secret": (f'"client_secret": "{key}"', key, "secret"),
        "aws secret": (f"aws_secret_access_key = {key}", key, "AWS secret key"),
        "azure": (f"AccountName=x;AccountKey={key}==;", key, "Azure storage key"),
        "sas": (f"https://x.blob.example/?sv=1&sig={key}", key, "Azure signature"),
        "cloudflare": (f"CLOUDFLARE_API_TOKEN={key}", key, "Cloudflare token"),
        "bearer": (f"Authorization: Bearer {key}", key, "bearer token"),
        "basic": (f"Authorization: Basic {encoded('ann:' + word)}", encoded("ann:" + word),
                  "basic authentication"),
        "docker auth": (f'"auth": "{encoded("ann:" + word)}"', encoded("ann:" + word),
                        "basic authentication"),
        "cookie": (f"Cookie: session={key}", key, "cookie"),
        "kubeconfig": (f"client-key-data: {encoded(armoured('RSA PRIVATE KEY'))}",
                       encoded(armoured("RSA PRIVATE KEY")), "private key"),
        "seed": (f"Recovery phrase: {phrase}", phrase, "recovery phrase"),
        "ssn": ("SSN: " + "-".join(("123", "45", "6789")), "-".join(("123", "45", "6789")),
                "social security number"),
    }  # fmt: skip
    return given
