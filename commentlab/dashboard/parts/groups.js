// Threads, months, sources or people as rows: a name, the camps' shares as a small bar, the number. All words are text.

function paint(node, camp) {
  node.style.setProperty("--camp", camp.colour || "transparent");
  node.classList.toggle("hollow", !camp.colour);
  node.classList.toggle("pale", camp.colour === PALE);
  return node;
}

function drawKey(camps) {
  return camps.map((camp) => {
    const entry = make("span");
    entry.append(paint(make("i", "swatch"), camp), camp.title);
    return entry;
  });
}

function drawShares(row, camps) {
  const node = make("div", "shares");
  if (!camps.length) return node;
  const bar = make("div", "bar");
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", row.shares.map((share, place) => `${camps[place].title} ${share} %`).join(", "));
  row.shares.forEach((share, place) => {
    if (!share) return;
    const part = paint(make("i"), camps[place]);
    part.style.width = `${share}%`;
    part.title = `${camps[place].title} ${share} %`;
    bar.append(part);
  });
  node.append(bar, make("small", "", row.most));
  return node;
}

export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  let picked = [...data.picked];
  const list = parentElement.querySelector("ol");

  function mark() {
    for (const node of list.children) {
      const on = picked.includes(node.dataset.id);
      node.classList.toggle("picked", on);
      node.querySelector(".compare").setAttribute("aria-pressed", on);
      node.querySelector(".compare").textContent = on ? "✓ compared" : "compare";
    }
  }

  // The two that were picked last are compared.
  function pick(id) {
    picked = picked.includes(id) ? picked.filter((each) => each !== id) : [...picked.slice(-1), id];
    mark();
    setStateValue("picked", picked);
  }

  function drawRow(row) {
    const node = make("li");
    node.dataset.id = row.id;
    const name = make("button", "name");
    name.title = data.leads;
    name.append(make("b", "", row.name), make("small", "", row.note));
    name.addEventListener("click", () => setTriggerValue("opened", row.id));
    const compare = make("button", "compare", "compare");
    compare.addEventListener("click", () => pick(row.id));
    node.append(name, drawShares(row, data.camps), make("span", "number", row.number), compare);
    compare.hidden = data.rows.length < 2;
    return node;
  }

  parentElement.querySelector(".key").replaceChildren(...drawKey(data.camps));
  list.replaceChildren(...data.rows.map(drawRow));
  mark();
}
