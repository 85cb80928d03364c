// The best quotes of each camp, one column a camp; a click tells which comment was meant. All words are set as text.

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

function drawQuote(quote, choose) {
  const node = make("button");
  node.title = "Read it in the discussion";
  node.append(make("q", "", quote.text), make("small", "", `${quote.author} · ${quote.sure}`));
  node.addEventListener("click", () => choose(quote.id));
  return node;
}

function drawCamp(camp, choose) {
  const node = make("div");
  const swatch = make("i", camp.colour === "#F0E442" ? "swatch pale" : "swatch");
  swatch.style.setProperty("--camp", camp.colour);
  const title = make("h3");
  title.append(swatch, camp.title);
  node.append(title, make("p", "few", camp.size), ...camp.quotes.map((quote) => drawQuote(quote, choose)));
  return node;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const choose = (id) => setTriggerValue("comment", id);
  parentElement.querySelector(".quotes").replaceChildren(...data.camps.map((camp) => drawCamp(camp, choose)));
}
