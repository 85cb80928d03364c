"""What a scored discussion says: frames in, findings out. No files, no pictures."""

from dataclasses import dataclass

import pandas as pd

from commentlab.frames import Frames
from commentlab.insight import answering, camps, exchanges, labels, notes, phrases, propositions, shapes, voices
from commentlab.insight.camps import camps_of_counts, people_of
from commentlab.insight.coding import coded, disagreements
from commentlab.insight.comparing import By, compare, compare_counts
from commentlab.insight.exchanges import network
from commentlab.insight.queueing import queue
from commentlab.insight.sampling import cohens_h, interval
from commentlab.insight.voices import VOICES
from commentlab.records import Scheme

__all__ = [
    "VOICES",
    "By",
    "Findings",
    "camps_of_counts",
    "coded",
    "cohens_h",
    "compare",
    "compare_counts",
    "disagreements",
    "findings",
    "interval",
    "network",
    "people_of",
    "queue",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What stands in some scored threads; every table's rows lead back to comments by their ids.

    Attributes:
        answer: One sentence for people.
        movement: A second one, on what happens between the camps; empty where nothing does.
        said: A third one, of the camps' own words; empty where there are no voices.
        camps: A row a camp, and one for abstentions, as `camps.camps` describes them: counted shares, shares corrected
            for the classifier's error, and people, all with 95 % intervals.
        timeline: `start, unit, camp, comments, share, low, high`.
        levels: `depth, camp, comments, share, low, high`.
        relations: `relation, comments, share` over the comments that answer a comment.
        sentiments: `sentiment, comments, share`.
        exchanges: Replies between camps: `parent_camp, camp, relation, comments`.
        conversations: People who answer each other across the camps: `thread_id, author, other, replies, first_id,
            last_id`.
        flips: Authors who changed camp within a thread: `thread_id, author, from_camp, to_camp, from_id, to_id`.
        contradictions: Agreement with a comment of the opposed side, candidates for wrong labels: `thread_id,
            comment_id, parent_id, camp, parent_camp, suspect, confidence`.
        turns: Where the balance changed: `thread_id, comment_id, before, after, before_share, after_share, p`.
        ties: The signed reply network as a table: `thread_id, author, other, replies, agree, disagree`; `network`
            makes a graph of it.
        voices: The comments that show each camp best: `camp, thread_id, comment_id, author, confidence, url, text,
            sentence`.
        phrases: What sets a camp apart: `camp, phrase, comments, elsewhere, z`.
        notes: Reports at first hand, evidence, unanswered questions: `kind, thread_id, comment_id, author, text`.
        propositions: Sentences of the posts to take a stance to: `thread_id, rank, text, score, cues`.
        shapes: A row a thread: `thread_id` and the measures of `structure.Shape`.
    """

    answer: str
    movement: str
    said: str
    camps: pd.DataFrame
    timeline: pd.DataFrame
    levels: pd.DataFrame
    relations: pd.DataFrame
    sentiments: pd.DataFrame
    exchanges: pd.DataFrame
    conversations: pd.DataFrame
    flips: pd.DataFrame
    contradictions: pd.DataFrame
    turns: pd.DataFrame
    ties: pd.DataFrame
    voices: pd.DataFrame
    phrases: pd.DataFrame
    notes: pd.DataFrame
    propositions: pd.DataFrame
    shapes: pd.DataFrame


def findings(frames: Frames, scheme: Scheme | None = None) -> Findings:
    """Turn scored threads into findings.

    Args:
        frames: Tables of scored threads; tasks that were not scored give empty findings.
        scheme: The stance scheme, where it is the user's own; built-in ones are known by name.

    Returns:
        The findings over all comments that are shown; pingbacks and deleted comments count nowhere.
    """
    scheme = scheme or labels.scheme_of(frames)
    sides = labels.sides_of(frames, scheme)
    written = labels.written(frames)
    pairs = exchanges.pairs_of(written)
    found = {
        "camps": camps.camps(written, sides),
        "timeline": camps.timeline(written, sides),
        "levels": camps.levels(written, sides),
        "relations": _shares(written[written["parent_id"].notna()], "relation"),
        "sentiments": _shares(written, "sentiment"),
        "exchanges": exchanges.exchanges(pairs),
        "conversations": exchanges.conversations(pairs, sides),
        "flips": exchanges.flips(written, sides),
        "contradictions": exchanges.contradictions(pairs, sides),
        "turns": exchanges.turns(written, sides),
        "ties": exchanges.ties(pairs),
        "voices": voices.voices(written, sides, scheme),
        "phrases": phrases.phrases(written, sides),
        "notes": notes.notes(written, pairs),
        "propositions": propositions.propositions(frames),
        "shapes": shapes.shapes(frames),
    }
    answer = answering.answer(written, found["camps"], found["relations"], found["flips"])
    questions = int((found["notes"]["kind"] == "question").sum())
    movement = answering.movement(found["exchanges"], found["conversations"], found["turns"], questions)
    return Findings(answer=answer, movement=movement, said=answering.quoting(found["voices"], sides), **found)


def _shares(written: pd.DataFrame, task: str) -> pd.DataFrame:
    if task not in written:
        return pd.DataFrame({task: [], "comments": [], "share": []})
    order = labels.values(written, task)
    given = written.loc[written[f"{task}_confidence"].notna(), task].fillna(labels.ABSTAINED)
    counts = given.value_counts().reindex([*order, labels.ABSTAINED], fill_value=0)
    return pd.DataFrame({task: counts.index, "comments": counts.to_list(), "share": counts / max(counts.sum(), 1)})
