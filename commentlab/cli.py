"""The command line: options, exit codes and progress; everything else is called."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click

from commentlab import __version__
from commentlab.errors import CommentlabError

if TYPE_CHECKING:
    import pandas as pd

    from commentlab.batch import Estimate, Progress
    from commentlab.frames import FileFormat
    from commentlab.plugin import Tier
    from commentlab.privacy import Authors
    from commentlab.reading import Attempt, Input
    from commentlab.records import Failure, Thread

T = TypeVar("T")

ALL_DONE, SOME_FAILED, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 130
_FOLDER_ONLY = ("workers", "engine", "scheduler", "timeout", "force", "dry_run", "log")
_PAUSE = 10.0
"""Seconds between two lines of a log for programs."""
_SUFFIXES = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}

_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
_reader = click.option("--reader", help="Name of the reader to use; `commentlab formats` lists them.")
_timezone = click.option("--timezone", metavar="ZONE", help="Zone of dates that state none, such as Europe/Berlin.")
_merge = click.option("--merge", is_flag=True, help="The files hold parts or states of the same discussions.")
_scheme = click.option("--scheme", metavar="NAME|FILE", help="Stance scheme: a name or a TOML file.")
_proposition = click.option("--proposition", metavar="TEXT", help="What the stance is about.")
_tier = click.option("--tier", type=click.Choice(["fast", "accurate", "auto"]), default="auto", show_default=True)

_authors = click.option(
    "--authors",
    type=click.Choice(["keep", "pseudonym", "drop"]),
    default="pseudonym",
    show_default=True,
    help="What becomes of names, also of those in texts.",
)
_key = click.option(
    "--key", metavar="FILE", help="Key of the pseudonyms; default: pseudonym.key beside what is written."
)
_exclude = click.option(
    "--exclude", metavar="FILE", help="CSV file (author, thread_id, comment_id) of what to leave out."
)
_accepted_error = click.option(
    "--accepted-error", type=float, metavar="SHARE", help="Share of wrong answers that is acceptable, such as 0.2."
)


class _Commands(click.Group):
    """Turns errors that commentlab raises on purpose into one line on standard error."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CommentlabError as error:
            click.echo(f"commentlab: {error}", err=True)
            ctx.exit(NOTHING_DONE)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="commentlab")
def main() -> None:
    """Who answers whom under a post, and where do they stand?"""


@main.command()
@_paths
@click.option("--format", type=click.Choice(["tree", "jsonl", "csv", "convokit"]), default="tree", show_default=True)
@click.option("--out", metavar="DIR|FILE", help="Write here instead of printing; a folder for --format convokit.")
@click.option("--explain", is_flag=True, help="Say which reader was chosen, why, and what it guessed.")
@_merge
@_reader
@_timezone
def read(paths: tuple[str, ...], format: str, out: str | None, explain: bool, **options: Any) -> None:
    """Print the discussions in files, folders or standard input ("-"), or write them as a corpus of ConvoKit."""
    from commentlab import reading

    if format == "convokit" and not out:
        raise click.UsageError("a corpus of ConvoKit is a folder: give --out DIR")
    tally = _Tally()
    trails: dict[str, list[Attempt]] = {}
    threads = tally.good(reading.iter_results(_inputs(paths), trails=trails, **options))
    if explain:
        to_error = format != "tree" or out is not None
        threads = _explained(threads, trails, err=to_error)
    if out and format == "convokit":
        _write_corpus(threads, out)
    else:
        _print(threads, format, out)
    _end(paths, done=tally.done, failed=tally.failed)


def _explained(threads: "Iterable[Thread]", trails: "dict[str, list[Attempt]]", *, err: bool) -> "Iterator[Thread]":
    for thread in threads:
        click.echo(_explanation(thread, trails[thread.source]), err=err)
        yield thread


def _write_corpus(threads: "Iterable[Thread]", out: str) -> None:
    from commentlab import convokit, frames

    held = list(threads)
    if held:
        click.echo(convokit.write(frames.to_frames(held), out), err=True)


def _print(threads: "Iterable[Thread]", format: str, out: str | None) -> None:
    rest = iter(threads)
    first = next(rest, None)
    if first is None:
        return
    with click.open_file(out or "-", "w", encoding="utf-8", errors="replace", atomic=bool(out)) as stream:
        for number, thread in enumerate(chain([first], rest)):
            stream.write(_tree(thread) if format == "tree" else _table(thread, format, header=not number))


