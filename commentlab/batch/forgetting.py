"""The way out: what is kept of a person, a comment or a thread is deleted.

It goes from a folder of tables, into which it does not come back, and from the labels given in the dashboard. Of what
was opened there, everything goes: it is kept as it came, and nobody knows who stands in it.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from commentlab import frames, labelstore, privacy, reopening
from commentlab.batch import stores
from commentlab.batch.shards import MANIFEST, TABLES, Folder
from commentlab.errors import OptionError, UnreadableError
from commentlab.frames import FileFormat, Frames
from commentlab.privacy import Cover, Excluded


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What `forget` has deleted: threads, comments of others, labels, things opened; and the shards written again."""

    threads: int = 0
    comments: int = 0
    labels: int = 0
    opened: int = 0
    shards: int = 0


def forget(
    out: str | os.PathLike[str] | None = None,
    *,
    authors: Sequence[str] = (),
    threads: Sequence[str] = (),
    comments: Sequence[tuple[str, str]] = (),
    key: Path | None = None,
) -> Forgotten:
    """Delete what is kept of people, threads and comments: in a folder that `run_batch` wrote, and in the label store.

    All that is kept of what was opened in the dashboard is deleted, too, whoever stands in it.

    In the folder they are listed in `excluded.csv`, people by their pseudonyms, so that no later run brings them back.
    A run of this that was stopped is completed by the next. Reports and copies elsewhere are not known here.

    Args:
        out: The folder, or its URL; None forgets what the dashboard keeps alone.
        authors: Names, or pseudonyms as they stand in the tables.
        threads: Ids of threads.
        comments: Ids of a thread and of a comment in it.
        key: File with the key of the pseudonyms, if it is not the folder's own.

    Raises:
        OptionError: Nothing is named, or authors are while names were dropped.
        UnreadableError: The folder holds no tables, or cannot be written.
    """
    if not (authors or threads or comments):
        raise OptionError("nothing to forget: name an author, a thread or a comment")
    found = _from_tables(out, authors, threads, comments, key) if out else Forgotten()
    opened = reopening.forget()
    store = labelstore.standard()
    wanted = {privacy.spelled(name) for name in authors}
    known = [name for name in store.authors() if privacy.spelled(name) in wanted]
    return replace(found, opened=opened, labels=store.forget(authors=known, threads=threads, comments=comments))


def _from_tables(
    out: str | os.PathLike[str],
    authors: Sequence[str],
    threads: Sequence[str],
    comments: Sequence[tuple[str, str]],
    key: Path | None,
) -> Forgotten:
    folder, manner = _opened(out)
    if authors and manner == "drop":
        raise OptionError("names were dropped, so nobody can be found by a name; give the ids of comments instead")
    with stores.locked(folder.store):
        with stores.at_hand(folder.store, (privacy.KEY, privacy.EXCLUDED)) as place:
            secret = privacy.key_in(key or place / privacy.KEY)
            people = {name if _is_pseudonym(name) else privacy.pseudonym(name, secret) for name in authors}
            more = Excluded(authors=frozenset(people), threads=frozenset(threads), comments=frozenset(comments))
            cover = Cover(key=secret, excluded=privacy.exclude_also(place / privacy.EXCLUDED, more))
        found = Forgotten()
        for name in folder.shards("threads"):
            found = _added(found, _cleaned(folder, name.partition("/")[2], cover))
        _recount(folder)
    return found


def _opened(out: str | os.PathLike[str]) -> tuple[Folder, str]:
    store = stores.at(out)
    manifest = Folder(store=store, format="parquet").manifest()
    try:
        told = manifest or {}
        return Folder(store=store, format=cast(FileFormat, told["options"]["format"])), str(told["authors"])
    except (KeyError, TypeError) as error:
        reason = "it is no folder of tables: there is no manifest.json of commentlab"
        raise UnreadableError(store.place, reason) from error


def _is_pseudonym(name: str) -> bool:
    return privacy.PSEUDONYM.fullmatch(name) is not None


def _cleaned(folder: Folder, name: str, cover: Cover) -> Forgotten:
    """Write the shards of one name again without what is excluded, if there is any of it."""
    loaded = {table: folder.load(f"{table}/{name}") for table in TABLES}
    empty = frames.to_frames([]).tables()  # JSON lines of no rows do not tell their columns
    before = Frames(**{table: frame if len(frame) else empty[table] for table, frame in loaded.items()})
    threads = before.to_threads()
    after = [privacy.covered(thread, cover) for thread in threads]
    if after == threads:
        return Forgotten()
    kept = frames.to_frames([thread for thread in after if thread])
    for table, frame in kept.tables().items():
        columns = before.tables()[table]
        whole = frame.reindex(columns=columns.columns).astype(columns.dtypes.to_dict())
        folder.store.write(f"{table}/{name}", frames.encode(whole, folder.format))
    pairs = [(old.thread, new.thread) for old, new in zip(threads, after, strict=True) if new]
    return Forgotten(
        threads=sum(thread is None for thread in after),
        comments=sum(_written(old.comments) - _written(new.comments) for old, new in pairs),
        shards=1,
    )


def _written(comments: Iterable[object]) -> int:
    return sum(getattr(comment, "status", "") != "deleted" for comment in comments)


def _added(one: Forgotten, other: Forgotten) -> Forgotten:
    return Forgotten(
        threads=one.threads + other.threads,
        comments=one.comments + other.comments,
        shards=one.shards + other.shards,
    )


def _recount(folder: Folder) -> None:
    """Let ledgers and manifest say what the tables hold now."""
    manifest: dict[str, Any] = folder.manifest() or {"shards": {}}
    for chunk, ledger in folder.ledgers(manifest["shards"]):
        parts = [folder.load(folder.shard("threads", chunk, part)) for part in range(ledger.parts)]
        threads = sum(map(len, parts))
        comments = sum(int((part["comments"] + part["pingbacks"]).sum()) for part in parts)
        excluded = ledger.excluded + ledger.threads - threads
        folder.close(chunk, replace(ledger, threads=threads, comments=comments, excluded=excluded))
        manifest["shards"][chunk] |= {"threads": threads, "comments": comments, "excluded": excluded}
    if summary := manifest.get("summary"):
        for name in ("threads", "comments"):
            summary[name] = sum(shard[name] for shard in manifest["shards"].values())
    folder.store.write(MANIFEST, json.dumps(manifest, indent=1).encode())
