// The discussion: a strip, an outline and the chosen comment. Everything that people wrote is set as text, never as HTML.

const DEEPEST = 14;
const WAIT = 200; // ms between a key and the word to the server, so that running through the rows stays smooth
const DARK = new Set(["#0072B2"]);
// Many fonts lack the full-width signs; their narrow twins in a wide box look the same.
const NARROW = { "＋": "+", "－": "−", "？": "?" };
const PALE = new Set(["#F0E442"]);

function sign(relation) {
  return NARROW[relation?.glyph] ?? relation?.glyph ?? "·";
}

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

class Discussion {
  constructor(root) {
    this.root = root;
    this.strip = root.querySelector(".strip");
    this.key = root.querySelector(".key");
    this.outline = root.querySelector(".outline");
    this.detail = root.querySelector(".detail");
    this.outline.addEventListener("click", (event) => this.clicked(event));
    this.outline.addEventListener("keydown", (event) => this.pressed(event));
    this.strip.addEventListener("click", (event) => this.pointed(event));
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(root.parentElement ?? root.getRootNode().host);
  }

  update(data, tell) {
    this.tell = tell;
    if (this.shown !== data.thread || this.labelled !== data.labelled) this.open(data);
    const wanted = this.byId.has(data.chosen) ? data.chosen : null;
    // What we told the server comes back late; only a choice that was made elsewhere moves us.
    if (wanted && wanted !== this.told && wanted !== this.chosen) this.choose(wanted, { quiet: true });
    if (!this.chosen && this.rows.length && data.labelled) this.choose(this.rows[0].id, { quiet: true });
  }

  open(data) {
    this.data = data;
    this.shown = data.thread;
    this.labelled = data.labelled;
    this.chosen = this.told = null;
    this.task = "stance";
    this.folded = new Set();
    this.rows = data.rows;
    this.byId = new Map(this.rows.map((row, place) => [row.id, { ...row, place, children: [] }]));
    for (const row of this.byId.values()) this.byId.get(row.parent)?.children.push(row.id);
    this.camps = new Map(data.camps.map((camp) => [camp.name, camp]));
    this.nodes = new Map();
    this.root.classList.toggle("bare", !data.labelled);
    this.detail.replaceChildren();
    this.drawKey();
    this.outline.replaceChildren(...this.rows.map((row) => this.drawRow(this.byId.get(row.id))));
    if (!this.rows.length) this.outline.append(make("p", "empty", "There are no comments here."));
    this.drawStrip();
    this.fit();
  }

  // Camps: a class and a colour for whatever shows one.
  paint(node, label) {
    const name = label?.value ?? "abstained";
    const colour = this.camps.get(name)?.colour ?? "";
    node.style.setProperty("--camp", colour || "transparent");
    node.classList.toggle("hollow", !colour);
    node.classList.toggle("deep", DARK.has(colour));
    node.classList.toggle("pale", PALE.has(colour));
    return node;
  }

  campChip(label) {
    return this.paint(make("span", "chip", label.value ?? "unclear"), label);
  }

  drawKey() {
    this.key.replaceChildren(
      ...this.data.camps.filter((camp) => camp.comments).map((camp) => {
        const entry = make("span");
        entry.append(this.paint(make("i", "swatch"), { value: camp.name }), `${camp.title} ${camp.comments}`);
        return entry;
      }),
    );
  }

