"""What WhatsApp itself writes into an export, in many languages → kinds of lines, names of files.

Used by its reader. iPhones put an invisible mark before their own words, which tells them apart in
any language; for Android, and for the rest, there are lists of wordings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK = "\u200e"
_INVISIBLE = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))
_UNSEEN: dict[int, str | None] = {**_INVISIBLE, 0x202F: " ", 0xA0: " "}

_EDITED = re.compile(
    r"\s*<[^<>\n]{0,40}(?:edited|bearbeitet|edit[óa]|modificado|modifié|editad[ao]|modificato"
    r"|bewerkt|измен|redigera|redigert|redigeret|muokat|düzenle|diedit|編集|수정|编辑|編輯|تعديل"
    r"|ویرایش|edytowan|upraven|נערכ)[^<>\n]{0,40}>\s*\Z",
    re.I,
)
_OMITTED = re.compile(
    r"<[^<>\n]{0,40}(?:medi|médi|mídia|mídi|медиа|medya|πολυμέσ|メディア|미디어|媒体|媒體|الوسائط"
    r"|رسانه|מדיה|मीडिया|video note|videonotiz|nota de v[ií]deo|soubor)[^<>\n]{0,40}>\Z",
    re.I,
)
_KIND_OMITTED = re.compile(
    r"(?:(?P<file>[^\n]{1,200}\.\w{2,5}) • [^\n]{0,60}?)?"
    r"(?:image|imagen|imagem|immagine|bild|afbeelding|foto|photo|video(?: note)?|v[ií]d[eé]o|audio"
    r"|áudio|gif|sticker|figurinha|document[oe]?|dokument|contact card|kontaktkarte"
    r"|tarjeta de contacto|fiche contact|cartão do contato|contactkaart|scheda contatto)"
    r" (?:omitted|omitid[oa]|ocultad[oa]|weggelassen|absente?|omis|omise|omess[oa]|weggelaten"
    r"|utelämna(?:s|d|t)|pois jätetty|pominięt[ayo])\Z",
    re.I,
)
_ATTACHED = re.compile(r"\s*<[^<>:\n]{1,30}:\s?(?P<file>[^<>\n]{1,200}\.\w{1,5})>")
_DOCUMENT = re.compile(r"[^\n]{1,200}\.\w{2,5} • [^\n]{1,40}\Z")
_FILE = re.compile(r"(?P<file>[^\n]{1,200}\.\w{1,5}) \((?P<word>[^()\n]{2,40})\)\Z")
_OWN_FILE = re.compile(r"(?:IMG|VID|AUD|PTT|STK|DOC|GIF|PTV)-\d{8}-WA\d+", re.I)
_FILE_WORDS = frozenset((
    "file attached", "archivo adjunto", "datei angehängt", "fichier joint", "arquivo anexado",
    "ficheiro anexado", "file allegato", "bestand bijgevoegd", "tiedosto liitetty", "bifogad fil",
    "fil bifogad", "fil vedlagt", "vedhæftet fil", "файл добавлен", "dosya ekli", "dosya eklendi",
    "plik dołączony", "załączono plik", "soubor byl přiložen", "file terlampir", "添付ファイル",
    "ファイルを添付",
    "파일 첨부됨", "文件附件", "檔案附件", "附件", "الملف مرفق", "ملف مرفق", "הקובץ צורף",
))  # fmt: skip
_DELETED = re.compile(
    r"(?:(?:this|you|admin).{0,30} deleted.{0,60}|you deleted this message"
    r"|diese nachricht wurde .{0,30}gelöscht|du hast diese nachricht gelöscht"
    r"|se eliminó este mensaje|este mensaje fue eliminado|eliminaste este mensaje"
    r"|ce message a été supprimé|vous avez supprimé ce message"
    r"|(?:essa |esta )?mensagem (?:foi )?apagada|você apagou esta mensagem|apagou esta mensagem"
    r"|questo messaggio è stato eliminato|hai eliminato questo messaggio"
    r"|dit bericht (?:is|werd) verwijderd|(?:u|je) hebt dit bericht verwijderd"
    r"|(?:данное |это )?сообщение (?:было )?удалено|вы удалили (?:данное |это )?сообщение"
    r"|bu mesaj silindi|bu mesajı sildiniz|tämä viesti poistettiin|poistit tämän viestin"
    r"|det här meddelandet (?:togs bort|raderades)|du tog bort det här meddelandet"
    r"|ta wiadomość została usunięta|usunięto tę wiadomość"
    r"|このメッセージは削除されました|メッセージを削除しました"
    r"|삭제된 메시지입니다|이 메시지는 삭제되었습니다"
    r"|(?:此訊息已刪除|此消息已删除|您已?删除了?此消息|您已刪除此訊息)"
    r"|تم حذف هذه الرسالة|حذفت هذه الرسالة|لقد حذفت هذه الرسالة"
    r"|הודעה זו נמחקה|מחקת הודעה זו)[.。]?\Z",
    re.I,
)
_SYSTEM = re.compile(
    r"null\Z|waiting for this message\b|missed (?:voice|video|group).{0,20} call\b"
    r"|(?=[^\n]{0,400}whatsapp)[^\n]{0,200}"
    r"(?:end-to-end|ende-zu-ende|extremo a extremo|bout en bout|ponta a ponta|сквозн|uçtan uca"
    r"|päästä päähän|エンドツーエンド|종단간"
    r"|端到端|端對端|طرف إلى طرف|מקצה לקצה)",
    re.I,
)
_QUOTES = '"“”„«»「」'


@dataclass(frozen=True, slots=True)
class Said:
    """A message without WhatsApp's own words; `kind` names one that consists of nothing else."""

    text: str
    kind: str = ""
    files: tuple[str, ...] = ()


def seen(text: str) -> str:
    """The text without marks that steer its direction and with plain spaces."""
    return text if text.isascii() else text.translate(_UNSEEN)


def is_system_name(name: str) -> bool:
    """`Ana changed the subject to "Trip`: cut by a colon that belongs to a quoted name."""
    return sum(map(name.count, _QUOTES)) % 2 == 1


def understand(text: str, *, is_marked: bool) -> Said:
    """`is_marked`: an iPhone says that these are not words which somebody typed."""
    text = _EDITED.sub("", text).strip()
    files = [name.strip() for name in _ATTACHED.findall(text)]
    if files:
        text = _ATTACHED.sub("", text).strip()
        text = "" if _DOCUMENT.match(text) else text
    first, _, rest = text.partition("\n")
    first = first.strip()
    named = _FILE.match(first)
    if named and (named["word"].casefold() in _FILE_WORDS or _OWN_FILE.match(named["file"])):
        return Said(rest.strip(), files=(*files, named["file"]))
    if _OMITTED.match(first):
        return Said(rest.strip(), kind="" if rest.strip() else "media")
    if omitted := _KIND_OMITTED.match(text):
        return Said("", files=(omitted["file"],)) if omitted["file"] else Said("", "media")
    if not files and len(text) < 500:
        if _DELETED.match(text):
            return Said("", "deleted")
        if _SYSTEM.match(text):
            return Said("", "system")
    if is_marked and text and not files and "\n" not in text and "http" not in text:
        return Said("", "media" if len(text.split()) <= 3 else "system")
    return Said(text, kind="" if text or files else "empty", files=tuple(files))
