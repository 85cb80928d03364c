"""Where a batch keeps its files: a folder of this machine, or a place that fsspec reaches (S3, GCS, SFTP, memory).

A file appears whole or not at all, as far as the place allows it. On a disk it is written aside, forced to the disk,
then renamed; an object store shows an object once all of it is there; elsewhere it is written aside and moved.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from commentlab.errors import MissingExtraError, OptionError, UnreadableError

PATIENCE = 10.0
"""Seconds to wait for the processes of a run that was killed to let go of the folder."""
INSTALL = "pip install 'commentlab[cluster]'"
_AT_ONCE = 16
"""Files that are asked for at once."""
_OBJECTS = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "memory"})
"""Protocols of stores that show an object once all of it is there; to move one there is to write it twice."""


class Store(Protocol):
    """Files by name; a name may lead through one folder, as in `done/a.json`."""

    @property
    def place(self) -> str:
        """Where it is, for people and for other processes."""

    @property
    def local(self) -> Path | None:
        """The folder of this machine that it is, if it is one."""

    def prepare(self, folders: Iterable[str]) -> None:
        """Make folders where they are missing."""

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder, without that of the folder."""

    def has(self, name: str) -> bool:
        """Tell whether there is such a file."""

    def read(self, names: Sequence[str]) -> dict[str, bytes]:
        """Return what is in those of the files that are there."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file that appears whole or not at all."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; one that is gone is no error."""


def at(place: str | os.PathLike[str]) -> Store:
    """Return the store at a path or a URL.

    Raises:
        MissingExtraError: It is a URL, and fsspec is not installed.
        OptionError: fsspec does not know such URLs, or misses a package for them.
    """
    given = os.fspath(place)
    if "://" not in given:
        return Disk(path=Path(given))
    if given.startswith("file://"):
        return Disk(path=Path(url2pathname(urlsplit(given).path)))
    return Remote(place=given.rstrip("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A folder of this machine."""

    path: Path

    @property
    def place(self) -> str:
        """Its path."""
        return str(self.path)

    @property
    def local(self) -> Path | None:
        """Its path."""
        return self.path

    def prepare(self, folders: Iterable[str]) -> None:
        """Make folders where they are missing."""
        try:
            for name in folders:
                (self.path / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(self.place, error) from error

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder."""
        try:
            return [path.name for path in (self.path / folder).iterdir()]
        except FileNotFoundError:
            return []

    def has(self, name: str) -> bool:
        """Tell whether there is such a file."""
        return (self.path / name).exists()

    def read(self, names: Sequence[str]) -> dict[str, bytes]:
        """Return what is in those of the files that are there."""
        found = {}
        for name in names:
            with suppress(OSError):
                found[name] = (self.path / name).read_bytes()
        return found

    def write(self, name: str, data: bytes) -> None:
        """Write a file that appears whole or not at all, also where the power fails.

        Raises:
            UnreadableError: It cannot be written.
        """
        path = self.path / name
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with aside.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(path)
        except OSError as error:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise _unwritable(str(path), error) from error

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; one that is gone is no error."""
        for name in names:
            (self.path / name).unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True)
class Remote:
    """A place that fsspec reaches by a URL; who may write there is told to fsspec, by its own settings."""

    place: str

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        """The file system and the path in it; nothing is remembered of listings, since others write there, too."""
        try:
            import fsspec
        except ImportError as error:
            raise MissingExtraError(f"{self.place}: tables by URL need more: {INSTALL}") from error
        try:
            system, path = fsspec.url_to_fs(self.place, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise OptionError(f"{self.place}: {error}") from error
        return system, path.rstrip("/")

    @property
    def _holds_objects(self) -> bool:
        return self.place.partition("://")[0] in _OBJECTS

    @property
    def local(self) -> Path | None:
        """None: it is elsewhere."""
        return None

    def prepare(self, folders: Iterable[str]) -> None:
        """Make folders where there are such things; a bucket is not made."""
        system, path = self._opened
        with self._edge():
            for name in () if self._holds_objects else folders:
                system.makedirs(f"{path}/{name}", exist_ok=True)

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder."""
        system, path = self._opened
        with self._edge():
            try:
                found = system.ls(f"{path}/{folder}", detail=False)
            except FileNotFoundError:
                return []
        return [name for each in found if (name := str(each).rstrip("/").rpartition("/")[2]) != folder]

    def has(self, name: str) -> bool:
        """Tell whether there is such a file."""
        system, path = self._opened
        with self._edge():
            return bool(system.exists(f"{path}/{name}"))

    def read(self, names: Sequence[str]) -> dict[str, bytes]:
        """Return what is in those of the files that are there; many are asked for at once."""
        system, path = self._opened

        def found(name: str) -> bytes | None:
            try:
                return bytes(system.cat_file(f"{path}/{name}"))
            except FileNotFoundError:
                return None

        with self._edge(), ThreadPoolExecutor(_AT_ONCE) as pool:
            return {name: data for name, data in zip(names, pool.map(found, names), strict=True) if data is not None}

    def write(self, name: str, data: bytes) -> None:
        """Write a file that appears whole or not at all, if the place allows it.

        Raises:
            UnreadableError: It cannot be written.
        """
        system, path = self._opened
        target = f"{path}/{name}"
        with self._edge():
            if self._holds_objects:
                system.pipe_file(target, data)
                return
            folder, _, last = target.rpartition("/")
            aside = f"{folder}/.{last}.{os.getpid()}"
            system.pipe_file(aside, data)
            if system.exists(target):  # some do not move a file over another
                system.rm_file(target)
            system.mv(aside, target)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; one that is gone is no error."""
        system, path = self._opened
        with self._edge():
            for name in names:
                with suppress(FileNotFoundError):
                    system.rm_file(f"{path}/{name}")

    @contextmanager
    def _edge(self) -> Iterator[None]:
        """Say in our words what goes wrong out there; each store has errors of its own."""
        try:
            yield
        except Exception as error:
            reason = str(error) or type(error).__name__
            raise UnreadableError(self.place, f"it cannot be reached: {reason}") from error


@contextmanager
def at_hand(store: Store, names: Sequence[str]) -> Iterator[Path]:
    """Give a folder of this machine that holds some files of a store; what is changed or new there is put back."""
    if store.local:
        yield store.local
        return
    before = store.read(names)
    with tempfile.TemporaryDirectory() as aside:
        for name, data in before.items():
            (Path(aside) / name).write_bytes(data)
        yield Path(aside)
        for name, data in Disk(path=Path(aside)).read(names).items():
            if before.get(name) != data:
                store.write(name, data)


@contextmanager
def locked(store: Store) -> Iterator[int | None]:
    """Keep other runs out of a folder; the descriptor is that of the lock, which the system lifts when we die.

    A place that is no folder of this machine has no lock: there, the run that began last goes on, see `Folder.receive`.

    Raises:
        UnreadableError: Another run is at work there.
    """
    if not store.local:
        yield None
        return
    try:
        descriptor = os.open(store.local / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _unwritable(store.place, error) from error
    try:
        _lock(descriptor, store.place)
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int, place: str) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > until:
                raise UnreadableError(place, "another run writes into it; wait, or name another folder") from None
            time.sleep(0.1)
        else:
            return


def _unwritable(place: str, error: OSError) -> UnreadableError:
    return UnreadableError(place, f"it cannot be written: {error.strerror or error}")
