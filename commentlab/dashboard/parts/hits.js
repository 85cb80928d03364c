// Comments that were found, with the words that were looked for marked. All words are set as text, never as HTML.

// Where the words stand in a text, in their order; they may overlap, then the first one wins.
function places(text, words) {
  const low = text.toLowerCase();
  const found = [];
  if (low.length !== text.length) return found;
  for (const word of words) {
    for (let at = low.indexOf(word); word && at >= 0; at = low.indexOf(word, at + word.length)) found.push([at, at + word.length]);
  }
  return found.sort((one, other) => one[0] - other[0]);
}

function quoted(text, words) {
  const node = make("q");
  let end = 0;
  for (const [start, stop] of places(text, words)) {
    if (start < end) continue;
    node.append(text.slice(end, start), make("mark", "", text.slice(start, stop)));
    end = stop;
  }
  node.append(text.slice(end));
  return node;
}

function drawHit(hit, words, open) {
  const node = make("button");
  node.title = "Read it in its discussion";
  const head = make("div", "head");
  if (hit.camp) {
    const chip = make("span", `chip ${hit.shade}`, hit.camp);
    chip.style.setProperty("--camp", hit.colour || "transparent");
    head.append(chip);
  }
  head.append(make("b", "", hit.author), make("span", "few", hit.note), make("span", "few", hit.title));
  node.append(head, quoted(hit.text, words));
  node.addEventListener("click", () => open([hit.thread, hit.id]));
  return node;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const open = (place) => setTriggerValue("opened", place);
  parentElement.querySelector(".hits").replaceChildren(...data.hits.map((hit) => drawHit(hit, data.words, open)));
}
