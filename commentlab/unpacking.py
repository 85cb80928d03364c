"""Containers: zip, gzip, zstd and WARC files become the documents inside them, one at a time, nothing on disk."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from lzma import LZMAError
from typing import IO, cast

from fastwarc.warc import ArchiveIterator, WarcRecordType
from zstandard import ZstdDecompressor, ZstdError

from commentlab import text
from commentlab.errors import InputError, UnreadableError
from commentlab.plugin import Source

HEAD = 65_536
"""Bytes of a source that readers see when they sniff."""
DEPTH = 3
"""Containers inside containers that are opened."""
MEASURED = 256 << 20
"""Bytes of a compressed stream that are counted; readers that need a whole document refuse what is larger."""
_PAGE = 64 << 20
BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error, LZMAError, ZstdError, NotImplementedError)
"""What reading a damaged container raises, at once or in the middle of a document."""
_DIRECTORY = (*BROKEN, ValueError)  # also a zip whose directory points before its beginning
_PARQUET = b"PAR1"  # no text, and yet nothing to unpack
_HIDDEN = (".", "__MACOSX", "Thumbs.db")


def source_of(name: str, opener: Callable[[], IO[bytes]], size: int, like: Source | None = None) -> Source:
    """Look at the first bytes of a stream and return it as a source; `like` lends its time zone, address and time."""
    try:
        with opener() as stream:
            head = stream.read(HEAD)
    except _DIRECTORY as error:
        raise UnreadableError(name, f"it cannot be unpacked: {error}; fetch or copy it again") from error
    if not head.strip():
        raise UnreadableError(name, "it is empty; save or copy the page again")
    if like is None:
        return Source(name=name, head=head, open=opener, size=size)
    return replace(like, name=name, head=head, open=opener, size=size)


def unpack(source: Source, depth: int = DEPTH) -> Iterator[Source | InputError]:
    """Yield the documents in a source: itself, or what a container holds, with an error for what cannot be opened."""
    inside = next((opener for magic, opener in _CONTAINERS.items() if source.head.startswith(magic)), None)
    try:
        if inside is None and not source.head.startswith(_PARQUET) and text.is_binary(source.head):
            message = "it is no text (a picture or another archive?); give a saved page, an export or text"
            raise UnreadableError(source.name, message)
        if inside is None:
            yield source
        elif depth == 0:
            raise UnreadableError(source.name, f"it lies in {DEPTH} containers already; unpack it first")
        else:
            member = None
            for member in inside(source):
                yield from unpack(member, depth - 1) if isinstance(member, Source) else (member,)
            if member is None:
                raise UnreadableError(source.name, "there is no document in it; fetch or copy it again")
    except InputError as error:
        yield error
    except _DIRECTORY as error:
        yield UnreadableError(source.name, f"it cannot be unpacked any further: {error}; fetch or copy it again")


def _zip(source: Source) -> Iterator[Source | InputError]:
    with source.open() as stream, zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            parts = info.filename.split("/")
            if info.is_dir() or any(part != ".." and part.startswith(_HIDDEN) for part in parts):
                continue
            name = f"{source.name}/{info.filename}"
            if info.flag_bits & 1:
                yield UnreadableError(name, "it is encrypted; unpack it first")
                continue
            try:
                yield source_of(name, partial(archive.open, info), info.file_size, source)
            except UnreadableError as error:
                yield error


def _gzip(source: Source) -> Iterator[Source | InputError]:
    # Every record of a WARC.gz is packed by itself, and fastwarc unpacks them faster than one stream.
    if zlib.decompressobj(wbits=31).decompress(source.head, 5) == b"WARC/":
        yield from _warc(source)
    else:
        yield _stream(source, ".gz", lambda: cast(IO[bytes], _Gunzip(source)))


class _Gunzip(gzip.GzipFile):
    """A stream that is unpacked while it is read, and closes the file below it."""

    def __init__(self, source: Source) -> None:
        self._packed = source.open()
        # Without a mode it asks the file below, which answers with a number if that is a gzip file, too.
        super().__init__(fileobj=self._packed, mode="rb")

    def close(self) -> None:
        super().close()
        self._packed.close()


def _zstd(source: Source) -> Iterator[Source | InputError]:
    # Pushshift's dumps were packed with --long=31.
    unpacker = ZstdDecompressor(max_window_size=1 << 31)
    yield _stream(source, ".zst", lambda: io.BufferedReader(unpacker.stream_reader(source.open(), closefd=True)))


def _stream(source: Source, suffix: str, opener: Callable[[], IO[bytes]]) -> Source:
    size = 0
    try:
        with opener() as stream:
            while size <= MEASURED and (block := stream.read(1 << 20)):
                size += len(block)
    except BROKEN:
        if not size:
            raise
    return source_of(source.name.removesuffix(suffix), opener, size, source)


def _warc(source: Source) -> Iterator[Source | InputError]:
    kinds = WarcRecordType.response | WarcRecordType.resource
    with source.open() as stream:
        for record in ArchiveIterator(stream, record_types=kinds):
            address = record.headers.get("WARC-Target-URI", "")
            name = f"{source.name}#{address or record.record_id}"
            if not (record.http_content_type or "text/html").startswith(("text/", "application/")):
                continue
            page = record.reader.read(_PAGE + 1)
            if len(page) > _PAGE:
                yield UnreadableError(name, f"it has more than {_PAGE >> 20} MB; it is skipped")
            elif page.strip():
                fetched = record.record_date
                inner = source_of(name, partial(io.BytesIO, page), len(page), source)
                yield replace(inner, url=address or None, fetched=fetched if fetched and fetched.tzinfo else None)


_CONTAINERS: dict[bytes, Callable[[Source], Iterator[Source | InputError]]] = {
    b"PK\x03\x04": _zip,
    b"PK\x05\x06": _zip,
    b"\x1f\x8b": _gzip,
    b"\x28\xb5\x2f\xfd": _zstd,
    b"WARC/": _warc,
}
