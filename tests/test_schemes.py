from pathlib import Path

import pytest

from commentlab import schemes
from commentlab.errors import InputError, OptionError

GOOD = """
name = "toll"
title = "The bridge toll"
proposition = "The toll will come."
[[camps]]
name = "it comes"
side = "favor"
meaning = "It will come."
examples = ["They have ordered the gates."]
[[camps]]
name = "it does not"
side = "against"
meaning = "It will not."
"""


def test_threat_is_built_in() -> None:
    threat = schemes.load("threat")
    assert "threat" in schemes.available()
    assert threat.values == ("credible threat", "limited threat", "bluff", "no position")
    assert [camp.side for camp in threat.camps] == ["favor", "against", "against", "none"]
    assert all(camp.meaning and camp.examples for camp in threat.camps)


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "toll.toml"
    path.write_text(GOOD, encoding="utf-8")
    scheme = schemes.load(path)
    assert (scheme.name, scheme.values) == ("toll", ("it comes", "it does not"))
    assert scheme.camps[0].examples == ("They have ordered the gates.",)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('name = "toll"', "", "name"),
        ('title = "The bridge toll"', 'title = " "', "title"),
        ('proposition = "The toll will come."', "proposition = 3", "proposition"),
        ('side = "favor"', 'side = "pro"', "camps[0].side"),
        ('meaning = "It will not."', "", "camps[1].meaning"),
        ('examples = ["They have ordered the gates."]', 'examples = "one"', "camps[0].examples"),
        ('name = "it does not"', 'name = "it comes"', "camps"),
        (GOOD[GOOD.rindex("[[camps]]") :], "", "camps"),
        (GOOD[GOOD.index("[[camps]]") :], 'camps = ["a", "b"]', "camps[0]"),
        ('name = "toll"', "name = ", "TOML"),
    ],
)
def test_broken_file_names_the_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    path = tmp_path / "toll.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        schemes.load(path)
    assert key in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", ["no such scheme", "missing.toml", ""])
def test_unknown_scheme_lists_those_there_are(name: str) -> None:
    with pytest.raises(OptionError, match="threat"):
        schemes.load(name)
