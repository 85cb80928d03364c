// The discussion: a strip, an outline and the chosen comment. Everything that people wrote is set as text, never as HTML.

const DEEPEST = 14;
const WAIT = 200; // ms between a key and the word to the server, so that running through the rows stays smooth
const DARK = new Set(["#0072B2"]);
const NEAR = 170; // ems above and below what is seen that are in the page, too
const ROOM = 60; // pixels between the edge and a row that is scrolled to
const LONG = 100; // comments from which on rows without disagreement are small
const HEIGHT = { row: 4, quiet: 2.25, folded: 1.4, gap: 1.9 }; // ems, as in the style sheet
const BAR = 2; // pixels of the strip that a comment, or several as one bar, have at least

function sign(relation) {
  return narrow(relation?.glyph) ?? "·";
}

// A long list of which only what is near is in the page: rows are as high as the style sheet says, in ems.
class List {
  constructor(pane, draw) {
    this.pane = pane;
    this.draw = draw;
    this.nodes = new Map();
    this.above = make("div", "space");
    this.below = make("div", "space");
    pane.addEventListener("scroll", () => this.show());
  }

  // Items have a key, and a height in ems; nodes of keys that stay are kept unless they are to be drawn afresh.
  set(items, { afresh = false } = {}) {
    if (afresh) this.nodes.clear();
    this.items = items;
    this.places = new Map(items.map((item, place) => [item.key, place]));
    this.tops = [0];
    for (const item of items) this.tops.push(this.tops.at(-1) + item.height);
    this.shown = null;
    this.show();
  }

  get em() {
    return parseFloat(getComputedStyle(this.pane).fontSize) || 14;
  }

  at(height) {
    let [low, high] = [0, this.items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle + 1] < height) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  show() {
    const em = this.em;
    const [top, high] = [this.pane.scrollTop / em, this.pane.clientHeight / em];
    const seen = [this.at(top), Math.min(this.items.length, this.at(top + high) + 1)];
    if (this.shown && this.shown[0] <= seen[0] && this.shown[1] >= seen[1]) return;
    const [first, last] = (this.shown = [this.at(top - NEAR), Math.min(this.items.length, this.at(top + high + NEAR) + 1)]);
    const kept = new Map();
    for (const item of this.items.slice(first, last)) kept.set(item.key, this.nodes.get(item.key) ?? this.draw(item));
    this.nodes = kept;
    this.above.style.height = `${this.tops[first]}em`;
    this.below.style.height = `${this.tops.at(-1) - this.tops[last]}em`;
    this.pane.replaceChildren(this.above, ...kept.values(), this.below);
  }

  // Scrolls the pane alone; scrollIntoView would move the page as well.
  reveal(key) {
    const place = this.places.get(key);
    if (place === undefined) return;
    const em = this.em;
    const [top, end] = [this.tops[place] * em, this.tops[place + 1] * em];
    const { scrollTop, clientHeight } = this.pane;
    if (top < scrollTop) this.pane.scrollTop = Math.max(0, top - ROOM);
    else if (end > scrollTop + clientHeight) this.pane.scrollTop = end - clientHeight + ROOM;
    this.show();
  }
}

class Discussion {
  constructor(root) {
    this.root = root;
    this.strip = root.querySelector(".strip");
    this.key = root.querySelector(".key");
    this.outline = root.querySelector(".outline");
    this.detail = root.querySelector(".detail");
    this.list = new List(this.outline, (item) => (item.row ? this.drawRow(item.row) : this.drawGap(item)));
    this.outline.addEventListener("click", (event) => this.clicked(event));
    this.outline.addEventListener("keydown", (event) => this.pressed(event));
    this.strip.addEventListener("click", (event) => this.pointed(event));
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(root.parentElement ?? root.getRootNode().host);
  }

