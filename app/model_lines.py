"""What the daemon says of models → lines for a terminal or a pipe; printed by `model.py`."""

from __future__ import annotations

from typing import Any

from cairn.app import render

Json = dict[str, Any]
_NOT = "does not fit"
_KINDS = {"generator": "writes answers", "embedder": "finds by meaning"}


def models(data: Json) -> list[str]:
    if not render.is_terminal():
        return (
            [_row(each, "here") for each in data["models"]]
            + [_row(each, "offer") for each in data["offers"] if not each["here"]]
            + [_begun(each) for each in data["unfinished"]]
        )
    rows = [line for each in data["models"] for line in _model(each)]
    for begun in data["unfinished"]:
        url = render.clean(begun["url"])
        rows.append(f"{render.style('unfinished', 'yellow')}  {amount(begun['size'])} of {url}")
        rows.append("    `cairn model pull` goes on with it, `cairn model remove` deletes it")
    offers = [each for each in data["offers"] if not each["here"]]
    return [*rows, "", "can be pulled:", *(line for each in offers for line in offer(each))]


def _row(each: Json, state: str) -> str:
    """name, state, kind, bytes, quantization, licence, whether it fits, where it is."""
    state = "used" if each.get("used") else state
    return "\t".join(render.clean(str(part)) for part in (
        each["name"], state, each.get("kind", "generator"), each["size"], each["quantization"],
        each["licence"], _fits_word(each), each.get("path", each["url"]),
    ))  # fmt: skip


def _begun(each: Json) -> str:
    url = render.clean(each["url"])
    return "\t".join((url, "unfinished", "generator", str(each["size"]), "", "", "", url))


def _fits_word(each: Json) -> str:
    if each.get("trouble"):
        return "broken"
    if each.get("fits"):
        return "fits"
    return "partly" if each.get("runs") else "no"


def _model(each: Json) -> list[str]:
    used = render.style("  in use", "green") if each["used"] else ""
    facts = [amount(each["size"]), each["quantization"], each["licence"] or "licence not stated"]
    about = f" ({each['about']})" if each["about"] else ""
    rows = [
        f"{render.style(render.clean(each['name']), 'bold')}{used}",
        f"    {_KINDS[each['kind']]}{render.clean(about)}: "
        f"{render.clean(', '.join(fact for fact in facts if fact))}",
        f"    {render.home_path(each['path'])}",
    ]
    if each["trouble"]:
        return [
            *rows,
            f"    {render.style('can’t be used', 'red')}: {render.clean(each['trouble'])}",
        ]
    if each["kind"] != "generator":
        return rows
    packed = [f"    {packing(each)}"] if each["packing"] else []
    return [*rows, f"    {fit(each)}", *packed]


def packing(each: Json) -> str:
    """What would make it faster, and how."""
    return f"{each['packing']}: run `cairn model pack {render.clean(each['name'])}`"


def offer(each: Json, best: str = "") -> list[str]:
    size = ("" if each["sha256"] else "about ") + amount(each["size"])
    mark = render.style("  recommended", "green") if each["name"] == best else ""
    here = "  here already" if each["here"] else ""
    came = f", {amount(each['waiting'])} of it are here" if each["waiting"] else ""
    return [
        f"  {render.style(each['name'], 'bold')}{mark}{here}",
        f"    {each['about']}: {size}{came}, {each['quantization']}, {each['licence']}",
        f"    {fit(each)}",
    ]


def beyond(data: Json) -> str:
    """Of one that knows more, and is slower."""
    each = next(each for each in data["offers"] if each["name"] == data["beyond"])
    return (
        f"{each['name']} does not fit, but runs from the disk: about {speed(each['speed'])}, "
        f"{render.duration(each['answer_s'])} for an answer"
    )


def fit(each: Json) -> str:
    """Whether it fits, and what to expect then."""
    told = expectation(each)
    return told if each["fits"] else told.replace(_NOT, render.style(_NOT, "yellow"), 1)


def expectation(each: Json) -> str:
    """The same without colours."""
    if not each["runs"]:
        return f"{_NOT}: {each['reason']}"
    context = f"takes in {each['window']} tokens" + (
        ", tightly packed" if each["cache"] != "f16" else ""
    )
    if each["offload"]:
        return _partly(each["offload"], each, context)
    told = f"fits: needs {amount(each['need'])} of memory, {context}"
    if each["answer_s"]:
        told += f"; about {speed(each['speed'])}, {render.duration(each['answer_s'])} for an answer"
    return told


def _partly(offload: Json, each: Json, context: str) -> str:
    told = f"{_NOT}: {amount(offload['stays'])} of {amount(offload['of'])} stay in memory, "
    told += "the rest is read from the disk as it is needed"
    told += f": about {speed(each['speed'])}" if each["speed"] else ""
    told += f", {render.duration(each['answer_s'])} for an answer" if each["answer_s"] else ""
    return f"{told}; needs {amount(each['need'])} of memory, {context}"


def deal(data: Json) -> list[str]:
    about = "" if data["sha256"] else "about "
    size = f"{about}{amount(data['size'])}" if data["size"] else "its size is not known here"
    came = f"; {amount(data['waiting'])} of it are here already" if data["waiting"] else ""
    if data["parts"] > 1:
        size += f", in {data['parts']} parts"
    check = (
        "its checksum is known, and what comes is held to it"
        if data["sha256"]
        else "its checksum is not known: that of what comes now is kept, and told"
    )
    rows = [
        f"{render.clean(data['name'])} from {render.clean(data['host'])}: {size}{came}",
        f"licence: {render.clean(data['licence'] or 'not known here; see where it comes from')}",
        check,
    ]
    return [*rows, fit(data)] if "fits" in data else rows


def bench(data: Json) -> list[str]:
    measured, expected = data["measured"], data["expected"]
    load = f"{measured['load_s']:.1f} s"
    if expected["load_s"]:
        load += f"  (from a cold disk, expected: {expected['load_s']:.1f} s)"
    rows = [("model", f"{data['name']}, {amount(data['size'])}, {data['quantization']}")]
    rows += [("loads in", load)]
    rows += [("reads", _beside(measured, expected, "read_speed"))]
    if measured["speed"]:
        rows += [("writes", _beside(measured, expected, "speed"))]
    if data["plain"]:
        without = f"reads {speed(data['plain']['read_speed'])}"
        without += f", writes {speed(data['plain']['speed'])}"
        rows += [("without", f"{without}, by llama.cpp's own kernels")]
    memory = f"{amount(measured['memory'])}  (planned: {amount(expected['need'])})"
    context = f"{expected['window']} tokens, {expected['cache']}, {expected['threads']} threads"
    return [f"{name.ljust(9)} {value}" for name, value in [*rows, ("memory", memory),
                                                           ("context", context)]]  # fmt: skip


def _beside(measured: Json, expected: Json, name: str) -> str:
    planned = f"  (expected: {speed(expected[name])})" if expected[name] else ""
    return speed(measured[name]) + planned


def machine(data: Json) -> str:
    speeds = data["speeds"]
    told = f"this machine: {amount(data['total'])} of memory, {amount(data['free'])} of it free, "
    told += render.count(data["cores"], "core")
    if speeds["memory"]:
        told += f"; reads memory at {amount(speeds['memory'])}/s, the disk at "
        told += f"{amount(speeds['disk'])}/s"
    if speeds["memory"] and not speeds["calm"]:
        told += " (measured while others were at work)"
    return told


def speed(rate: float) -> str:
    return f"{rate:.0f} tokens/s" if rate >= 10 else f"{rate:.1f} tokens/s"


def amount(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6))} MB"
