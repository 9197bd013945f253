"""The commands that keep a school's folder safe elsewhere, and bring it back."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from app import folders
from app.cli.progress_bar import bar
from app.folders.backup.backup import Kept, verify
from app.folders.backup.backup import backup as back_up
from app.folders.backup.restore import restore as bring_back
from app.folders.places import shown
from app.folders.words import printable
from app.usecases.session.school import local_time

T = TypeVar("T")
GOES_ON = "What was copied is whole; the same again goes on from here."
To = Annotated[str, typer.Option("--to", help="An empty folder, or the one of an earlier backup.")]


def backup(
    to: To,
    folder: Annotated[str | None, typer.Argument(help="The school's folder: a path, dav+https://... or hub+https://...")] = None,
    only_verify: Annotated[bool, typer.Option("--verify", help="Only look at the backup: is all of it whole?")] = False,
    key_file: Annotated[Path | None, typer.Option(help="The hub's key file, to note this in the audit log.")] = None,
) -> None:
    """Copy a school's folder to another place, or what is new there since the last time; while the hub runs."""
    if (folder is None) != only_verify:
        raise typer.BadParameter("Give a folder to back up, or --verify and no folder.")
    if folder is None:
        _verify(to)
    else:
        _back_up(folder, to, key_file)


def _back_up(folder: str, to: str, key_file: Path | None) -> None:
    with bar() as progress:
        key = folders.key_at_hand(key_file)
        done = until_stopped(back_up(folder, to, progress=progress, key=key), GOES_ON)
    typer.echo(f"Copied {done.new} files to {to}, which has {done.files} now. Each was read again.")
    for line in _sentences(done):
        typer.echo(line)
    _tell_bad(done.bad, "Not whole in the backup")


def _sentences(done: Kept) -> list[str]:
    found = [
        (done.erased, "Removed {} files of children whose records were erased."),
        (done.mended, "{} files had rotted in the backup and were copied again."),
        (done.folded, "{} files were folded into others in the school's folder, and stay in the backup."),
        (
            done.lost,
            "{} files are not in the school's folder any more, and stay in the backup. smallsteps check says what is lost.",
        ),
    ]
    return [said.format(number) for number, said in found if number] + done.notes


def _verify(to: str) -> None:
    with bar() as progress:
        done, said = until_stopped(verify(to, progress=progress), "Nothing was changed.")
    if said.finished:
        typer.echo(f"This is a backup of {_when(said.of)}: {done.files} files.")
    else:
        before = f" It was finished before, on {_when(said.of)}, with {done.files} files." if said.of else ""
        typer.echo(f"The backup that was begun on {_when(said.begun)} was cut off.{before} Please run it again.")
    if not done.bad:
        typer.echo("All that is in it is whole.")
    _tell_bad(done.bad or ({} if said.finished else {"": ""}), "Not whole")


def _tell_bad(bad: dict[str, str], words: str) -> None:
    """Ends with 1 where there is any."""
    for name, why in sorted(bad.items()):
        if name:
            typer.echo(f"{words}: {printable(name)}: {why}", err=True)
    raise typer.Exit(1 if bad else 0)


def _when(ms: int) -> str:
    when: datetime = local_time(ms)
    return f"{when.day} {when:%B %Y, %H:%M}"


def restore(
    backup: Annotated[str, typer.Argument(help="The backup.", show_default=False)],
    to: Annotated[str, typer.Option(help="An empty folder: a path or dav+https://...")],
) -> None:
    """Bring a school's folder back from a backup, into an empty place."""
    with bar() as progress:
        done = until_stopped(bring_back(backup, to, progress=progress), GOES_ON)
    of = f"as it was on {_when(done.of)}" if done.of else "as far as it had come"
    typer.echo(f"Brought the school's folder back to {shown(to)}, {of}: {done.files} files, each read again.")
    typer.echo("Families' pages stay shut until the SENCO has looked: the app says so under School.")
    for line in done.notes:
        typer.echo(line)
    _tell_bad(done.bad or ({"": ""} if done.notes else {}), "Not brought back whole")


def until_stopped(work: Coroutine[Any, Any, T], safe: str) -> T:
    """Ctrl+C is no fault: what is being written is finished first."""
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        typer.echo(f"Stopped. {safe}", err=True)
        raise typer.Exit(2) from None