  update(data, tell) {
    this.tell = tell;
    const asked = JSON.stringify(data.found ?? null);
    const opening = this.shown !== data.view || this.labelled !== data.labelled;
    const searching = this.asked !== asked;
    this.asked = asked;
    this.found = data.found ? new Map(data.found.map(({ id, places }) => [id, places])) : null;
    if (opening) this.open(data);
    else if (searching) this.search();
    const wanted = this.byId.has(data.chosen) ? data.chosen : null;
    // What we told the server comes back late; only a choice that was made elsewhere moves us.
    if (wanted && wanted !== this.told && wanted !== this.chosen) this.choose(wanted, { quiet: true });
    const lost = searching && this.found && !this.found.has(this.chosen);
    const first = this.rows.find((row) => !this.found || this.found.has(row.id));
    if (first && data.labelled && (!this.chosen || lost)) this.choose(first.id, { quiet: !this.found });
  }

  open(data) {
    this.data = data;
    this.shown = data.view;
    this.labelled = data.labelled;
    this.chosen = this.told = null;
    this.task = "stance";
    this.folded = new Set();
    this.byId = new Map(data.rows.map((row, place) => [row.id, { ...row, place, children: [] }]));
    this.rows = [...this.byId.values()];
    for (const row of this.rows) this.byId.get(row.parent)?.children.push(row.id);
    for (const row of this.rows) row.quiet = this.rows.length >= LONG && !this.argues(row);
    this.camps = new Map(data.camps.map((camp) => [camp.name, camp]));
    this.root.classList.toggle("bare", !data.labelled);
    this.detail.replaceChildren();
    this.drawKey();
    this.outline.scrollTop = 0;
    this.search();
  }

  argues(row) {
    return disagrees(row) || row.children.some((id) => disagrees(this.byId.get(id)));
  }

  // Works out which rows stay: those that were found, what they answer, and what somebody wants to see all the same.
  search() {
    this.opened = new Set();
    this.kept = null;
    if (this.found) {
      this.kept = new Set();
      for (let row of this.rows) {
        if (this.found.has(row.id)) for (; row && !this.kept.has(row.id); row = this.byId.get(row.parent)) this.kept.add(row.id);
      }
    }
    this.relist({ afresh: true });
    this.fit();
    if (this.chosen && this.data.labelled) this.drawDetail(this.byId.get(this.chosen));
  }

  relist(how) {
    const items = [];
    let closed = Infinity;
    let gap = null;
    for (const row of this.rows) {
      if (row.depth <= closed) closed = Infinity;
      if (row.depth > closed) continue;
      if (this.kept && !this.kept.has(row.id) && !this.opened.has(row.id)) {
        if (!gap) items.push((gap = { key: `gap ${row.id}`, height: HEIGHT.gap, depth: row.depth, left: [] }));
        gap.left.push(row.id);
        continue;
      }
      gap = null;
      const folded = this.folded.has(row.id);
      if (folded) closed = row.depth;
      items.push({ key: row.id, row, height: (row.quiet ? HEIGHT.quiet : HEIGHT.row) + (folded ? HEIGHT.folded : 0) });
    }
    this.list.set(items, how);
    if (!items.length) this.outline.replaceChildren(make("p", "empty", "There are no comments here."));
  }

  // Camps: a class and a colour for whatever shows one.
  paint(node, label) {
    const name = label?.value ?? "abstained";
    const colour = this.camps.get(name)?.colour ?? "";
    node.style.setProperty("--camp", colour || "transparent");
    node.classList.toggle("hollow", !colour);
    node.classList.toggle("deep", DARK.has(colour));
    node.classList.toggle("pale", colour === PALE);
    return node;
  }

  campChip(label) {
    return this.paint(make("span", "chip", label.value ?? "unclear"), label);
  }

  drawKey() {
    const camps = this.data.camps.filter((camp) => camp.comments).map((camp) => {
      const entry = make("span");
      entry.append(this.paint(make("i", "swatch"), { value: camp.name }), `${camp.title} ${camp.comments}`);
      return entry;
    });
    const relations = ["agree", "disagree", "query"].map((value) => {
      const entry = make("span");
      entry.append(this.glyph({ value }), this.data.relations[value].word);
      return entry;
    });
    this.key.replaceChildren(...camps, ...relations, make("span", "", "↪ inferred link"));
  }

