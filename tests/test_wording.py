import pytest

import commentlab as cl
from commentlab import plugin
from commentlab.models import encoder, wording
from commentlab.plugin import Item, Tier
from commentlab.tasks import stance

PRAISE = "Nuclear power is the cleanest and safest energy we have. Build more of it, now!"


@pytest.mark.parametrize(
    ("proposition", "about", "turned"),
    [
        ("gun control", "gun control", False),
        ("Climate change is a real concern", "Climate change is a real concern", False),
        ("They will not march on the capital.", "They will march on the capital.", True),
        ("They won't march", "They will march", True),
        ("They can’t march", "They can march", True),
        ("There is no climate crisis", "There is climate crisis", True),
        ("CO2 does not cause global warming", "CO2 does cause global warming", True),
        ("We should ban cars!", "cars", True),
        ("The city must not ban cars", "cars", False),
        ("A ban on cars", "cars", True),
        ("Homework should be banned.", "Homework", True),
        ("Homework should be allowed.", "Homework", False),
        ("The toll should go.", "The toll", True),
        ("The world would be better without cars", "cars", True),
        ("It’s time to end the war", "the war", True),
        ("It is a bluff that they will march.", "they will march", True),
        ("I believe that cars are bad.", "cars", True),
        ("I don't think that vaccines are harmful", "vaccines", False),
        ("It is not true that we should stop banning cars.", "cars", True),
    ],
)
def test_a_proposition_is_about_something_and_goes_one_way(proposition: str, about: str, turned: bool) -> None:
    assert wording.plain(proposition) == (about, turned)


@pytest.mark.parametrize(
    "involved",
    [
        "",
        "Stop",
        "If they do not pay, he will leave",
        "Not only cars are bad",
        "Nobody thinks that it is bad",
        "The end justifies the means",
        "Stop and search works",
        "End of life care",
        "He will not say that he did not know",
    ],
)
def test_what_is_not_recognised_stays_as_it_is(involved: str) -> None:
    assert wording.plain(involved) == (involved, False)


@pytest.mark.parametrize("tier", ["accurate", "auto"])
def test_a_stance_turns_round_with_its_proposition(tier: Tier) -> None:
    said = {
        "nuclear power": "favor",
        "Nuclear power is bad.": "against",
        "Nuclear power plants should not be built.": "against",
        "It is not true that nuclear power is dangerous.": "favor",
    }
    found = cl.classify("stance", [PRAISE] * len(said), list(said), tier=tier)
    assert found["value"].tolist() == list(said.values())
    assert found["p_favor"][0] == found["p_against"][1]
    answering = cl.classify(
        "stance", ["No, you are wrong there."] * len(said), list(said), parents=[PRAISE] * len(said), tier=tier
    )
    assert answering["p_favor"][0] == pytest.approx(answering["p_against"][1], abs=1e-12)
    items = [Item(text=PRAISE, proposition=proposition) for proposition in said]
    towards = stance.classifier(tier, None)
    assert towards.reasons(items[0], "favor") == towards.reasons(items[1], "against") != ()


def test_a_comment_is_read_once_for_all_tasks_and_so_is_what_it_answers() -> None:
    item = Item(text=PRAISE, parent="Close them!", proposition="Nuclear power should be abolished.")
    reader = encoder.load()
    reader._kept.clear()
    for task in plugin.tasks().values():
        task.classifier("accurate", None).probabilities([item])
    assert {read.text for read in reader._kept} == {item.text, item.parent}
    assert len(reader._kept) == 2
