"""Many threads at once: where does each stand, and which comments are behind it?"""

from datetime import date
from typing import Any, get_args

import streamlit as st

from commentlab import corpus
from commentlab.corpus import Corpus, Order, Overview, Query
from commentlab.dashboard import app, asking, heading, pictures, state, wording
from commentlab.dashboard.asking import PAGE
from commentlab.dashboard.charts import effects
from commentlab.dashboard.parts import groups, hits
from commentlab.dashboard.wording import count, plain
from commentlab.frames import rows
from commentlab.insight import By

_VIEWS: dict[str, By | None] = {
    "Threads": "thread",
    "Months": "month",
    "Sources": "source",
    "People": "author",
    "Comments": None,
}
_FOLLOWS = (
    "This follows people through all discussions. Nobody who comments expects that, a name may be several people, and"
    " labels are wrong quite often: do not judge anybody by it, and do not hand it on."
)


def _page() -> None:
    found = state.corpus_shown()
    if found is None:
        heading.empty(
            "Nothing is open yet. At the left, name the folder that “commentlab score … --out FOLDER” wrote, drop it as"
            " a zip, or drop several files; or begin with the sample."
        )
        return
    about = asking.overview(found)
    st.caption(plain(_about(found, about)))
    if not about.comments:
        heading.empty("No comments were recognised here. The page “Read” shows what was; or look at the sample.")
        return
    top = st.container()  # the sentence answers what is asked below it
    query = _filters(found, about)
    with top:
        heading.answer(_answer(found, query, about))
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        by = _view()
        order = _order(by)
    held_back = by == "author" and not st.toggle("Follow people through all discussions", key="corpus-profiles")
    if held_back or query.author:
        st.warning(_FOLLOWS, icon=":material/person_alert:")
    if held_back:
        return
    if by:
        _groups(found, by, query, order)
    else:
        _comments(found, query)


def _about(found: Corpus, about: Overview) -> str:
    where = str(found.path) if st.session_state.get("corpus") else "what is open"
    parts = [where, count(about.sources, "source"), wording.span(about.first, about.last)]
    return " · ".join(filter(None, parts))


def _answer(found: Corpus, query: Query, about: Overview) -> str:
    meant = asking.overview(found, query)
    of = "" if meant == about else f"{meant.comments:,} of "
    head = f"{of}{count(about.comments, 'comment')} in {count(meant.threads, 'thread')}"
    if query.camp or not meant.comments or not found.camps:
        return f"{head}."
    parts = [
        f"{100 * row['share']:.0f} % (±{_half(row['low'], row['high'])}) {wording.camp(row['camp'])}"
        for row in rows(asking.camps(found, query))
        if row["comments"]
    ]
    return f"{head}: {', '.join(parts)}."


def _half(low: float, high: float) -> str:
    half = 50 * (high - low)
    return f"{half:.0f}" if half >= 1 else f"{half:.1f}"


