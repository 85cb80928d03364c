"""The same work on a real Dask cluster, and tables in places that fsspec reaches: the rows are those of one machine."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dask
import fsspec
import pandas as pd
import pytest
from click.testing import CliRunner
from distributed import LocalCluster
from test_batch import PAGE, tables
from test_batch_faults import (
    FAST,
    READER,
    ROOT,
    assert_all_accounted_for,
    failures_of,
    files_of,
    results_of,
    with_the_key_of,
)

import commentlab as cl
from commentlab import batch
from commentlab.batch import cluster, inputs, labelling, shards, stores, worker
from commentlab.batch.options import completed
from commentlab.batch.stores import Disk, Remote
from commentlab.batch.worker import Setup
from commentlab.cli import main
from commentlab.privacy import Cover

FILES = 24

pytestmark = pytest.mark.timing  # workers that die are started again in time, if nobody else needs the machine


@pytest.fixture(scope="module")
def dask_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Two worker processes without a dashboard, whose readers are those of the package and a hostile one."""
    place = tmp_path_factory.mktemp("site")
    (place / "more").mkdir()
    (place / "more" / "hostile.py").write_text(READER)
    code = f"import commentlab.readers\ncommentlab.readers.__path__.append({str(place / 'more')!r})\n"
    (place / "sitecustomize.py").write_text(code)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(place), str(ROOT)]))
        settings = {"distributed.scheduler.allowed-failures": 1, "distributed.comm.timeouts.connect": "10s"}
        with (
            dask.config.set(settings),
            LocalCluster(
                n_workers=2,
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",
                local_directory=str(place),
                silence_logs=50,
            ) as started,
        ):
            yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("pages")
    for number in range(FILES):
        (folder / f"{number:03}.txt").write_text(PAGE.format(number=number), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "CHUNK", 3)
        yield folder