  drawRow(row) {
    const node = make("div", "row");
    node.dataset.id = row.id;
    node.id = `row-${row.id}`;
    node.setAttribute("role", "treeitem");
    node.setAttribute("aria-level", row.depth + 1);
    if (row.children.length) node.setAttribute("aria-expanded", "true");
    const rails = make("span", row.inferred ? "rails inferred" : "rails");
    rails.style.width = `calc(${Math.min(row.depth, DEEPEST)} * var(--step))`;
    const fold = make("button", "fold", row.children.length ? "▾" : "");
    fold.tabIndex = -1;
    fold.setAttribute("aria-label", "Fold the replies");
    const cell = make("div", "cell");
    cell.append(this.drawHead(row), make("div", "line", this.firstLine(row)));
    node.append(rails, fold, cell);
    this.nodes.set(row.id, node);
    return node;
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

  drawStrip() {
    this.bars = this.rows.map((row) => {
      const stance = row.labels.stance;
      const bar = this.paint(make("i", stance ? "" : "none"), stance ?? { value: null });
      if (!stance) bar.classList.remove("hollow");
      if (row.labels.relation?.value === "disagree") bar.classList.add("disagree");
      return bar;
    });
    this.here = make("b");
    this.strip.replaceChildren(this.here, ...this.bars);
  }

  // Heights and widths that depend on the room there is.
  fit() {
    const width = (this.root.parentElement ?? this.root.getRootNode().host).getBoundingClientRect().width;
    this.root.classList.toggle("narrow", width > 0 && width < 700);
    if (!this.bars?.length) return;
    const unit = Math.min(19, this.strip.clientHeight / this.bars.length);
    const height = Math.max(1, Math.min(9, unit * 0.62));
    const step = this.root.classList.contains("narrow") ? 3 : 6;
    this.strip.classList.toggle("roomy", unit >= 13);
    this.bars.forEach((bar, place) => {
      bar.style.top = `${place * unit + (unit - height) / 2}px`;
      bar.style.height = `${height}px`;
      bar.style.left = `${Math.min(this.rows[place].depth, 4) * step}px`;
    });
    this.unit = unit;
    this.point();
  }

  point() {
    const place = this.byId.get(this.chosen)?.place ?? 0;
    const height = Math.max(4, this.unit);
    this.here.style.top = `${(place + 0.5) * this.unit - height / 2}px`;
    this.here.style.height = `${height}px`;
  }

  choose(id, { quiet = false } = {}) {
    this.nodes.get(this.chosen)?.removeAttribute("aria-selected");
    this.chosen = id;
    for (let row = this.byId.get(id); (row = this.byId.get(row.parent)); ) if (this.folded.has(row.id)) this.fold(row.id);
    const node = this.nodes.get(id);
    node.setAttribute("aria-selected", "true");
    this.outline.setAttribute("aria-activedescendant", node.id);
    this.reveal(node);
    this.point();
    if (this.data.labelled) this.drawDetail(this.byId.get(id));
    clearTimeout(this.waiting);
    if (!quiet) this.waiting = setTimeout(() => this.tell("comment", (this.told = id)), WAIT);
  }

  // Scrolls the outline alone; scrollIntoView would move the page as well.
  reveal(node) {
    const pane = this.outline.getBoundingClientRect();
    const box = node.getBoundingClientRect();
    if (box.top < pane.top) this.outline.scrollTop += box.top - pane.top - 60;
    else if (box.bottom > pane.bottom) this.outline.scrollTop += box.bottom - pane.bottom + 60;
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
    const closing = !this.folded.delete(id);
    if (closing) this.folded.add(id);
    const node = this.nodes.get(id);
    node.setAttribute("aria-expanded", String(!closing));
    node.querySelector(".fold").textContent = closing ? "▸" : "▾";
    node.querySelector(".folded")?.remove();
    if (closing) node.querySelector(".cell").append(make("div", "folded", this.summary(id)));
    for (const row of this.below(id)) this.nodes.get(row.id).hidden = this.hidden(row);
    if (closing && this.chosen && this.hidden(this.byId.get(this.chosen))) this.choose(id);
  }

  hidden(row) {
    for (let up = row.parent; up; up = this.byId.get(up).parent) if (this.folded.has(up)) return true;
    return false;
  }

  summary(id) {
    const rows = this.below(id);
    const camps = this.data.camps.map((camp) => {
      const count = rows.filter((row) => row.labels.stance && (row.labels.stance.value ?? "abstained") === camp.name);
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

  pointed(event) {
    const y = event.clientY - this.strip.getBoundingClientRect().top;
    const place = Math.max(0, Math.min(this.rows.length - 1, Math.floor(y / this.unit)));
    if (this.rows.length) this.choose(this.rows[place].id);
  }

  pressed(event) {
    const row = this.byId.get(this.chosen ?? this.rows[0]?.id);
    const moves = {
      ArrowDown: () => this.step(row.place, 1, () => true),
      ArrowUp: () => this.step(row.place, -1, () => true),
      ArrowLeft: () => this.inwards(row),
      ArrowRight: () => (this.folded.has(row.id) ? this.fold(row.id) : row.children[0] && this.choose(row.children[0])),
      Home: () => this.choose(this.rows[0].id),
      End: () => this.step(this.rows.length, -1, () => true),
      n: () => this.step(row.place, 1, disagrees),
      p: () => this.step(row.place, -1, disagrees),
    };
    if (!row || !moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
  }

  inwards(row) {
    if (row.children.length && !this.folded.has(row.id)) this.fold(row.id);
    else if (row.parent) this.choose(row.parent);
  }

  // Moves to the next row, up or down, that is wanted; rows in folded branches only count when something is searched.
  step(place, by, wanted) {
    for (let next = place + by; next >= 0 && next < this.rows.length; next += by) {
      const row = this.byId.get(this.rows[next].id);
      if (wanted(row) && (wanted === disagrees || wanted === flipped || !this.hidden(row))) return this.choose(row.id);
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
    for (const [wanted, one, many] of [[disagrees, "disagreement", "disagreements"], [flipped, "change of mind", "changed minds"]]) {
      const found = this.rows.filter(wanted);
      if (!found.length) continue;
      const at = found.findIndex((other) => other.id === row.id);
      const jump = make("span", "jump");
      const [back, on] = [["‹", -1, "Previous"], ["›", 1, "Next"]].map(([sign, by, word]) => {
        const button = make("button", "", sign);
        button.setAttribute("aria-label", `${word} ${one}`);
        button.title = `${word} ${one}`;
        button.addEventListener("click", () => this.step(row.place, by, wanted));
        return button;
      });
      const count = at < 0 ? `${found.length} ${found.length === 1 ? one : many}` : `${one} ${at + 1} of ${found.length}`;
      jump.append(back, on, count);
      bar.append(jump);
    }
    return bar;
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

  // The text in pieces: each either plain, or a quote, or among the words that decided, as thick as they weigh.
  drawText(row) {
    const node = make("div", "text");
    const letters = Array.from(row.text); // Python counts characters, JavaScript half-characters
    const reasons = row.labels[this.task]?.reasons ?? [];
    const most = Math.max(...reasons.map(([, , weight]) => weight), 0);
    const cuts = new Set([0, letters.length]);
    for (const [start, end] of [...reasons, ...row.quotes]) cuts.add(start).add(end);
    const edges = [...cuts].filter((cut) => cut <= letters.length).sort((a, b) => a - b);
    node.style.setProperty("--under", this.colour(row));
    edges.slice(0, -1).forEach((start, index) => {
      const covers = ([from, to]) => from <= start && start < to;
      const weight = Math.max(0, ...reasons.filter(covers).map(([, , each]) => each));
      const piece = make("span", row.quotes.some(covers) ? "quote" : "", letters.slice(start, edges[index + 1]).join(""));
      if (weight) piece.classList.add("word", `s${Math.ceil((3 * weight) / most)}`);
      node.append(piece);
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
    const hint = tasks.length
      ? "Underlined: the words that decided, the thicker the more. Choose another label to see its words. Keys: ↑ ↓ move, ← → fold, n p disagreements."
      : "Pingbacks and deleted comments are not labelled.";
    box.append(make("p", "hint", hint));
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

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".discussion");
  root.drawn ??= new Discussion(root);
  root.drawn.update(data, setStateValue);
}