@main.command()
@_paths
@click.option("--out", metavar="DIR|URL|FILE", help="Folder of tables, or one .csv, .jsonl or .parquet of comments.")
@click.option("--format", type=click.Choice(["parquet", "csv", "jsonl"]), help="How tables are written.")
@_scheme
@_proposition
@_tier
@_accepted_error
@_merge
@_reader
@_timezone
@_authors
@_key
@_exclude
@click.option("--workers", type=click.IntRange(min=1), help="Processes to use; default: one a core.")
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True)
@click.option("--scheduler", metavar="ADDRESS", help="Where the Dask cluster is: tcp://HOST:8786.")
@click.option("--force", is_flag=True, help="Do everything again instead of going on where a run stopped.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Read at most N files.")
@click.option("--select", multiple=True, metavar="PATTERN", help='Only files of such a path or name: "*.html".')
@click.option(
    "--timeout", type=float, default=300, show_default=True, help="Seconds after which a file counts as unreadable."
)
@click.option("--dry-run", is_flag=True, help="Only say what is to do, and how long it may take.")
@click.option("--log", type=click.Choice(["text", "jsonl", "quiet"]), default="text", show_default=True)
def score(paths: tuple[str, ...], out: str | None, format: str | None, **options: Any) -> None:
    """Label the comments in files, folders or standard input ("-").

    Without --out the comments are printed as JSON lines. --workers, --engine, --timeout, --force, --dry-run and --log
    are for a folder of tables.
    """
    suffix = Path(out).suffix.casefold() if out else ""
    if out and "://" in out and suffix in _SUFFIXES:
        raise click.UsageError("one file can only be written to this machine; name a folder for tables by URL")
    if out and suffix not in _SUFFIXES:
        _score_folder(paths, out, format=format or "parquet", **options)
    else:
        _score_file(paths, out, cast("FileFormat", format or _SUFFIXES.get(suffix, "jsonl")), **options)


def _score_folder(paths: tuple[str, ...], out: str, *, force: bool, dry_run: bool, log: str, **options: Any) -> None:
    from commentlab import batch

    if "-" in paths:
        raise click.UsageError("standard input goes into one file: give --out NAME.csv, .jsonl or .parquet")
    if dry_run:
        del options["engine"], options["scheduler"]  # the estimate is for this machine
        _say_what_would_be(batch.estimate(paths, out, **options), log)
        return
    with _Log(log) as shown:
        try:
            summary = batch.run_batch(paths, out, resume=not force, progress=shown.progress, **options)
        except KeyboardInterrupt:
            shown.say("stopped", f"stopped; the same command goes on where it was: {out}")
            sys.exit(INTERRUPTED)
        line = f"{summary.threads} threads with {summary.comments} comments from {summary.files} files"
        line += f" in {summary.seconds:.1f} s, {summary.failures} failures: {summary.out}"
        shown.say("done", line, **(asdict(summary) | {"out": str(summary.out)}))
    _end(paths, done=summary.threads or (0 if summary.failures else summary.files), failed=summary.failures)


def _say_what_would_be(found: "Estimate", log: str) -> None:
    todo = found.files - found.done
    line = f"{found.files} files, {found.done} done, {todo} to do ({found.bytes / 1e6:.1f} MB): about"
    with _Log(log) as shown:
        shown.say("estimate", f"{line} {found.seconds:.0f} s", **asdict(found))


def _score_file(paths: tuple[str, ...], out: str | None, format: "FileFormat", **options: Any) -> None:
    from commentlab import frames

    tally = _Tally()
    tables = tally.good(_tables(paths, Path(out).parent if out else None, **options))
    first = next(tables, None)
    if first is not None:
        with click.open_file(out or "-", "wb", atomic=bool(out)) as stream:
            frames.write(stream, chain([first], tables), format)
    _end(paths, done=tally.done, failed=tally.failed)


def _tables(
    paths: tuple[str, ...],
    folder: Path | None,
    *,
    select: tuple[str, ...],
    limit: int | None,
    authors: "Authors",
    key: str | None,
    exclude: str | None,
    **options: Any,
) -> "Iterator[pd.DataFrame | Failure]":
    """Label files one after another and yield the comments of each thread, as soon as they are there."""
    from commentlab import frames, privacy, scoring
    from commentlab.batch import inputs, labelling, streaming
    from commentlab.batch.options import completed
    from commentlab.records import Failure

    chosen = completed({name: value for name, value in options.items() if name not in _FOLDER_ONLY})  # type: ignore[arg-type]
    labels = {task: each.values for task, each in labelling.classifiers(chosen).items()}
    cover = privacy.cover_for(folder, authors=authors, key=key, exclude=exclude)
    files = islice(inputs.find((path for path in paths if path != "-"), select=select, out=None), limit)
    piped = streaming.documents(sys.stdin.buffer) if "-" in paths else iter(())
    for result in labelling.scored(
        chain(files, piped), chosen, reasons=False, batch=1 if "-" in paths else scoring.BATCH
    ):
        if isinstance(result, Failure):
            yield result
        elif shown := privacy.covered(result, cover):
            yield frames.to_frames([shown], labels).comments