@pytest.fixture(scope="module")
def whole(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables as one machine writes them."""
    out = tmp_path_factory.mktemp("tables") / "whole"
    cl.run_batch(pages, out, workers=1, **FAST)
    return out


def on(found: LocalCluster) -> dict[str, Any]:
    return FAST | {"engine": "dask", "scheduler": found.scheduler_address}


def workers_of(found: LocalCluster) -> list[int]:
    return [nanny.pid for nanny in found.workers.values() if nanny.pid]


def test_a_worker_that_is_killed_changes_nothing(
    pages: Path, whole: Path, tmp_path: Path, dask_cluster: LocalCluster
) -> None:
    out = tmp_path / "out"
    with_the_key_of(whole, out)
    killed: list[int] = []

    def kill(progress: batch.Progress) -> None:
        if progress.here > FILES // 4 and not killed:
            killed.append(workers_of(dask_cluster)[0])
            os.kill(killed[0], signal.SIGKILL)

    summary = cl.run_batch(pages, out, progress=kill, **on(dask_cluster))
    assert len(killed) == 1
    assert failures_of(out) == {}
    assert summary.files == FILES
    assert files_of(out) == files_of(whole)
    again = cl.run_batch(pages, out, **on(dask_cluster))
    assert again.resumed == len(list((out / "done").iterdir())) > 3


def test_what_kills_costs_its_own_file(
    pages: Path, tmp_path: Path, dask_cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster.scheduler, "allowed_failures", 0)
    pages = shutil.copytree(pages, tmp_path / "pages")
    (pages / "005a.txt").write_text("HOSTILE parent")  # kills the Dask worker
    out = tmp_path / "out"
    options = ["--tier", "fast", "--engine", "dask", "--scheduler", dask_cluster.scheduler_address, "--authors", "keep"]
    done = CliRunner().invoke(main, ["score", str(pages), "--out", str(out), *options])
    assert done.exit_code == 1, done.output
    failed = {Path(source).name: error for source, error in failures_of(out).items()}
    assert set(failed) == {"005a.txt"}
    assert "the cluster's worker died whenever it was read" in failed["005a.txt"]
    assert len(results_of(out)) == FILES
    assert_all_accounted_for(out, sorted(pages.iterdir()))
    assert set(tables(out)["comments"]["author"]) == {"Ann", "Ben"}


def test_a_cluster_without_workers_ends_the_run(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "START", 2.0)
    found = FAST | {"engine": "dask", "authors": "keep"}
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0") as short:

        def dismiss(progress: batch.Progress) -> None:
            short.scale(0)

        with pytest.raises(batch.StoppedError, match="no workers for 2 s; what is done stays done"):
            cl.run_batch(pages, tmp_path / "out", scheduler=short.scheduler_address, progress=dismiss, **found)


def test_a_driver_that_is_killed_is_started_again(
    pages: Path, whole: Path, tmp_path: Path, dask_cluster: LocalCluster
) -> None:
    out = tmp_path / "out"
    with_the_key_of(whole, out)
    url = f"local://{out}"  # the same disk, but through fsspec
    code = f"""
    import commentlab as cl
    from commentlab.batch import inputs
    inputs.CHUNK = 3
    cl.run_batch({str(pages)!r}, {url!r}, **{on(dask_cluster)!r})
    """
    driver = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT)
    until = time.monotonic() + 60
    while driver.poll() is None and time.monotonic() < until:
        if len(list((out / "done").glob("*.json"))) >= 2:
            break
        time.sleep(0.005)
    driver.kill()
    assert driver.wait() == -signal.SIGKILL
    summary = cl.run_batch(pages, url, **on(dask_cluster))
    assert summary.out == url
    assert summary.resumed >= 2
    assert files_of(out) == files_of(whole)
    assert not list(out.rglob(".*.parquet*"))


def test_workers_must_be_alike() -> None:
    options = completed(FAST)
    here = labelling.versions(options)
    setup = Setup(out="", format="csv", options=options, cover=Cover(), versions=here)
    assert set(worker.labels(Setup.of(json.loads(json.dumps(setup.message()))))) == {"sentiment"}
    with pytest.raises(cl.OptionError, match="commentlab is another than where the run began"):
        worker.labels(replace(setup, versions=here | {"commentlab": "0.0.0"}))


def test_tables_in_memory_are_those_of_a_disk(pages: Path, whole: Path) -> None:
    url = "memory://tables"
    system = fsspec.filesystem("memory")
    system.pipe_file("/tables/pseudonym.key", (whole / "pseudonym.key").read_bytes())
    system.pipe_file("/tables/threads/mine.parquet", b"not ours")
    summary = cl.run_batch(pages, url, workers=2, **FAST)
    assert (summary.out, summary.threads, summary.failures) == (url, FILES, 0)
    found = {name.removeprefix("/tables/"): system.cat_file(name) for name in system.find("/tables")}
    assert found.pop("threads/mine.parquet") == b"not ours"
    seen = {name: data for name, data in found.items() if not name.startswith(("done/", "manifest", "pseudonym"))}
    assert seen == files_of(whole)
    system.rm_file(next(name for name in system.find("/tables/threads") if "mine" not in name))
    again = cl.run_batch(pages, url, workers=1, **FAST)
    assert again.resumed == len(system.find("/tables/done")) - 1
    person = pd.read_parquet(next(whole.glob("comments/*")))["author"][0]
    gone = CliRunner().invoke(main, ["forget", url, "--author", person])
    assert gone.output.startswith(f"0 threads, {FILES} comments and 0 labels deleted")
    assert person in system.cat_file("/tables/excluded.csv").decode()
    cl.run_batch(pages, url, workers=1, resume=False, **FAST)
    assert not [name for name in system.find("/tables/comments") if person.encode() in system.cat_file(name)]


def test_a_run_that_another_has_taken_over_ends(tmp_path: Path) -> None:
    aside, folder = (shards.Folder(store=Disk(path=tmp_path / name), format="csv") for name in ("aside", "out"))
    for each in (aside, folder):
        each.prepare()
    writer = shards.Writer(aside, "a" * 16, {})
    writer.close()
    folder.store.write("manifest.json", b'{"run": "second"}')
    ledger = shards.Ledger(inputs=(), parts=1)
    with pytest.raises(batch.StoppedError, match="another run has taken over"):
        folder.receive("a" * 16, ledger, aside, "first")
    assert folder.shards("threads") == []
    folder.receive("a" * 16, ledger, aside, "second")
    assert dict(folder.ledgers(["a" * 16, "b" * 16])) == {"a" * 16: ledger}


def test_a_store_that_is_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(cl.OptionError, match="nowhere://x"):
        stores.at("nowhere://x").names("done")
    assert stores.at(f"file://{tmp_path}/a%20b").local == tmp_path / "a b"
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(cl.UnreadableError, match="cannot be reached"):
        Remote(place=f"local://{tmp_path}/file").prepare(["done"])
    shutil.rmtree(tmp_path)
    assert Remote(place=f"local://{tmp_path}").names("done") == []
    assert Remote(place=f"local://{tmp_path}").read(["manifest.json"]) == {}


def test_without_the_extra_the_message_tells_the_command(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("distributed", "fsspec"):
        monkeypatch.setitem(sys.modules, name, None)
    asked = ["score", str(pages), "--out", str(tmp_path / "out"), "--engine", "dask", "--scheduler", "tcp://x:1"]
    refused = CliRunner().invoke(main, asked)
    assert (refused.exit_code, refused.output.count(stores.INSTALL)) == (2, 1)
    refused = CliRunner().invoke(main, ["score", str(pages), "--out", "s3://bucket/tables"])
    assert (refused.exit_code, refused.output.count(stores.INSTALL)) == (2, 1)
    refused = CliRunner().invoke(main, ["score", str(pages), "--out", "s3://bucket/comments.csv"])
    assert "name a folder" in refused.output
    assert not (tmp_path / "out").exists()


def test_no_cluster_answers(pages: Path, tmp_path: Path) -> None:
    with dask.config.set({"distributed.comm.timeouts.connect": "0.3s"}), pytest.raises(cl.OptionError, match="answers"):
        cl.run_batch(pages, tmp_path / "out", **FAST, engine="dask", scheduler="tcp://127.0.0.1:9")
