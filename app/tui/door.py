"""The one way from the terminal UI to the engine: requests to the daemon, without ever waiting.

Each request has a thread and a connection of its own; what comes back is told on the UI's own
loop. Whoever leaves a request ends it at its next sign of progress. Failures are CairnErrors.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from cairn.app import client
from cairn.core.errors import CairnError

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode
    from textual.worker import Worker

Json = dict[str, Any]
Hear = Callable[[Json], None]
Result = TypeVar("Result")


class _Left(Exception):
    """Nobody waits for the reply any more."""


async def call(op: str, args: Json | None = None, hear: Hear | None = None) -> Json:
    """The reply; `hear` is given each sign of progress. A daemon is started when needed."""
    return await _beside(lambda tell: client.call(op, args, tell), hear)


async def call_running(op: str, args: Json | None = None) -> Json | None:
    """None without a daemon: nothing is started for it."""
    return await _beside(lambda _: client.call_running(op, args), None)


async def do(task: Callable[[], Result]) -> Result:
    """Anything else that takes a moment, such as starting a program."""
    return await _beside(lambda _: task(), None)


async def _beside(task: Callable[[Hear], Result], hear: Hear | None) -> Result:
    loop, context = asyncio.get_running_loop(), contextvars.copy_context()
    done: asyncio.Future[Result] = loop.create_future()
    left = threading.Event()

    def on_loop(what: Callable[..., object], *given: object) -> None:
        with contextlib.suppress(RuntimeError):  # the UI has ended meanwhile
            loop.call_soon_threadsafe(what, *given, context=context)

    def tell(now: Json) -> None:
        if left.is_set():
            raise _Left
        if hear:
            on_loop(_told, left, hear, now)

    def run() -> None:
        try:
            result = task(tell)
        except BaseException as error:
            on_loop(_fail, done, error)
        else:
            on_loop(_settle, done, result)

    threading.Thread(target=run, daemon=True).start()
    try:
        return await done
    finally:
        left.set()


def _told(left: threading.Event, hear: Hear, now: Json) -> None:
    if not left.is_set():
        hear(now)


def _settle(done: asyncio.Future[Result], result: Result) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[Result], error: BaseException) -> None:
    if not done.done() and not isinstance(error, _Left):
        done.set_exception(error)


def work(node: DOMNode, task: Coroutine[Any, Any, None], group: str = "work") -> Worker[None]:
    """Do it beside everything else; the node's task of the same group before it is left.

    What fails is told in a corner of the screen; a task that shows its failure itself catches
    CairnError.
    """

    async def guarded() -> None:
        await _guarded(node, task)

    weakref.finalize(guarded, task.close)  # where it was left before it had begun
    return node.run_worker(guarded, group=group, exclusive=True, exit_on_error=False)


async def _guarded(node: DOMNode, task: Coroutine[Any, Any, None]) -> None:
    try:
        await task
    except CairnError as error:
        tell_error(node.app, error)
    except Exception as error:
        tell_bug(node.app, error)


def tell_error(app: App[Any], error: CairnError) -> None:
    from cairn.app.tui import text

    what = f"{text.line(error.message)}\n{text.line(error.hint)}".rstrip()
    app.notify(what, severity="error", timeout=10, markup=False)


def tell_bug(app: App[Any], error: Exception) -> None:
    from cairn.app.log import log_bug

    log_bug(error)
    app.notify(
        f"something broke inside cairn ({type(error).__name__})\nrun `cairn doctor`",
        severity="error", timeout=10, markup=False,
    )  # fmt: skip