  drawRow(row) {
    const folded = this.folded.has(row.id);
    const node = make("div", "row");
    node.classList.toggle("quiet", row.quiet);
    node.classList.toggle("off", row.outside || Boolean(this.found && !this.found.has(row.id)));
    if (row.outside) node.title = "On another page; it is here since others answer it";
    node.dataset.id = row.id;
    node.id = `row-${row.id}`;
    node.setAttribute("role", "treeitem");
    node.setAttribute("aria-level", row.depth + 1);
    if (row.id === this.chosen) node.setAttribute("aria-selected", "true");
    if (row.children.length) node.setAttribute("aria-expanded", String(!folded));
    const fold = make("button", "fold", row.children.length ? (folded ? "▸" : "▾") : "");
    fold.tabIndex = -1;
    fold.setAttribute("aria-label", "Fold the replies");
    const cell = make("div", "cell");
    cell.append(this.drawHead(row), make("div", "line", this.firstLine(row)));
    if (folded) cell.append(make("div", "folded", this.summary(row.id)));
    node.append(this.rails(row.depth, row.inferred ? "rails inferred" : "rails"), fold, cell);
    return node;
  }

  drawGap(gap) {
    const node = make("div", "gap");
    const count = gap.left.length;
    const button = make("button", "", `··· ${count} left out`);
    button.title = count === 1 ? "Show it all the same" : "Show them all the same";
    button.tabIndex = -1;
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      for (const id of gap.left) this.opened.add(id);
      this.relist();
    });
    node.append(this.rails(gap.depth, "rails"), button);
    return node;
  }

  rails(depth, name) {
    const rails = make("span", name);
    rails.style.width = `calc(${Math.min(depth, DEEPEST)} * var(--step))`;
    return rails;
  }

  drawHead(row) {
    const head = make("div", "head");
    if (row.labels.stance) head.append(this.campChip(row.labels.stance));
    if (row.labels.relation) head.append(this.glyph(row.labels.relation));
    if (row.inferred) {
      const mark = make("span", "mark", "↪");
      mark.title = `Whom it answers is ${row.inferred}`;
      head.append(mark);
    }
    head.append(make("span", "author", row.kind === "comment" ? row.author : `${row.kind}: ${row.author}`));
    if (row.host) head.append(make("span", "mark", "wrote the post"));
    if (row.flipped) {
      const mark = make("span", "mark", "⇄");
      mark.append(make("span", "words", " changed their mind"));
      mark.title = "This person was in another camp before";
      head.append(mark);
    }
    head.append(make("span", "time", row.date.replace(/ \d{4},/, ",")));
    return head;
  }

  glyph(label) {
    const relation = this.data.relations[label.value];
    const node = make("span", `glyph ${label.value ?? ""}`, sign(relation));
    node.title = relation?.word ?? "unclear";
    return node;
  }

  firstLine(row) {
    if (row.status === "deleted") return "This comment was deleted.";
    let end = 0;
    for (const [start, stop] of row.quotes) if (start <= end + 3) end = stop;
    const own = Array.from(row.text).slice(end).join("").replace(/^[\s”"»’]+/, "") || row.text;
    return own.slice(0, 220).replace(/\s+/g, " ");
  }

  // The strip: a bar a comment, or, where there are more than fit, a bar for several that shows the mix of their camps.
  drawStrip(room, step) {
    const most = Math.max(1, Math.floor(room / BAR));
    this.per = Math.ceil(this.rows.length / most) || 1;
    const bars = [];
    for (let first = 0; first < this.rows.length; first += this.per) {
      const rows = this.rows.slice(first, first + this.per);
      const bar = this.per > 1 ? this.drawMix(rows) : this.drawBar(rows[0], step);
      bar.classList.toggle("off", Boolean(this.found) && !rows.some((row) => this.found.has(row.id)));
      bars.push(bar);
    }
    this.here = make("b");
    this.strip.replaceChildren(this.here, ...bars);
    return bars;
  }

  drawBar(row, step) {
    const stance = row.labels.stance;
    const bar = this.paint(make("i", stance ? "" : "none"), stance ?? { value: null });
    if (!stance) bar.classList.remove("hollow");
    if (disagrees(row)) bar.classList.add("disagree");
    bar.style.left = `${Math.min(row.depth, 4) * step}px`;
    return bar;
  }

  drawMix(rows) {
    const bar = make("i", "mix");
    let at = 0;
    const stops = [];
    const found = rows.filter((row) => !this.found || this.found.has(row.id));
    for (const camp of this.data.camps) {
      const share = found.filter((row) => campOf(row) === camp.name).length / rows.length;
      if (share) stops.push(`${camp.colour || "transparent"} ${100 * at}% ${100 * (at += share)}%`);
    }
    if (stops.length) bar.style.background = `linear-gradient(to right, ${stops.join(", ")}, transparent ${100 * at}%)`;
    const loud = make("u");
    loud.style.width = `${(14 * found.filter(disagrees).length) / rows.length}px`;
    bar.append(loud);
    return bar;
  }

  // Heights and widths that depend on the room there is.
  fit() {
    const width = (this.root.parentElement ?? this.root.getRootNode().host).getBoundingClientRect().width;
    this.root.classList.toggle("narrow", width > 0 && width < 700);
    if (!this.rows?.length) return;
    const bars = this.drawStrip(this.strip.clientHeight, this.root.classList.contains("narrow") ? 3 : 6);
    const unit = Math.min(19, this.strip.clientHeight / bars.length);
    const height = Math.max(1, Math.min(9, unit * (this.per > 1 ? 1 : 0.62)));
    this.strip.classList.toggle("roomy", unit >= 13);
    bars.forEach((bar, place) => {
      bar.style.top = `${place * unit + (unit - height) / 2}px`;
      bar.style.height = `${height}px`;
    });
    this.unit = unit / this.per;
    this.point();
    this.list.show();
  }

  point() {
    const place = this.byId.get(this.chosen)?.place ?? 0;
    const height = Math.max(4, this.unit);
    this.here.style.top = `${(place + 0.5) * this.unit - height / 2}px`;
    this.here.style.height = `${height}px`;
  }

  choose(id, { quiet = false } = {}) {
    this.list.nodes.get(this.chosen)?.removeAttribute("aria-selected");
    this.chosen = id;
    let hidden = !this.list.places.has(id);
    if (this.kept && !this.kept.has(id)) this.opened.add(id);
    for (let row = this.byId.get(id); (row = this.byId.get(row.parent)); ) hidden = this.folded.delete(row.id) || hidden;
    if (hidden) this.relist({ afresh: true });
    this.list.reveal(id);
    const node = this.list.nodes.get(id);
    node.setAttribute("aria-selected", "true");
    this.outline.setAttribute("aria-activedescendant", node.id);
    this.point();
    if (this.data.labelled) this.drawDetail(this.byId.get(id));
    clearTimeout(this.waiting);
    if (!quiet) this.waiting = setTimeout(() => this.tell("comment", (this.told = id)), WAIT);
  }

  below(id) {
    const found = [];
    const stack = [...this.byId.get(id).children];
    while (stack.length) {
      const row = this.byId.get(stack.pop());
      found.push(row);
      stack.push(...row.children);
    }
    return found;
  }

  fold(id) {
    if (!this.folded.delete(id)) this.folded.add(id);
    this.list.nodes.delete(id);
    this.relist();
    if (this.chosen && this.hidden(this.byId.get(this.chosen))) this.choose(id);
  }

  hidden(row) {
    for (let up = row.parent; up && this.byId.has(up); up = this.byId.get(up).parent) if (this.folded.has(up)) return true;
    return false;
  }

  summary(id) {
    const rows = this.below(id);
    const camps = this.data.camps.map((camp) => {
      const count = rows.filter((row) => campOf(row) === camp.name);
      return count.length ? `${count.length} ${camp.title}` : "";
    });
    return [`${rows.length} more`, ...camps.filter(Boolean)].join(", ");
  }

  clicked(event) {
    const row = event.target.closest(".row");
    if (!row) return;
    if (event.target.closest(".fold")) this.fold(row.dataset.id);
    else this.choose(row.dataset.id);
    this.outline.focus({ preventScroll: true });
  }

  // A bar for several comments stands for the first of them that was found and disagrees, else for the first found.
  pointed(event) {
    if (!this.rows.length) return;
    const y = event.clientY - this.strip.getBoundingClientRect().top;
    const first = Math.floor(Math.max(0, Math.min(this.rows.length - 1, y / this.unit)) / this.per) * this.per;
    const rows = this.rows.slice(first, first + this.per);
    const found = rows.filter((row) => !this.found || this.found.has(row.id));
    this.choose((found.find(disagrees) ?? found[0] ?? rows[0]).id);
  }

  pressed(event) {
    const row = this.byId.get(this.chosen ?? this.rows[0]?.id);
    const moves = {
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      ArrowLeft: () => this.inwards(row),
      ArrowRight: () => (this.folded.has(row.id) ? this.fold(row.id) : row.children[0] && this.choose(row.children[0])),
      Home: () => this.move(1, -1),
      End: () => this.move(-1, this.list.items.length),
      u: () => this.byId.has(row.parent) && this.choose(row.parent),
      n: () => this.jump(1, disagrees),
      p: () => this.jump(-1, disagrees),
      f: () => this.jump(1, flipped),
      F: () => this.jump(-1, flipped),
    };
    if (!row || !moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
  }

  inwards(row) {
    if (row.children.length && !this.folded.has(row.id)) this.fold(row.id);
    else if (this.byId.has(row.parent)) this.choose(row.parent);
  }

  // Moves to the next row that is listed, down or up.
  move(by, from = this.list.places.get(this.chosen) ?? -1) {
    const { items } = this.list;
    let next = from + by;
    while (items[next] && !items[next].row) next += by;
    if (items[next]) this.choose(items[next].key);
  }

  // Moves to the next row of a kind, in folded branches, too; while something is searched, to one that was found.
  jump(by, wanted) {
    const sought = (row) => wanted(row) && (!this.found || this.found.has(row.id));
    for (let next = this.byId.get(this.chosen).place + by; this.rows[next]; next += by) {
      if (sought(this.rows[next])) return this.choose(this.rows[next].id);
    }
  }

  drawDetail(row) {
    const parts = [this.drawJumps(row), this.drawParent(row), make("div", "who", row.author)];
    const notes = [row.date || "no date", row.kind === "comment" ? "" : row.kind, row.host ? "wrote the post" : ""];
    if (row.flipped) notes.push("⇄ changed their mind");
    parts.push(make("div", "when", notes.filter(Boolean).join(" · ")), this.drawText(row), this.drawLabels(row));
    this.detail.replaceChildren(...parts);
    this.detail.scrollTop = 0;
  }

  drawJumps(row) {
    const bar = make("div", "jumps");
    if (this.byId.has(row.parent)) {
      const jump = make("span", "jump");
      jump.append(this.drawJump("↑", "To the comment answered (u)", () => this.choose(row.parent)), "parent");
      bar.append(jump);
    }
    for (const [wanted, one, many, on, back] of JUMPS) {
      const found = this.rows.filter((other) => wanted(other) && (!this.found || this.found.has(other.id)));
      if (!found.length) continue;
      const at = found.indexOf(row);
      const jump = make("span", "jump");
      const count = at < 0 ? `${found.length} ${found.length === 1 ? one : many}` : `${one} ${at + 1} of ${found.length}`;
      jump.append(
        this.drawJump("‹", `Previous ${one} (${back})`, () => this.jump(-1, wanted)),
        this.drawJump("›", `Next ${one} (${on})`, () => this.jump(1, wanted)),
        count,
      );
      bar.append(jump);
    }
    return bar;
  }

  drawJump(sign, words, go) {
    const button = make("button", "", sign);
    button.setAttribute("aria-label", words.replace(/ \(.*/, ""));
    button.title = words;
    button.addEventListener("click", go);
    return button;
  }

  drawParent(row) {
    const parent = this.byId.get(row.parent);
    if (!parent) return make("div", "parent", "Replies to the post");
    const node = make("button", row.inferred ? "parent inferred" : "parent");
    const how = row.inferred ? ` (${row.inferred})` : "";
    const relation = this.data.relations[row.labels.relation?.value];
    const verb = { agree: "Agrees with", disagree: "Disagrees with", query: "Asks" }[row.labels.relation?.value] ?? "Answers";
    node.append(`${relation ? sign(relation) : ""} ${verb} `, make("strong", "", parent.author), how, make("p", "", parent.text));
    node.addEventListener("click", () => this.choose(parent.id));
    return node;
  }

  // The text in pieces: each either plain, or a quote, or among the words that decided, as thick as they weigh. What was
  // searched for is framed, however many pieces it has.
  drawText(row) {
    const node = make("div", "text");
    const letters = Array.from(row.text); // Python counts characters, JavaScript half-characters
    const reasons = row.labels[this.task]?.reasons ?? [];
    const sought = new Map(this.found?.get(row.id)); // ends by starts
    const most = Math.max(...reasons.map(([, , weight]) => weight), 0);
    const cuts = new Set([0, letters.length]);
    for (const [start, end] of [...reasons, ...row.quotes, ...sought]) cuts.add(start).add(end);
    const edges = [...cuts].filter((cut) => cut <= letters.length).sort((a, b) => a - b);
    node.style.setProperty("--under", this.colour(row));
    let [frame, end] = [node, 0];
    edges.slice(0, -1).forEach((start, index) => {
      const covers = ([from, to]) => from <= start && start < to;
      const weight = Math.max(0, ...reasons.filter(covers).map(([, , each]) => each));
      const piece = make("span", row.quotes.some(covers) ? "quote" : "", letters.slice(start, edges[index + 1]).join(""));
      if (weight) piece.classList.add("word", `s${Math.ceil((3 * weight) / most)}`);
      if (sought.has(start)) {
        node.append((frame = make("mark")));
        end = sought.get(start);
      }
      (start < end ? frame : node).append(piece);
    });
    return node;
  }

  colour(row) {
    const value = row.labels[this.task]?.value;
    const found = this.task === "stance" ? this.camps.get(value)?.colour : this.data.relations[value]?.colour;
    return found || "var(--soft)";
  }

  drawLabels(row) {
    const box = make("div", "labels");
    const tasks = Object.entries(this.data.tasks).filter(([task]) => row.labels[task]);
    for (const [task, title] of tasks) box.append(this.drawLabel(row, task, title));
    const framed = this.found?.get(row.id)?.length ? " Framed: what was searched for." : "";
    const hint = tasks.length
      ? "Underlined: the words that decided, the thicker the more. Choose another label to see its words."
      : "Pingbacks and deleted comments are not labelled.";
    box.append(make("p", "hint", hint + framed));
    return box;
  }

  drawLabel(row, task, title) {
    const label = row.labels[task];
    const node = make("button", "label");
    node.setAttribute("aria-pressed", String(task === this.task));
    node.style.setProperty("--under", this.colour(row));
    node.append(make("span", "task", title), this.drawValue(label, task));
    node.append(make("span", "sure", label.value ? `${label.sure}, ${Math.round(100 * label.confidence)} %` : ""));
    if (label.why) node.append(make("span", "why", label.why));
    node.addEventListener("click", () => {
      this.task = task;
      this.drawDetail(row);
    });
    return node;
  }

  drawValue(label, task) {
    const box = make("span");
    if (task === "stance") box.append(this.campChip(label));
    else if (task === "relation") box.append(this.glyph(label), ` ${this.data.relations[label.value]?.word ?? "unclear"}`);
    else box.append(label.value ?? "unclear");
    return box;
  }
}

const disagrees = (row) => row.labels.relation?.value === "disagree";
const flipped = (row) => row.flipped;
const campOf = (row) => (row.labels.stance ? (row.labels.stance.value ?? "abstained") : null);
const JUMPS = [
  [disagrees, "disagreement", "disagreements", "n", "p"],
  [flipped, "change of mind", "changes of mind", "f", "Shift+F"],
];

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".discussion");
  root.drawn ??= new Discussion(root);
  root.drawn.update(data, setStateValue);
}