def _filters(found: Corpus, about: Overview) -> Query:
    """Draw what narrows the comments down; all of it stands in the address, too."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = _words("Words in the comment", "words", "all of them", 200)
        author = _words("Name or pseudonym", "author", "a part of it", 170)
        days = _days(about)
        labels = _labels(found)
        sure = st.slider(
            "Stance at least so sure", 0, 100, 0, 5, format="%d %%", key="corpus-sure", bind="query-params", width=150
        )
    within: tuple[By, str] | None = st.session_state.get("corpus-within")
    if within:
        st.button(f"Only {within[0]} {plain(within[1])}  ✕", key="corpus-all", on_click=_take_all)
    return Query(words=words, author=author, confidence=sure / 100, within=within, **days, **labels)


def _words(title: str, name: str, hint: str, width: int) -> str:
    typed = st.text_input(title, key=f"corpus-{name}", bind="query-params", placeholder=hint, width=width)
    return (typed or "").strip()


def _days(about: Overview) -> dict[str, Any]:
    """Draw the first and the last day where anything has a date, from whole years so that a link holds for long."""
    if not about.first or not about.last:
        return {}
    first, last = date(about.first.year, 1, 1), date(about.last.year, 12, 31)
    titles = {"since": "From (UTC)", "until": "To (UTC)"}
    return {
        name: st.date_input(
            title, None, first, last, key=f"corpus-{name}", bind="query-params", format="DD/MM/YYYY", width=140
        )
        for name, title in titles.items()
    }


def _labels(found: Corpus) -> dict[str, Any]:
    titles = {"camp": "Camp", "relation": wording.TASKS["relation"], "sentiment": wording.TASKS["sentiment"]}
    values = {"camp": found.camps} | {task: found.tasks.get(task, ()) for task in ("relation", "sentiment")}
    return {
        name: st.selectbox(
            title,
            list(values[name]),
            index=None,
            key=f"corpus-{name}",
            bind="query-params",
            placeholder="any",
            format_func=wording.camp,
            disabled=not values[name],
            width=150,
        )
        for name, title in titles.items()
    }


def _take_all() -> None:
    st.session_state["corpus-within"] = None


def _view() -> By | None:
    held = st.session_state.get("corpus-view") or "Threads"
    st.session_state["corpus-view"] = st.session_state.pop("corpus-turn", held)
    view = st.segmented_control(
        "Look at", list(_VIEWS), key="corpus-view", required=True, label_visibility="collapsed", wrap=True
    )
    return _VIEWS[view or held]


def _order(by: By | None) -> Order:
    """Draw the choice of the order where there is one: months follow each other, and comments are the surest first."""
    if by in (None, "month"):
        return "oldest"
    chosen: Order = st.selectbox(
        "Order",
        get_args(Order),
        key="corpus-order",
        format_func=lambda each: f"{each} first",
        width=170,
        label_visibility="collapsed",
    )
    return chosen


def _groups(found: Corpus, by: By, query: Query, order: Order) -> None:
    offset = _offset((found.path, by, query, order))
    table = asking.groups(found, by, query, order, offset)
    if table.empty:
        st.info("No comment is like that. Take a filter away.", icon=":material/lightbulb:")
        return
    key = f"groups-{by}"
    picked: list[str] = st.session_state.get("corpus-picked", {}).get((found.path, by), [])
    data = groups.describe(found, by, table, picked)
    opened = groups.draw(data, lambda: _pick(found, by, st.session_state[key]["picked"]), key=key)
    _pager(offset, len(table), int(table["groups"].iloc[0]))
    if len(picked) == 2 and found.camps:
        _compared(found, by, picked, query)
    elif found.camps and len(table) > 1:
        st.caption("Press “compare” in two rows to see how far they differ. Bars show shares of the comments found.")
    elif by == "thread" and len(table) == 1 and query == corpus.ALL:
        st.caption("One thread is open. Drop several files, or name a folder at the left, to see threads side by side.")
    if opened and by == "thread":
        _read(found, opened, None)
    elif opened:
        st.session_state["corpus-within"] = (by, opened)
        st.session_state["corpus-turn"] = "Threads"
        st.rerun()


def _pick(found: Corpus, by: By, picked: list[str]) -> None:
    st.session_state["corpus-picked"] = {(found.path, by): list(picked)}


def _compared(found: Corpus, by: By, picked: list[str], query: Query) -> None:
    st.subheader("Side by side", anchor=False)
    table = asking.compare(found, by, sorted(picked), query)
    names = [wording.calm(name) for name in _names(found, by, effects.keys_of(table))]
    if len(names) < 2:
        st.info("One of the two holds no comment that was found.", icon=":material/lightbulb:")
        return
    st.markdown(plain(effects.sentence(table, names)))
    pictures.draw(
        lambda ink: effects.chart(table, names, ink),
        "commentlab-compared",
        "Lines are 95 % intervals. h is Cohen’s effect size: 0.2 is small, 0.5 medium, 0.8 large; it says nothing about"
        " why two groups differ.",
        key="compared",
        marked=False,
    )


def _names(found: Corpus, by: By, keys: list[str]) -> list[str]:
    if by != "thread":
        return keys
    titles = asking.titles(found, keys)
    alike = len(set(titles.values())) < len(keys)
    return [f"{titles[key]} ({key})" if alike else titles[key] for key in keys]


def _comments(found: Corpus, query: Query) -> None:
    offset = _offset((found.path, "comments", query))
    table = asking.comments(found, query, offset)
    if table.empty:
        st.info("No comment is like that. Take a filter away.", icon=":material/lightbulb:")
        return
    place = hits.draw(hits.describe(found, table, query.words), key="corpus-hits")
    _pager(offset, len(table), asking.overview(found, query).comments)
    if place:
        _read(found, *place)


def _read(found: Corpus, thread_id: str, comment_id: str | None) -> None:
    """Go to the discussion."""
    shown = state.opened()
    held = [each.thread.id for each in shown.threads] if shown else []
    if st.session_state.get("corpus"):
        if not state.show_thread(found, thread_id):
            st.rerun()
    elif thread_id in held:
        st.session_state["thread"] = held.index(thread_id)
    app.follow(comment=comment_id)


def _offset(what: object) -> int:
    """Return where the page begins that is shown; another question begins at the start."""
    held = st.session_state.get("corpus-page")
    if held is None or held[0] != what:
        held = st.session_state["corpus-page"] = (what, 0)
    return int(held[1])


def _pager(offset: int, shown: int, total: int) -> None:
    if total <= PAGE:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Earlier rows", disabled=not offset, on_click=_turn, args=(-PAGE,), icon=":material/chevron_left:")
        st.button(
            "More rows",
            disabled=offset + shown >= total,
            on_click=_turn,
            args=(PAGE,),
            icon=":material/chevron_right:",
        )
        st.caption(f"{offset + 1:,} to {offset + shown:,} of {total:,}")


def _turn(by: int) -> None:
    what, offset = st.session_state["corpus-page"]
    st.session_state["corpus-page"] = (what, max(0, offset + by))


_page()
