// Comments to label, one at a time. Everything that people wrote is set as text, never as HTML.

const ALIKE = { "=": "+", "−": "-", "–": "-", "_": "-" };

// Tells whether somebody is typing into a field, also one inside another part.
function types(event) {
  const target = event.composedPath()[0];
  return target?.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target?.tagName ?? "");
}

class Labelling {
  constructor(root) {
    this.root = root;
    this.pending = []; // what was pressed and the server has not heard of yet
    this.listen = (event) => this.pressed(event);
    window.addEventListener("keydown", this.listen);
  }

  update(data, tell) {
    this.tell = tell;
    this.pending = this.pending.filter((each) => each.number > data.heard);
    const other = this.data?.queue !== data.queue;
    this.data = data;
    if (other) {
      this.pending = [];
      this.number = data.heard;
      this.jumps = data.jump?.number;
      this.place = Math.max(0, this.next(-1));
    } else if (data.jump && data.jump.number !== this.jumps) {
      this.jumps = data.jump.number;
      const at = data.items.findIndex((item) => item.id === data.jump.comment);
      if (at >= 0) this.place = at;
    }
    this.draw();
  }

  get item() {
    return this.data.items[this.place];
  }

  given(item) {
    const found = { ...item.given };
    for (const each of this.pending) if (each.comment === item.id) found[each.task] = each.value;
    return found;
  }

  asked(item) {
    return this.data.tasks.filter((task) => item.tasks.includes(task.name));
  }

  complete(item) {
    const given = this.given(item);
    return this.asked(item).every((task) => given[task.name]);
  }

  // The next item after a place that still lacks a label; beyond the end where there is none.
  next(place) {
    const open = (item, at) => at > place && !this.complete(item);
    const found = this.data.items.findIndex(open);
    return found >= 0 ? found : this.data.items.length;
  }

  pressed(event) {
    if (!this.root.isConnected) return window.removeEventListener("keydown", this.listen); // the page was left
    if (event.ctrlKey || event.metaKey || event.altKey || types(event)) return;
    const key = ALIKE[event.key] ?? event.key.toLowerCase();
    const focus = event.composedPath()[0];
    if (key === " " && /^(BUTTON|SUMMARY)$/.test(focus?.tagName ?? "")) return; // there it presses what has the focus
    const moves = {
      " ": () => this.go(this.place + 1),
      arrowright: () => this.go(this.place + 1),
      arrowleft: () => this.go(this.place - 1),
      u: () => this.say({ undo: true }),
      p: () => this.root.querySelector("details")?.toggleAttribute("open"),
    };
    const task = this.item && this.asked(this.item).find((each) => each.values.some((value) => value.key === key));
    if (!moves[key] && !task) return;
    event.preventDefault();
    event.stopPropagation();
    if (moves[key]) moves[key]();
    else this.label(task, task.values.find((value) => value.key === key));
  }

  go(place) {
    this.place = Math.max(0, Math.min(this.data.items.length, place));
    this.draw();
  }

  label(task, value) {
    const item = this.item;
    const was = this.complete(item);
    this.say({ comment: item.id, task: task.name, value: value.value });
    if (!was && this.complete(item)) this.place = this.next(this.place);
    this.draw();
  }

  say(what) {
    this.number += 1;
    this.pending.push({ number: this.number, ...what });
    this.tell("pressed", this.pending);
  }

  draw() {
    const item = this.item;
    const body = item ? [...this.drawAround(item), this.drawComment(item), ...this.drawTasks(item)] : [this.drawEnd()];
    this.root.replaceChildren(this.drawTop(item), this.drawTrack(), ...body, this.drawMoves());
  }

  drawTop(item) {
    const top = make("div", "top");
    const { items } = this.data;
    if (item) top.append(make("b", "", `${this.place + 1} of ${items.length}`), make("span", "", `Why: ${item.reason}`));
    else top.append(make("b", "", `${items.length} of ${items.length}`));
    return top;
  }

  drawTrack() {
    const track = make("div", "track");
    track.setAttribute("aria-hidden", "true");
    this.data.items.forEach((item, place) => {
      const some = Object.values(this.given(item)).some(Boolean);
      const bit = make("i", this.complete(item) ? "whole" : some ? "some" : "");
      bit.classList.toggle("here", place === this.place);
      track.append(bit);
    });
    return track;
  }

  drawAround(item) {
    const post = this.drawFolded("The post: ", this.data.title || "untitled", this.data.post);
    if (!item.parent) return [post, make("div", "top", "Answers the post")];
    return [post, this.drawFolded(`Answers ${item.parent.author}: `, item.parent.text.split("\n")[0], item.parent.text)];
  }

  drawFolded(head, line, text) {
    const node = make("details");
    const summary = make("summary");
    summary.append(make("b", "", head), line);
    node.append(summary, make("p", "", text || "It has no text."));
    return node;
  }

  drawComment(item) {
    const node = make("article");
    const who = make("div", "who", item.author);
    who.append(make("span", "when", item.date || "no date"));
    node.append(who, this.drawText(item));
    return node;
  }

  drawText(item) {
    const node = make("div", "text");
    const letters = Array.from(item.text); // Python counts characters, JavaScript half-characters
    const cuts = new Set([0, letters.length, ...item.quotes.flat()]);
    const edges = [...cuts].filter((cut) => cut <= letters.length).sort((a, b) => a - b);
    edges.slice(0, -1).forEach((start, index) => {
      const quoted = item.quotes.some(([from, to]) => from <= start && start < to);
      node.append(make("span", quoted ? "quote" : "", letters.slice(start, edges[index + 1]).join("")));
    });
    return node;
  }

  drawTasks(item) {
    const given = this.given(item);
    return this.asked(item).map((task) => {
      const row = make("div", "task");
      row.dataset.task = task.name;
      const values = make("div", "values");
      values.setAttribute("role", "group");
      values.setAttribute("aria-label", task.title);
      values.append(...task.values.map((value) => this.drawValue(task, value, given[task.name] === value.value)));
      row.append(make("span", "", task.title), values);
      return row;
    });
  }

  drawValue(task, value, chosen) {
    const node = make("button", "value");
    node.setAttribute("aria-pressed", String(chosen));
    node.style.setProperty("--camp", value.colour || "inherit");
    node.title = value.meaning;
    node.append(make("kbd", "", value.key === "-" ? "−" : value.key.toUpperCase()));
    if (task.name === "stance") node.append(make("i", value.colour === PALE ? "swatch pale" : "swatch"));
    else if (task.name === "relation") node.append(make("span", "sign", narrow(value.sign)));
    node.append(value.value);
    node.addEventListener("click", () => this.label(task, value));
    return node;
  }

  drawEnd() {
    const lacking = this.data.items.filter((item) => !this.complete(item)).length;
    const words = lacking
      ? `The end of the queue; ${lacking} were skipped or lack a label. Press ← to go back.`
      : "All of them have their labels. Take more below, or look at the page Quality.";
    return make("p", "done", words);
  }

  drawMoves() {
    const row = make("div", "moves");
    const moves = [
      ["space", "skip", () => this.go(this.place + 1)],
      ["←", "back", () => this.go(this.place - 1)],
      ["U", "undo the last label", () => this.say({ undo: true })],
      ["P", "open the post", () => this.root.querySelector("details")?.toggleAttribute("open")],
    ];
    for (const [key, words, act] of moves) {
      const node = make("button");
      node.append(make("kbd", "", key), words);
      node.addEventListener("click", act);
      row.append(node);
    }
    return row;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".labelling");
  root.drawn ??= new Labelling(root);
  root.drawn.update(data, setStateValue);
}