@main.command()
@_paths
@click.option("--out", required=True, metavar="FILE", help="report.html or report.md")
@click.option("--no-quotes", is_flag=True, help="Leave out the words of the comments.")
@_scheme
@_proposition
@_tier
@_accepted_error
@_merge
@_reader
@_timezone
@_authors
@_key
@_exclude
def report(paths: tuple[str, ...], out: str, *, no_quotes: bool, **options: Any) -> None:
    """Write a report on discussions: one HTML page or Markdown."""
    from commentlab import batch, reporting

    tally = _Tally()
    names = {name: options.pop(name) for name in ("authors", "key", "exclude")}
    scored = list(tally.good(batch.score_files(_inputs(paths), **options)))
    if scored:
        click.echo(reporting.report(scored, out, quotes=not no_quotes, **names))
    _end(paths, done=tally.done, failed=tally.failed)


@main.command()
@click.argument("out", metavar="[DIR|URL]", required=False)
@click.option("--author", "authors", multiple=True, metavar="NAME", help="A person, by name or pseudonym.")
@click.option("--thread", "threads", multiple=True, metavar="ID", help="A discussion.")
@click.option("--comment", "comments", nargs=2, multiple=True, metavar="THREAD COMMENT", help="One comment.")
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="Key of the pseudonyms, if not in DIR.")
def forget(out: str | None, **options: Any) -> None:
    """Delete what is kept of a person, a discussion or a comment.

    That is what a folder of tables has of them, now and in later runs, and the labels given in the dashboard; without
    DIR, these labels alone. What was opened in the dashboard and is kept for a restart is deleted, too: all of it,
    whoever is named.
    """
    from commentlab import batch

    found = batch.forget(out, **options)
    parts = f"{found.threads} threads, {found.comments} comments and {found.labels} labels deleted"
    click.echo(f"{parts}, {found.shards} shards written again, {found.opened} opened things forgotten")


@main.command()
@click.option("--scheme", required=True, metavar="FILE", help="TOML file of the scheme; the model goes beside it.")
@click.option("--labels", required=True, metavar="FILE", help="CSV file: text, label; parent, proposition, thread.")
def train(scheme: str, labels: str) -> None:
    """Fit a scheme of your own to labelled comments."""
    from commentlab import fitting

    click.echo(fitting.fit(scheme, labels))


@main.command()
@click.argument("path", metavar="FILE")
@click.option("--task", type=click.Choice(["stance", "relation", "sentiment"]), default="stance", show_default=True)
@_scheme
@_proposition
@_tier
@_accepted_error
@click.option("--out", metavar="FILE", help="Also write the figures (.json), or the answer for every text (.csv).")
def evaluate(path: str, out: str | None, **options: Any) -> None:
    """Compare the labels that people gave in a CSV file with those of the classifiers."""
    from commentlab import evaluation

    found = evaluation.evaluate(path, **options)
    if out:
        evaluation.write(found, out)
    click.echo(found)


@main.command()
@click.argument("data", required=False, metavar="[DATA]")
@click.option("--tier", "tiers", type=click.Choice(["fast", "accurate", "auto"]), multiple=True, help="Default: all.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Look at N texts of a set, drawn by chance.")
@click.option("--only", default="", metavar="NAME", help="Part of the names of the sets to look at.")
def benchmark(data: str | None, tiers: tuple[str, ...], **options: Any) -> None:
    """Measure the classifiers on public sets in a folder, beside what was published.

    Without a folder, say where the sets can be had.
    """
    from commentlab import benchmarking

    if data is None:
        click.echo(benchmarking.sources())
        return
    chosen = cast("tuple[Tier, ...]", tiers) or benchmarking.TIERS
    before = ""
    click.echo(benchmarking.HEAD)
    for result in benchmarking.run(data, tiers=chosen, **options):
        if result.file != before and result.known.published:
            click.echo(f"# published, {result.known.name}: {benchmarking.published(result.known)}")
        before = result.file
        click.echo(result)


@main.command()
def formats() -> None:
    """List what can be read."""
    from commentlab import plugin

    for name, reader in plugin.readers().items():
        click.echo(f"{name:<14} {reader.FORMAT.title}  ({' '.join(reader.FORMAT.extensions)})")


