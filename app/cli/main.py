"""The commands that people type. Each calls one thing below and says in a sentence how it went."""

import asyncio
import ipaddress
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from app import folders, settings
from app.cli import backup as keeping
from app.cli.backup import until_stopped
from app.cli.progress_bar import bar
from app.errors import SmallStepsError, for_people
from app.folders.words import printable
from storage.errors import StorageError

T = TypeVar("T")

cli = typer.Typer(
    name="smallsteps", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
report = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Make a paper straight from a folder, without a hub.")
cli.add_typer(report, name="report")
cli.command()(keeping.backup)
cli.command()(keeping.restore)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"Small Steps {settings.own_version()}")
        raise typer.Exit


@cli.callback()
def smallsteps(
    version: Annotated[bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Tell the version.")] = False,
) -> None:
    """Small Steps: classroom moments become evidence of a child's progress, kept in the school's own folder."""


Existing = Annotated[Path, typer.Option("--folder", help="The school's folder.")]
KeyFile = Annotated[Path | None, typer.Option(help="The hub's key file; without it the one in your settings folder.")]


class Tls(StrEnum):
    """Ways to a certificate besides bringing one."""

    SELF = "self"


@cli.command()
def serve(
    folder: Annotated[
        str | None, typer.Option(help="The school's folder: a path or dav+https://...; an empty one becomes a new school.")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="A made-up school in ./demo-school, drawn at the first start.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535)] = settings.PORT,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for the whole network.")] = settings.HOST,
    cert: Annotated[
        Path | None, typer.Option(help="Certificate (PEM). Needed for other devices: camera and offline use.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's key (PEM).")] = None,
    links: Annotated[Path | None, typer.Option(help="Also write the printed links to this file, as JSON.")] = None,
    key_file: KeyFile = None,
    tls: Annotated[
        Tls | None, typer.Option(help="A certificate of the hub's own making, that tablets are told to trust.")
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain-http-on-my-network", help="Let everyone on the network read along. For trying it out.")
    ] = False,
    hostname: Annotated[
        list[str] | None, typer.Option(help="A name or address by which people reach the hub. May be given again.")
    ] = None,
    proxy: Annotated[
        list[str] | None, typer.Option(help="Address or network of the reverse proxy before the hub. May be given again.")
    ] = None,
    log: Annotated[str, typer.Option(help="Add a line of JSON about each request to this file; - for stderr.")] = "",
) -> None:
    """Open the hub: the app, the folder's files, and families' pages."""
    if (folder is None) == (not demo):
        raise typer.BadParameter("Give either --folder or --demo.")
    if (cert is None) != (key is None):
        raise typer.BadParameter("--cert and --key belong together.")
    if tls and cert:
        raise typer.BadParameter("Give either --cert or --tls.")
    from app.folders.places import where_is
    from app.hub.serve import serving

    where = Path(settings.DEMO) if folder is None else where_is(folder)
    chosen = settings.Settings(
        where, demo, port, host, cert, key, links, key_file, tls is not None, plain, _names(hostname), _proxies(proxy), log
    )
    serving.serve(chosen, _draw)


def _names(said: list[str] | None) -> tuple[str, ...]:
    from app.hub.serve.machine import is_address, is_name

    names = tuple(one.strip().rstrip(".").lower() for one in said or ())
    if strange := [one for one in names if not (is_name(one) or is_address(one))]:
        raise typer.BadParameter(f"{strange[0]} is no name of a computer. A --hostname is written like steps.school.example.")
    return names


def _proxies(said: list[str] | None) -> tuple[str, ...]:
    for one in said or ():
        try:
            ipaddress.ip_network(one)
        except ValueError as error:
            raise typer.BadParameter("--proxy takes an address or a network, like 127.0.0.1 or 172.18.0.0/16.") from error
    return tuple(said or ())


def _draw(folder: Path) -> None:
    from app.demo import make

    asyncio.run(make(folder))


@cli.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where to make it; a new or an empty folder.")],
    pupils: Annotated[int, typer.Option(min=1, max=300)] = 8,
    observations: Annotated[int, typer.Option(min=0, max=90_000)] = 60,
    seed: Annotated[int, typer.Option(help="The same seed draws the same school.")] = 1,
) -> None:
    """Make a demo school of any size."""
    from app.demo import make
    from app.hub.serve.serving import made_whole

    folders.empty(folder)
    made_whole(folder, lambda there: asyncio.run(make(there, pupils, observations, seed)))
    typer.echo(f"Made a demo school in {folder}. Open it: smallsteps serve --folder {folder}")


@cli.command("build-web")
def build_web(out: Annotated[Path, typer.Option(help="Where the app goes; what is there is replaced.")] = settings.WEB) -> None:
    """Build the web app from installed wheels alone."""
    from app.web.build import build

    made = build(out)
    typer.echo(f"Built version {made.version} in {out}: {made.files} files, {made.stored:,} bytes, {made.sent:,} as sent.")


@report.command()
def termly(
    folder: Existing,
    pupil: Annotated[str, typer.Option(help="The pupil's id, as in the folder's names.")],
    term: Annotated[str, typer.Option(help="The term's id, for example 2026-autumn.")],
    out: Annotated[Path, typer.Option(help="The PDF to write.")],
    link: Annotated[str, typer.Option(help="Where the school's hub is reached; the QR codes lead there.")] = "",
) -> None:
    """One pupil's termly report as a PDF."""
    data = asyncio.run(folders.termly(folder, pupil, term, link or settings.Settings(folder).hub))
    out.write_bytes(data)
    typer.echo(f"Wrote {out}, {len(data):,} bytes.")


