"""Utterances → procedures: commands that did what was asked for, and steps that a note lists.

Called by `rules.propose`. Of an agent's work only commands that change something and did not fail,
and only where somebody said in the end that it works; what merely looks around is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from cairn.core.records import Source, content_hash
from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules.clauses import clauses
from cairn.core.tree.curate.rules.documents import container, own_words
from cairn.core.tree.curate.rules.naming import topic_name, topic_of
from cairn.core.tree.curate.rules.stated import is_sure
from cairn.core.tree.curate.rules.telling import plain, sentence, source, titled, told

_LOOKS = re.compile(
    r"(?:cd\s+\S+\s*(?:&&|;)\s*)?(?:sudo\s+)?(?:ls|ll|cat|bat|head|tail|less|more|pwd|cd|echo|"
    r"printf|which|whereis|type|find|fd|tree|"
    r"stat|file|wc|du|df|ps|top|env|printenv|whoami|uname|date|history|man|sed -n|awk|rg|grep|"
    r"egrep|ag|ack|jq|sort|sleep|true|"
    r"curl -s?I|ping|git (?:status|log|diff|show|branch|remote -v|stash list|blame|rev-parse|"
    r"ls-files)|docker (?:ps|images|logs|inspect)|"
    r"npm (?:ls|list|view|outdated)|pip (?:list|show|freeze)|kubectl (?:get|describe|logs)|"
    r"systemctl status|journalctl|"
    r"python3? (?:-V|--version)|node (?:-v|--version)|\S+ --(?:version|help))(?=\s|$)",
)
_TOOL = re.compile(
    r"(?:[A-Z]\w+|[a-z]+_[a-z_]+|mcp__\S+|apply_patch|update_plan|read|edit|write|glob|search|"
    r"fetch|todo\w*|view|task)(?::\s|$|\s<<)"
)
_TESTS = re.compile(
    r"(?:\S+\s)?(?:pytest|ruff|mypy|eslint|tsc|npm (?:run )?(?:test|lint)|(?:npm|pnpm|"
    r"yarn) (?:run )?(?:test|lint|typecheck|check|build)|"
    r"cargo (?:test|check|clippy)|go (?:test|vet)|make (?:test|check|lint))\b"
)
_FAILED = re.compile(
    r"(?:^|\n)\s*(?:error|fatal|panic|traceback|npm err!|usage:|e:|err:|failed|failure|"
    r"abort(?:ed)?)\b"
    r"|command not found|no such file or directory|permission denied|not recognized as|"
    r"cannot (?:find|open|access|connect)|"
    r"could not (?:find|open|connect|resolve)|exit(?:ed)?(?: with)?(?: code| status)?:? [1-9]|"
    r"exit code:? [1-9]|is not installed|"
    r"connection refused|unable to|syntax error|unrecognized (?:argument|option)|invalid "
    r"(?:option|"
    r"argument)|"
    r"modulenotfounderror|unauthorized|access denied|rejected by user|user (?:rejected|"
    r"doesn['’]t want)|interrupted by user|"
    r"execution error|operation not permitted|timed out|<tool_use_error>|[1-9]\d* (?:failed|"
    r"errors?)\b",
    re.IGNORECASE,
)
_WORKS = re.compile(
    r"\b(?:(?:it |that |this |everything |all )?(?:works|worked|is working|works now|is fixed|"
    r"fixed it|did it|did the trick|is running|is up(?: and running)?|"
    r"is live|is back)|thanks|thank you|thx|perfect|great|awesome|brilliant|nice|excellent|solved|"
    r"success(?:ful(?:ly)?)?|"
    r"danke|super|funktioniert|läuft|klappt|merci|ça marche|gracias|funciona)\b",
    re.IGNORECASE,
)
_SUCCEEDED = re.compile(
    r"\b(?:successfully|now (?:works|running|up|live|installed|deployed|configured|fixed)|"
    r"is (?:now )?(?:working|running|up and running|installed|deployed|configured|fixed|live|"
    r"complete)|"
    r"works (?:now|again|as expected)|has been (?:installed|deployed|configured|fixed|restored|"
    r"migrated|renewed|set up)|all set|done[.!])",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:but|still|however|doesn['’]t|does not|didn['’]t|not working|isn['’]t|fails?|failing|"
    r"failed|error|broken|wrong|"
    r"unfortunately|could not|couldn['’]t|unable|no,|nope|instead)\b",
    re.IGNORECASE,
)
_ASKS_TO_DO = re.compile(
    r"(?:(?:please|hey|hi|ok|okay|now|can you|could you|would you|let['’]s|i (?:want|need|"
    r"would like)(?: you)? to|i['’]d like(?: you)? to|help me(?: to)?|"
    r"how (?:do|can|should) (?:i|we|you)|how to|we need to|bitte)[,\s]+)*"
    r"(?P<task>(?:set ?up|install|deploy|configure|fix|repair|update|upgrade|migrate|convert|"
    r"build|"
    r"compile|create|make|add|remove|delete|"
    r"rename|move|copy|back ?up|restore|export|import|publish|release|run|start|restart|stop|"
    r"enable|disable|mount|format|resize|"
    r"compress|extract|merge|rebase|push|pull|clone|connect|renew|reset|clean|free|encrypt|sign|"
    r"generate|download|upload|sync|"
    r"schedule|get|change|switch|split|join|record|print|scan|rotate|host|serve|dump|seed|"
    r"downgrade|pin|undo|revert|recover)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_HOW_TO = re.compile(
    r"(?:how (?:to|i|we|do i|do we|you)\b.*|(?:the )?steps(?: (?:to|for)\b.*)?|procedure\b.*|"
    r"instructions?\b.*|"
    r"howto\b.*|.*\bhow-?to\b.*|anleitung\b.*|so (?:geht|mache?n?|funktioniert)\b.*|vorgehen\b.*|"
    r"comment .*|cómo .*|"
    r".*\b(?:setup|installation|runbook|restore|reset|recovery) (?:steps|guide|instructions|"
    r"procedure)|runbook\b.*|"
    r"[^\W\d_]{3,}ing (?:the|my|our|your|an?|up|out) .*|"
    r"(?:setting up|installing|resetting|restarting|deploying|renewing|backing up|restoring|"
    r"cleaning|changing|replacing) .*)",
    re.IGNORECASE,
)
_STEP = re.compile(r"\s*(?:\d{1,2}[.)]|step \d{1,2}[:.)])\s+(?P<what>\S.*)", re.IGNORECASE)
_BULLET = re.compile(r"\s*[-*+•]\s+(?!\[)(?P<what>\S.*)")
_TO_DO_THIS = re.compile(
    r"To (?P<task>[a-z]\w+(?: [^:.,]{2,60})?): (?P<steps>[a-z]\w+ .{10,300}(?:,| and | then "
    r").{3,})"
)
_LEADS_IN = re.compile(
    r"(?:\bhow (?:I|we|to|you|it)\b|\bsteps\b|\bin (?:this|that) order|\bthis is the way|\bwhat "
    r"(?:fixed|helped|worked)|\bthe way (?:I|we|to)\b|\bso (?:mache?n?|geht|habe)\b|"
    r"\bvoici comment|\basí se)[^\n]{0,120}:\s*$",
    re.IGNORECASE | re.MULTILINE,
)
"""The line above a list that says what it is."""
_HOW_IT_WENT = re.compile(
    r"To (?P<to>[a-z]\w+ [^:.,]{3,60}), (?!I\b|we\b|you(?! (?:have|need|must))|the\b|"
    r"it\b)[a-z].{10,240}\b(?:then|finally|last)\b.{3,}"
    r"|(?:I |we |I['’]ve )?(?:fixed|saved|solved|repaired|rescued|cured|unblocked|cleaned|"
    r"got(?= [^.]{2,60} (?:to [a-z]+|[a-z]+ing|back|clean|open|loose|out) by)) "
    r"(?P<fixed>(?:the|my|our|it)\b.{2,60}?) by (?:\w+ )?(?!being)[a-z]+ing\b.{10,}"
    r"|fixed (?P<repaired>(?:the|my|our) [^:]{2,50}): .{10,}(?:,| and | then ).{3,}"
    r"|what (?:finally |really |actually )?(?:helped|worked|fixed|did the trick)(?: with| for| "
    r"against)? "
    r"(?P<helped>[^:]{3,60}?)(?: was)?: .{8,}(?:,| and | then ).{3,}"
    r"|(?P<only>(?:the|my|our) [^,;:]{2,50} (?:only|won['’]t) [a-z]+) (?:if|when|unless|after) "
    r"you (?:first )?.{6,}"
    r"(?:\bthen\b|\bafterwards\b|\band\b).{3,}"
    r"|(?:for|to) (?P<need>[^,:.]{4,60}?),? you (?:have to|need to|must) .{6,}\b(?:first|"
    r"then)\b.{3,}"
    r"|(?:we|I) (?P<way>[a-z]+ (?:the|our|my) [^,;:]{2,40}?) by [a-z]+ing .{4,}"
    r"(?:first|then|last|finally)\b.*"
    r"|(?P<again>(?:the|my|our) [^,;:]{2,50}? (?:runs|works|is (?:fixed|clean|back|working))(?: "
    r"again| now)?): .{6,}, .{3,}"
    r"|(?P<out>(?:the|my|our) [^,;:]{2,40}? (?:came (?:out|off|loose)|went away|disappeared|"
    r"worked again)) "
    r"(?:after|when|once) (?:I|we) .{8,}(?:,| and ).{3,}",
    re.IGNORECASE,
)
"""What worked, told in passing."""
_LEAST_COMMANDS = 2
_MOST_COMMANDS = 12
_LONGEST_COMMAND = 240
_LEAST_STEPS = 2
_MOST_STEPS = 20
_MOST_BODY = 1_200


@dataclass(frozen=True, slots=True)
class _Work:
    """What a user asked for, what was run for it, and what was said of it afterwards."""

    request: Utterance
    ran: tuple[Utterance, ...]
    said: str
    """By the program in the end."""
    answer: str
    """By the user, next."""


def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    found: list[Proposal] = []
    for _, group in groupby(utterances, key=lambda each: container(each.uri)):
        turns = list(group)
        if turns[0].kind == "chat":
            found += filter(None, map(_of_work, _works(turns)))
            found += _in_passing(turns)
        else:
            found += _listed(own_words(turns))
    return found


def _works(turns: Sequence[Utterance]) -> list[_Work]:
    asked = [at for at, turn in enumerate(turns) if turn.origin == "user" and turn.text.strip()]
    found: list[_Work] = []
    for number, at in enumerate(asked):
        end = asked[number + 1] if number + 1 < len(asked) else len(turns)
        between = turns[at + 1 : end]
        ran = tuple(each for each in between if each.origin == "tool" and each.command)
        said = next((each.text for each in reversed(between) if each.origin == "assistant"), "")
        answer = turns[end].text if end < len(turns) else ""
        if not _is_request(turns[at].text) and found and _goes_on(turns[at].text):
            last = found[-1]
            found[-1] = _Work(last.request, (*last.ran, *ran), said, answer)
        else:
            found.append(_Work(turns[at], ran, said, answer))
    return found


def _is_request(text: str) -> bool:
    return bool(_ASKS_TO_DO.match(_first_line(text)))


def _goes_on(text: str) -> bool:
    """ "It still fails", "continue": more of the same work."""
    return len(text) < 200 and not _WORKS.search(text)


def _of_work(work: _Work) -> Proposal | None:
    task = _ASKS_TO_DO.match(_first_line(work.request.text))
    good = _worked(work.ran)
    is_thanked = _is_thanked(work.answer)
    if not _succeeded(work) or (
        task is None and not (is_thanked and len(good) > 1 and _is_told(work))
    ):
        return None
    if len(good) < (1 if is_thanked and len(good) < len(work.ran) else _LEAST_COMMANDS):
        return None
    steps = list(dict.fromkeys(" ".join(each.command.split()) for each in good))[:_MOST_COMMANDS]
    if all(_TESTS.match(step) for step in steps):
        return None
    name = _task_name(task["task"] if task else _first_line(work.request.text))
    lines = "\n".join(f"{number}. `{step}`" for number, step in enumerate(steps, 1))
    quote = _first_line(work.request.text)
    return Proposal(
        kind="procedure",
        title=titled(name),
        body=f"{_purpose(name) if task else name}:\n{lines}"[:_MOST_BODY],
        sources=(source(work.request, quote), *(_ran(each) for each in good[:_MOST_COMMANDS])),
        origin="tool",
        subject=topic_of(work.request),
        valid_from=work.request.when[:10],
        certainty=0.75 if is_thanked else 0.55,
    )


def _is_told(work: _Work) -> bool:
    """Something that is wrong, not a question about it."""
    return not _ASKS_WHY.match(_first_line(work.request.text))


_ASKS_WHY = re.compile(
    r"(?:why|what|who|when|where|which|is|are|was|does|do|did|has|have|warum|was|wer)\b", re.I
)


def _purpose(name: str) -> str:
    return sentence(f"To {name[:1].lower()}{name[1:]}".rstrip(".:"))[:-1]


def _succeeded(work: _Work) -> bool:
    if work.answer and _NOT_YET.search(work.answer[:300]) and not _is_thanked(work.answer):
        return False
    if _is_thanked(work.answer):
        return True
    last = work.said[:1200]
    return bool(_SUCCEEDED.search(last)) and not _NOT_YET.search(last[:300])


def _is_thanked(answer: str) -> bool:
    head = answer[:160]
    return bool(_WORKS.search(head)) and not _NOT_YET.search(head)


def _worked(ran: Sequence[Utterance]) -> list[Utterance]:
    """Commands that changed something and did not fail; of one tried again, the last."""
    last: dict[str, Utterance] = {}
    for each in ran:
        command = " ".join(each.command.split())
        if len(command) > _LONGEST_COMMAND or _TOOL.match(command) or _LOOKS.match(command):
            continue
        last.pop(command, None)
        if not _FAILED.search(each.text[:8000]):
            last[command] = each
    return list(last.values())


def _ran(turn: Utterance) -> Source:
    command = " ".join(turn.command.split())
    return Source(turn.uri, command, turn.who, turn.when, content_hash(command))


def _first_line(text: str) -> str:
    line = next((line for line in text.split("\n") if line.strip()), "").strip()
    return line[:400]


def _task_name(task: str) -> str:
    end = re.search(
        r"[.?!;](?:\s|$)|,\s+(?:but|so|and then|because|i|it|please|can|my)\b|\s+-\s", task
    )
    name = (task[: end.start()] if end else task).strip(" .,?!:")
    return re.sub(r"\s+(?:please|for me|now|thanks)$", "", name, flags=re.IGNORECASE)


def _listed(document: Sequence[Utterance]) -> list[Proposal]:
    """Steps under a heading such as "How to bleed the radiators"."""
    found: list[Proposal] = []
    if not document or document[0].kind not in ("note", "text", "mail"):
        return found
    for _, group in groupby(document, key=lambda each: each.heading or (each.title,)):
        section = list(group)
        if proposal := _section(section):
            found.append(proposal)
        else:
            found += [each for part in section for each in _in_a_sentence(part)]
    return found


def _in_passing(turns: Sequence[Utterance]) -> list[Proposal]:
    if any(each.origin in ("assistant", "tool") for each in turns):
        return []
    return [each for turn in own_words(turns) for each in _in_a_sentence(turn)]


def _section(section: Sequence[Utterance]) -> Proposal | None:
    first = section[0]
    titles = (*first.heading[::-1], first.title)
    names = [name for name in titles if _HOW_TO.fullmatch(name.strip(" :"))]
    if not names and any(_LEADS_IN.search(part.text) for part in section):
        names = [name for name in titles if name][:1]
    if not names or first.kind == "mail":
        return None
    lines = [(line, part) for part in section for line in part.text.split("\n") if line.strip()]
    numbered = [(step["what"], line, part) for line, part in lines if (step := _STEP.match(line))]
    is_named_here = first.heading[-1:] == (names[0],) or first.title == names[0]
    if len(numbered) < _LEAST_STEPS and is_named_here:
        numbered = [
            (step["what"], line, part) for line, part in lines if (step := _BULLET.match(line))
        ]
    if not _LEAST_STEPS <= len(numbered) <= _MOST_STEPS:
        return None
    name = names[0].strip(" :")
    if re.fullmatch(
        r"(?:the )?(?:steps|instructions?|procedure|anleitung|vorgehen|runbook)", name, re.I
    ):
        name = f"{first.title}: {name}" if first.title and first.title != name else name
    body = "\n".join(f"{number}. {plain(what)}" for number, (what, _, _) in enumerate(numbered, 1))
    return Proposal(
        kind="procedure",
        title=titled(name),
        body=f"{name}:\n{body}"[:_MOST_BODY],
        sources=tuple(source(part, line.strip()) for _, line, part in numbered),
        origin=first.origin,
        subject=topic_of(first),
        valid_from=first.when[:10],
        certainty=0.7,
    )


def _in_a_sentence(part: Utterance) -> list[Proposal]:
    """ "To reset: hold the button, wait for the light, then press once more." """
    found = []
    for clause in clauses(part):
        text = plain(clause.text)
        name = _named(text, part) if clause.mark == "" and len(text.split()) >= 9 else ""
        if not name:
            continue
        topic = topic_of(part)
        found.append(
            Proposal(
                kind="procedure",
                title=titled(name),
                body=told(text, part),
                sources=(source(part, clause.text),),
                origin=part.origin,
                subject=topic,
                valid_from=part.when[:10],
                certainty=0.65,
            )
        )
    return found


def _named(text: str, part: Utterance) -> str:
    """What a sentence tells how to do; empty for most."""
    listed = _TO_DO_THIS.fullmatch(text)
    if listed:
        topic, task = topic_of(part), listed["task"]
        return (
            f"To {task}" if len(task.split()) > 1 or not topic else f"{topic_name(part)}: to {task}"
        )
    found = _HOW_IT_WENT.fullmatch(text.rstrip(".!"))
    if found is None or not (found["helped"] or found["only"] or is_sure(text)):
        return ""
    return next(each for each in found.groups() if each)
