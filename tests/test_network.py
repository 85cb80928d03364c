"""What torch trains; skipped where the extra `training` is not installed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from commentlab.training import joint, learn, network  # noqa: E402

HEADS = joint.heads()
SMALL = network.Shape(width=24, heads=2, layers=2)
FAR = network.Shape(width=24, heads=2, layers=2, distances=8)


@pytest.mark.parametrize("shape", [SMALL, FAR])
def test_padding_does_not_move_an_answer(shape: network.Shape) -> None:
    net = network.Network(50, HEADS, shape).eval()
    ids, roles = torch.randint(0, 50, (1, 9)), torch.zeros((1, 9), dtype=torch.long)
    padded = torch.cat([ids, torch.full((1, 4), 3)], dim=1)
    absent = torch.arange(13)[None] >= 9
    alone = net(ids, roles)[0]
    beside = net(padded, torch.zeros((1, 13), dtype=torch.long), absent)[0]
    torch.testing.assert_close(alone, beside, atol=1e-5, rtol=1e-5)


def test_distances_are_told_apart_near_and_not_far() -> None:
    kinds = network._kinds(torch.arange(300), 32)
    assert kinds[5, 4] != kinds[4, 5]
    assert len(set(kinds[20:28, 20].tolist())) == 8
    assert kinds[299, 10] == kinds[299, 0] == 15
    assert int(kinds.max()) == 31


def test_a_teacher_speaks_to_the_heads_that_a_row_can_answer() -> None:
    names = [value for values in HEADS.values() for value in values]
    case = joint.Case(item=joint.Item(text="No."), targets={}, source="vast.train", group="g")
    sure = tuple(9.0 * (value in ("negative", "agree", "favor", "bluff")) for value in names)
    shelf = learn.Shelf(learn.Tokens(_vocabulary()))
    shelf.add([case])
    batch = learn._batch(shelf, [replace(case, taught=sure)])
    assert batch.asked.tolist() == [[True, False, False, False]]
    likes = torch.tensor([sure])
    other = torch.tensor([[9.0 * (value in ("negative", "disagree", "against")) for value in names]])
    assert learn.loss(likes, batch) == learn.loss(other, batch)
    assert learn.loss(-likes, batch) > learn.loss(likes, batch)
    assert not learn._batch(shelf, [case]).asked.any()


def test_an_exported_network_answers_alike_and_can_be_taken_up_again(tmp_path: Path) -> None:
    export = pytest.importorskip("commentlab.training.export")
    onnxruntime = pytest.importorskip("onnxruntime")
    torch.manual_seed(1)
    net = network.Network(400, HEADS).eval()
    with torch.no_grad():
        for parameter in net.parameters():  # equal ones, as zeros at the start, would be stored once
            parameter.add_(0.02 * torch.randn_like(parameter))
    ids, roles = torch.randint(0, 400, (1, 30)), torch.zeros((1, 30), dtype=torch.long)
    model = export.onnx(net, [(ids[0].tolist(), roles[0].tolist())])
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    told = torch.tensor(session.run(None, {"ids": ids.numpy(), "roles": roles.numpy()})[0])
    whole, taken_up = net(ids, roles)[0], network.again(model, HEADS).eval()(ids, roles)[0]
    assert torch.cosine_similarity(told, whole) > 0.95
    assert torch.cosine_similarity(taken_up, whole) > 0.99
    first, second = net.state_dict(), network.again(model, HEADS).state_dict()
    assert all((first[name] - second[name]).abs().max() <= first[name].abs().max() / 127 for name in first)


def test_the_largest_inputs_are_shared_out_and_the_sums_stay() -> None:
    export = pytest.importorskip("commentlab.training.export")
    torch.manual_seed(1)
    weight, bias, states = torch.randn(5, 9), torch.randn(5), torch.randn(2, 3, 9)
    states[0, 0, 4] = 40.0
    shared = export._Shared(weight, bias, states.abs().flatten(0, 1).amax(dim=0))
    torch.testing.assert_close(shared(states), torch.nn.functional.linear(states, weight, bias))
    assert shared.copies.unique().numel() > 1  # other ones are the largest, in the end
    assert (states * shared.parts).abs().max() < 0.1 * states.abs().max()


def test_a_training_that_was_cut_off_goes_on_and_keeps_its_weights_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    item, checkpoint = joint.Item(text="No."), tmp_path / "checkpoint.pt"
    cases = [joint.Case(item=item, targets={"sentiment": (1.0, 0.0, 0.0)}, source="vast.train", group="g")] * 9
    course, shelf = learn.Course(epochs=2, rate=1e-3, budget=15), learn.Shelf(learn.Tokens(_vocabulary()))
    steps, whole = [], learn.loss

    def cut_off(logits: torch.Tensor, batch: learn.Batch) -> torch.Tensor:
        steps.append(batch)
        if len(steps) == 4:
            raise KeyboardInterrupt
        return whole(logits, batch)

    monkeypatch.setattr(learn, "PAUSE", -1.0)
    monkeypatch.setattr(learn, "loss", cut_off)
    with pytest.raises(KeyboardInterrupt):
        learn.train(network.Network(6, HEADS, SMALL), shelf, lambda: [cases], checkpoint, course)
    learnt = learn.train(network.Network(6, HEADS, SMALL), shelf, lambda: [cases], checkpoint, course)
    assert "going on from step 3" in capsys.readouterr().out
    assert torch.load(checkpoint, weights_only=True).keys() == {"network", "step"}
    again = learn.train(network.Network(6, HEADS, SMALL), shelf, pytest.fail, checkpoint, course)  # nothing is drawn
    assert all(torch.equal(one, other) for one, other in zip(learnt.parameters(), again.parameters(), strict=True))


def _vocabulary() -> str:
    pieces = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "no": 4, ".": 5}
    model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "vocab": pieces}
    return json.dumps({"version": "1.0", "model": model | {"max_input_chars_per_word": 100}, "added_tokens": []})