@cli.command()
def sync(
    a: Annotated[str, typer.Argument(help="A folder: a path, dav+https://... or hub+https://...", show_default=False)],
    b: Annotated[str, typer.Argument(help="Another folder of the same school, or an empty one.", show_default=False)],
) -> None:
    """Copy to each of two folders what it lacks of the other; only what was erased by an order is ever deleted."""
    from app.folders.places import shown

    with bar() as progress:
        done = until_stopped(folders.sync(a, b, progress=progress), "What was copied is whole; the same again goes on from here.")
    typer.echo(f"Copied {done.there} files to {shown(b)} and {done.back} to {shown(a)}, each read back and compared.")
    if done.erased:
        typer.echo(f"Removed {done.erased} files of children whose records were erased.")
    for note in done.notes:
        typer.echo(note)
    for name, why in sorted(done.bad.items()):
        typer.echo(f"Left out: {printable(name)}: {why}", err=True)
    raise typer.Exit(1 if done.bad else 0)


@cli.command()
def check(
    folder: Annotated[str | None, typer.Argument(help="The folder: a path or dav+https://...", show_default=False)] = None,
    named: Annotated[str | None, typer.Option("--folder", help="The same.", show_default=False)] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended; nothing of value is deleted.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of sentences.")] = False,
    key_file: KeyFile = None,
) -> None:
    """Look at every file of a folder: names, hashes, what is inside, and whether every picture is there."""
    if (folder is None) == (named is None):
        raise typer.BadParameter("Give one folder.")
    with bar() as progress:
        key = folders.key_at_hand(key_file)
        looked = folders.check(folder or named or "", repair=repair, progress=progress, key=key)
        found = until_stopped(looked, "What was mended stays mended." if repair else "Nothing was changed.")
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=1))
    else:
        _tell(found)
    raise typer.Exit(0 if found.whole else 1)


def _tell(found: folders.Found) -> None:
    for line in found.counts():
        typer.echo(line)
    for problem in found.problems:
        typer.echo(printable(str(problem)), err=True)
    left = sum(not problem.repaired for problem in found.problems)
    typer.echo(f"{left} problems. Another device may have it whole." if left else "Everything is whole.")


TheFolder = Annotated[str, typer.Argument(help="The school's folder: a path or dav+https://...", show_default=False)]


@cli.command("recovery-sheet")
def recovery_sheet(
    folder: TheFolder,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write it as a PDF instead of on the screen.")] = None,
    key_file: KeyFile = None,
) -> None:
    """Print the hub's key in letters, for the school's safe: with it a lost hub can be claimed."""
    from app.hub.serve import recovering

    made = asyncio.run(recovering.sheet(folder, key_file))
    if pdf:
        recovering.write_secret(pdf, made.pdf())
        typer.echo(f"Wrote {pdf}. Print it, put the paper in the school's safe, and delete the file.")
    else:
        typer.echo("\n".join(made.lines))


@cli.command()
def claim(folder: TheFolder, key_file: KeyFile = None) -> None:
    """Make this computer the hub of a folder that was brought here, with the nine rows of the recovery sheet."""
    from app.hub.serve import recovering

    if sys.stdin.isatty():
        typer.echo("Type the nine rows of the recovery sheet, each with Enter.")
    file = asyncio.run(recovering.claim(folder, key_file, _row))
    typer.echo(f"The key is in {file}. Open the hub as before: all devices and links go on.")


def _row(number: int, wrong: str) -> str:
    from app.errors import SheetWrong

    at_terminal = sys.stdin.isatty()
    if wrong and not at_terminal:
        raise SheetWrong(f"{wrong} Nothing was changed.")
    if at_terminal:
        typer.echo(f"{wrong + chr(10) if wrong else ''}Row {number}: ", nl=False)
    if not (typed := sys.stdin.readline()):
        raise SheetWrong
    return typed


@cli.command("invite-senco")
def invite_senco(
    folder: TheFolder,
    link: Annotated[str, typer.Option(help="Where the school's hub is reached, like https://steps.school.example.")] = "",
    key_file: KeyFile = None,
) -> None:
    """A code for a new SENCO's device, if no other SENCO can let a device in."""
    from app.hub.serve import recovering

    url, code = asyncio.run(recovering.invite_senco(folder, key_file, link))
    typer.echo(f"Open this on the SENCO's device, once and within a day, while the hub runs:\n  {url}")
    typer.echo(f"or type there: {code[:4]} {code[4:]}")


@cli.command()
def doctor(
    folder: Annotated[str | None, typer.Option(help="The school's folder: a path or dav+https://...")] = None,
    port: Annotated[int, typer.Option(min=1, max=65535)] = settings.PORT,
    host: Annotated[str, typer.Option()] = settings.HOST,
    key_file: KeyFile = None,
) -> None:
    """Say what is here and what is missing: versions, the built app, the folder, the key, the port."""
    from app.cli.doctor import look
    from app.folders.places import where_is

    where = where_is(folder) if folder is not None else Path()
    lines, well = look(settings.Settings(where, port=port, host=host, key_file=key_file), folder is not None)
    typer.echo("\n".join(lines))
    raise typer.Exit(0 if well else 1)


def main() -> None:
    """The console script: an error is one sentence and an exit code."""
    try:
        cli()
    except (SmallStepsError, StorageError) as error:
        told = for_people(error)
        typer.echo(told.message, err=True)
        sys.exit(told.exit_code)
    except OSError as error:
        typer.echo(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}.", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
