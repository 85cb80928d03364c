"""Memory does not grow with the file: a WARC and a WXR of one gigabyte each, made of fixtures while they are read.

    make bench      (or: .venv/bin/python benchmarks/memory.py [MEGABYTES])

Each is read by a process of its own, whose peak is that of the process and not only of Python's objects.
"""

import io
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import commentlab as cl
from commentlab import unpacking

FIXTURES = Path(__file__).parents[1] / "fixtures"
WANTED = 500
"""Megabytes that reading may take at most."""
_PAGE, _POST = 100_000, 5_000  # bytes of a page and of a post in an export, as in ../shared/threads
_TEXT = b"<p>The river rose again, and the mill stood in the water up to the second floor.</p>\n"


class _Stream(io.RawIOBase):
    """A file of pieces that are made when they are read, up to a size."""

    def __init__(self, pieces: Iterator[bytes], size: int) -> None:
        self.pieces, self.size, self.made, self.rest = pieces, size, 0, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:
        if not self.rest and self.made < self.size:
            self.rest = next(self.pieces)
            self.made += len(self.rest)
        given, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)

    def tell(self) -> int:
        return self.made - len(self.rest)


def warc() -> Iterator[bytes]:
    """Yield the records of an archive of blog posts with comments."""
    page = (FIXTURES / "wordpress" / "classic.html").read_bytes()
    body = page.index(b"<ol")
    page = page[:body] + _TEXT * (_PAGE // len(_TEXT)) + page[body:]
    for number in count():
        head = f"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://example.org/{number}\r\n"
        head += f"WARC-Date: 2020-02-03T04:05:06Z\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n"
        yield head.encode() + page + b"\r\n\r\n"


def wxr() -> Iterator[bytes]:
    """Yield the posts of a WordPress export."""
    export = (FIXTURES / "wxr" / "export.xml").read_bytes()
    export = export.replace(
        b"<content:encoded><![CDATA[", b"<content:encoded><![CDATA[" + _TEXT * (_POST // len(_TEXT))
    )
    first, last = export.index(b"<item>"), export.rindex(b"</item>") + len(b"</item>")
    yield export[:first]
    for number in count():
        yield export[first:last].replace(b"<wp:post_id>", b"<wp:post_id>%d" % number)


FORMS: dict[str, Callable[[], Iterator[bytes]]] = {"warc": warc, "wxr": wxr}


def measure(form: str, megabytes: int) -> None:
    """Read a file of some size in this process, and print what it took."""
    size = megabytes << 20
    source = unpacking.source_of(form, lambda: io.BufferedReader(_Stream(FORMS[form](), size)), size)
    started, threads, comments = time.perf_counter(), 0, 0
    for thread in cl.iter_threads(source):
        threads, comments = threads + 1, comments + len(thread.comments)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    speed = f"{megabytes / seconds:.1f} MB/s, {threads} threads, {comments} comments in {seconds:.0f} s"
    print(f"{form:<5} {megabytes} MB: peak {peak} MB (wanted: less than {WANTED}), {speed}", flush=True)
    sys.exit(peak >= WANTED or not threads)


def main() -> None:
    """Measure every form in a process of its own; end with 1 where one takes too much."""
    megabytes = sys.argv[1] if len(sys.argv) > 1 else "1024"
    if len(sys.argv) > 2:
        measure(sys.argv[2], int(megabytes))
    runs = [subprocess.run([sys.executable, __file__, megabytes, form], check=False) for form in FORMS]
    sys.exit(any(run.returncode for run in runs))


if __name__ == "__main__":
    main()
