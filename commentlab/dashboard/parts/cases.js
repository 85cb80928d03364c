// Cases: a few comments that belong together, each a click away from its place. All words are set as text.

const FIRST = 8;

function drawComment(comment, choose) {
  const node = make("button", comment.camp && !comment.colour ? "comment hollow" : "comment");
  if (comment.colour) node.style.setProperty("--camp", comment.colour);
  node.title = "Read it in the discussion";
  node.append(make("small", "", [comment.author, comment.camp].filter(Boolean).join(" · ")), make("q", "", comment.text));
  node.addEventListener("click", () => choose(comment.id));
  return node;
}

function drawCase(one, choose) {
  const node = make("div", "case");
  if (one.title) node.append(make("h4", "", one.title));
  if (one.note) node.append(make("p", "note", one.note));
  node.append(...one.comments.map((comment) => drawComment(comment, choose)));
  return node;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const choose = (id) => setTriggerValue("comment", id);
  const root = parentElement.querySelector(".cases");
  const list = make("div", "list");
  list.append(...data.cases.slice(0, FIRST).map((one) => drawCase(one, choose)));
  root.replaceChildren(list);
  if (data.cases.length <= FIRST) return;
  const more = make("button", "more", `Show ${data.cases.length - FIRST} more`);
  more.addEventListener("click", () => {
    list.append(...data.cases.slice(FIRST).map((one) => drawCase(one, choose)));
    more.remove();
  });
  root.append(more);
}
