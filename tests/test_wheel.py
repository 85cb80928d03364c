"""The wheel, built and installed without extras into an empty environment, does its work."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_batch import PAGE

ROOT = Path(__file__).parents[1]
SMOKE = """
import sys
import commentlab as cl

assert cl.__file__.startswith(sys.argv[1]), cl.__file__
summary = cl.run_batch("pages", "out", scheme="threat", tier="fast", workers=1)
assert (summary.threads, summary.comments, summary.failures) == (1, 2, 0), summary
cl.report(list(cl.score_files("pages", scheme="threat")), "report.html")
try:
    cl.run_batch("pages", "other", engine="dask", scheduler="tcp://127.0.0.1:8786")
except cl.MissingExtraError as error:
    assert "pip install 'commentlab[cluster]'" in str(error), error
else:
    raise AssertionError("the extra is there")
try:
    cl.run_batch("pages", "s3://bucket/tables")
except (cl.MissingExtraError, cl.OptionError) as error:  # fsspec may be there, s3fs is not
    assert "commentlab[cluster]" in str(error) or "s3fs" in str(error), error
else:
    raise AssertionError("nothing can be written to S3 here")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_what_is_needed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert not [name for name in names if not name.startswith(("commentlab/", "commentlab-"))]
    wanted = ["schemes/threat.toml", "models/encoder/card.json", "templates/report.html", "batch/worker.py", "py.typed"]
    wanted += ["dashboard/started/app.py", "dashboard/started/.streamlit/config.toml"]
    assert [name for name in wanted if f"commentlab/{name}" not in names] == []


@pytest.mark.e2e
def test_the_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.txt").write_text(PAGE.format(number=1), encoding="utf-8")
    place = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, capture_output=True)
    python = place / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
    done = subprocess.run(
        [python, "-c", SMOKE, str(place)],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report.html").exists()
