from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# A test fails because of a change, not by the chance of its examples or of a slow machine; `make fuzz` goes exploring.
settings.register_profile("commentlab", deadline=None, derandomize=True)
settings.load_profile("commentlab")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files from what is read now")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def shared() -> Path:
    """The folder with the real threads, which is not part of the repository."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared")
    return folder


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for what a person keeps, so that no test touches that of whoever runs it."""
    folder = tmp_path / "kept by commentlab"
    monkeypatch.setenv("COMMENTLAB_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True, scope="session")
def kept_by_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Likewise for servers that outlive a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMENTLAB_HOME", str(tmp_path_factory.mktemp("kept by servers")))
        yield
