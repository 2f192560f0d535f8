"""`completion`: the lines with which a shell completes commands and options."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cairn.app import render


class Shell(StrEnum):
    bash = "bash"
    zsh = "zsh"
    fish = "fish"


def completion(shell: Annotated[Shell, typer.Argument(help="bash, zsh or fish.")]) -> None:
    """Print what your shell needs to complete commands and options.

    bash: into `~/.bashrc`. zsh: into `~/.zshrc`, below `compinit`. fish: as below.

    Examples: `eval "$(cairn completion bash)"`, `eval "$(cairn completion zsh)"`,
    `cairn completion fish > ~/.config/fish/completions/cairn.fish`
    """
    from typer._completion_shared import get_completion_script

    script = get_completion_script(
        prog_name="cairn", complete_var="_CAIRN_COMPLETE", shell=shell.value
    )
    render.out(script)
