"""A server of our own, and a page of a real Chromium that watches for scripts that ran and for foreign requests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from serving import browsing, served

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def page(address: str) -> "Iterator[Page]":
    with browsing(address) as page:
        yield page
