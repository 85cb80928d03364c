import gzip
import io
import logging
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from fastwarc.warc import WarcRecord, WarcRecordType
from test_batch import PAGE

import commentlab as cl
from commentlab import reading


def page(number: int) -> bytes:
    return PAGE.format(number=number).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def warc(pages: list[bytes]) -> bytes:
    buffer = io.BytesIO()
    for number, data in enumerate(pages):
        record = WarcRecord()
        record.init_headers(WarcRecordType.resource)
        record.headers["WARC-Target-URI"] = f"http://example.org/{number}"
        record.headers["WARC-Date"] = "2020-02-03T04:05:06Z"
        record.headers["Content-Type"] = "text/plain"
        record.set_bytes_content(data)
        record.write(buffer)
    return buffer.getvalue()


CONTAINERS: dict[str, Callable[[], bytes]] = {
    "pages.zip": lambda: zipped({"a.txt": page(0), "sub/b.txt": page(1), "../../c.txt": page(2), "__MACOSX/a": b"x"}),
    "nested.zip": lambda: zipped({"a.zip": zipped({"b.zip": zipped({f"{n}.txt": page(n) for n in range(3)})})}),
    "pages.warc": lambda: warc([page(0), page(1), page(2)]),
    "pages.warc.gz": lambda: b"".join(gzip.compress(warc([page(n)])) for n in range(3)),
    "mixed.zip": lambda: zipped(
        {"a.gz": gzip.compress(page(0)), "b.zst": zstandard.compress(page(1)), "c.txt": page(2)}
    ),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_containers_give_their_pages(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(CONTAINERS[name]())
    threads = cl.read(path)
    assert [thread.post.title[:6] for thread in threads] == ["Post 0", "Post 1", "Post 2"]
    assert all(len(thread.comments) == 2 and thread.source.startswith(str(path)) for thread in threads)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_packed_page_is_the_page(pack: Callable[[bytes], bytes]) -> None:
    (thread,) = cl.read(pack(page(7)))
    assert len(thread.comments) == 2


def test_an_archive_gives_the_address() -> None:
    assert [thread.post.url for thread in cl.read(warc([page(0)]))] == ["http://example.org/0"]


def test_one_bad_member_is_left_out_and_said(caplog: pytest.LogCaptureFixture) -> None:
    data = zipped({"a.txt": page(0), "b.jpg": b"\xff\xd8\xff\xe0" + bytes(4000), "c.txt": b""})
    with caplog.at_level(logging.WARNING, "commentlab"):
        assert len(cl.read(data)) == 1
    assert "b.jpg" in caplog.text
    assert "c.txt" in caplog.text


BROKEN: dict[str, Callable[[], bytes]] = {
    "cut.zip": lambda: CONTAINERS["pages.zip"]()[:80],
    "cut.gz": lambda: gzip.compress(page(0))[:15],
    "cut.zst": lambda: zstandard.compress(page(0))[:9],
    "cut.warc": lambda: b"WARC/1.0\r\nWARC",
    "matryoshka.zip": lambda: zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": zipped({"d.txt": page(0)})})})}),
    "bomb.gz": lambda: gzip.compress(bytes(65) * (8 << 20), 9),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_containers_are_named(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(BROKEN[name]())
    with pytest.raises(cl.InputError, match=name.partition(".")[0]):
        cl.read(path)


def test_what_a_cut_archive_still_holds_is_read() -> None:
    whole = warc([page(0), page(1), page(2)])
    results = list(reading.iter_results([whole[: len(whole) - 400]]))
    assert sum(isinstance(result, cl.Thread) for result in results) >= 2
