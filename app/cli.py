"""The commands that people type. Each calls one thing below and says in a sentence how it went."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from app import folders, settings
from app.errors import SmallStepsError, for_people
from storage.errors import StorageError

cli = typer.Typer(
    name="smallsteps", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Small Steps: classroom moments become evidence of a child's progress, kept in the school's own folder.",
)  # fmt: skip
report = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Make a paper straight from a folder, without a hub.")
cli.add_typer(report, name="report")

Existing = Annotated[Path, typer.Option("--folder", help="The school's folder.")]
KeyFile = Annotated[Path | None, typer.Option(help="The hub's key file; without it the one in your settings folder.")]


@cli.command()
def serve(
    folder: Annotated[Path | None, typer.Option(help="The school's folder; an empty one becomes a new school.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="A made-up school in ./demo-school, drawn at the first start.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535)] = settings.PORT,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for the whole network.")] = settings.HOST,
    cert: Annotated[
        Path | None, typer.Option(help="Certificate (PEM). Needed for other devices: camera and offline use.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's key (PEM).")] = None,
    links: Annotated[Path | None, typer.Option(help="Also write the printed links to this file, as JSON.")] = None,
    key_file: KeyFile = None,
) -> None:
    """Open the hub: the app, the folder's files, and families' pages."""
    if (folder is None) == (not demo):
        raise typer.BadParameter("Give either --folder PATH or --demo.")
    if (cert is None) != (key is None):
        raise typer.BadParameter("--cert and --key belong together.")
    from app import serving

    where = Path(settings.DEMO) if folder is None else folder
    serving.serve(settings.Settings(where, demo, port, host, cert, key, links, key_file), _draw)


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
    from app.serving import made_whole

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
    a: Annotated[Path, typer.Argument(help="A folder.", show_default=False)],
    b: Annotated[Path, typer.Argument(help="Another folder of the same school, or an empty one.", show_default=False)],
) -> None:
    """Copy to each of two folders what it lacks of the other; nothing is ever changed or deleted."""
    done = asyncio.run(folders.sync(a, b))
    typer.echo(f"Copied {done.there} files to {b} and {done.back} to {a}, each read back and compared.")
    for name in done.bad:
        typer.echo(f"Left out, damaged: {name}", err=True)
    raise typer.Exit(1 if done.bad else 0)


@cli.command()
def check(folder: Existing) -> None:
    """Look at every file of a folder: names, hashes, what is inside, and whether every picture is there."""
    found = asyncio.run(folders.check(folder))
    typer.echo(
        f"{found.files} files, {found.ops} changes, {found.media} pieces of pictures and clips; {found.foreign} other files."
    )
    for line in found.problems:
        typer.echo(line, err=True)
    typer.echo(
        "Everything is whole." if not found.problems else f"{len(found.problems)} problems. Another device may have it whole."
    )
    raise typer.Exit(1 if found.problems else 0)


@cli.command()
def doctor(
    folder: Annotated[Path | None, typer.Option(help="The school's folder.")] = None,
    port: Annotated[int, typer.Option(min=1, max=65535)] = settings.PORT,
    host: Annotated[str, typer.Option()] = settings.HOST,
    key_file: KeyFile = None,
) -> None:
    """Say what is here and what is missing: versions, the built app, the folder, the key, the port."""
    from app.doctor import look

    lines, well = look(settings.Settings(folder or Path(), port=port, host=host, key_file=key_file), folder is not None)
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