@main.command()
def schemes() -> None:
    """List the built-in stance schemes."""
    from commentlab import schemes as shelf

    for name in shelf.available():
        scheme = shelf.load(name)
        click.echo(f"{name:<14} {scheme.title}: {', '.join(scheme.values)}")


@main.command()
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@_scheme
def dashboard(path: Path | None, scheme: str | None) -> None:
    """Open the dashboard in the browser, on a file, a folder, the result of a batch or the sample thread."""
    from commentlab import dashboard as room
    from commentlab import schemes as shelf

    if scheme:
        shelf.load(scheme)  # what is wrong with it is said here, not in the browser
    room.serve(path, scheme)


class _Log:
    """Shows on standard error how a batch goes: a bar for people, JSON lines for programs, or nothing."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._bar: Any = None
        self._told = 0.0

    def __enter__(self) -> "_Log":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def progress(self, now: "Progress") -> None:
        """Show how far it is."""
        if self._form == "jsonl" and now.seconds - self._told >= _PAUSE:
            self._told = now.seconds
            rates = {"rate": round(now.rate, 3), "remaining": now.remaining and round(now.remaining, 1)}
            self.say("progress", "", **(asdict(now) | rates))
        elif self._form == "text" and sys.stderr.isatty():
            if self._bar is None:
                from tqdm import tqdm

                self._bar = tqdm(total=now.total, initial=now.done - now.here, unit=" files", leave=False)
            self._bar.set_postfix(failures=now.failures, refresh=False)
            self._bar.update(now.done - self._bar.n)

    def say(self, event: str, line: str, **fields: Any) -> None:
        """Show a line for people, or an event with its fields for programs."""
        if self._form == "jsonl":
            time = datetime.now(UTC).isoformat(timespec="seconds")
            click.echo(json.dumps({"time": time, "event": event} | fields), err=True)
        elif self._form == "text":
            self.__exit__()
            click.echo(line, err=True)


class _Tally:
    """Counts what went well, and says on standard error what did not."""

    def __init__(self) -> None:
        self.done = 0
        self.failed = 0

    def good(self, results: "Iterable[T | Failure]") -> "Iterator[T]":
        from commentlab.records import Failure

        for result in results:
            if isinstance(result, Failure):
                self.failed += 1
                click.echo(f"commentlab: {result.error}", err=True)
            else:
                self.done += 1
                yield result


def _end(paths: tuple[str, ...], *, done: int, failed: int) -> NoReturn:
    """Leave with the exit code for what was done and what failed; where there was neither, say so."""
    if not done and not failed:
        where = ", ".join(paths)
        click.echo(f"commentlab: {where}: there is nothing to read; name a file, or a folder that holds some", err=True)
    sys.exit(NOTHING_DONE if not done else SOME_FAILED if failed else ALL_DONE)


def _inputs(paths: tuple[str, ...]) -> "list[Input]":
    from commentlab import reading

    return [reading.standard_input() if path == "-" else path for path in paths]


def _table(thread: "Thread", format: str, *, header: bool) -> str:
    """Return a thread as CSV rows of its comments, or as JSON lines: the thread, its comments, its problems."""
    from commentlab import frames

    tables = frames.to_frames([thread])
    if format == "csv":
        return frames.neutralise(tables.comments).to_csv(index=False, header=header)
    parts = (("thread", tables.threads), ("comment", tables.comments), ("problem", tables.problems))
    lines = [{"record": name} | row for name, table in parts for row in frames.rows(table)]
    return "".join(frames.json_line(line) for line in lines)


def _tree(thread: "Thread") -> str:
    from commentlab import structure, text

    found, declared = len(thread.comments), thread.declared_count
    lines = [
        thread.post.title or thread.source,
        f"{found} entries" + (f", {declared} announced" if declared else ""),
        "",
    ]
    for comment, depth in structure.walk(thread.comments):
        sign = "↪ " if comment.parent_origin == "inferred" else ""
        name = comment.author or "(not named)"
        mark = "" if comment.kind == "comment" else f"[{comment.kind}] "
        lines.append(f"{'  ' * min(depth, 20)}{sign}{mark}{text.shorten(name, 40)}: {text.shorten(comment.text, 70)}")
    lines += [""] + [f"! {problem.comment_id or 'thread'}: {problem.message}" for problem in thread.problems]
    return "\n".join(lines).rstrip() + "\n\n"


def _explanation(thread: "Thread", trail: "list[Attempt]") -> str:
    lines = [f"{thread.source}: read by {thread.reader!r}"]
    lines += [f"  {each.reader}: {each.outcome}; {each.clue.why} ({each.clue.score:.2f})" for each in trail]
    lines += [f"  {problem.code}: {problem.message}" for problem in thread.problems]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
