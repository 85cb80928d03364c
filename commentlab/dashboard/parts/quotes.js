// The best quotes of each camp and its phrases, one column a camp; a click tells which one was meant. All words are set as text.

function drawQuote(quote, choose) {
  const node = make("button");
  node.title = "Read it in the discussion";
  node.append(make("q", "", quote.text), make("small", "", `${quote.author} · ${quote.sure}`));
  node.addEventListener("click", () => choose(quote.id));
  return node;
}

function drawPhrases(camp, choose) {
  const node = make("div", "phrases");
  for (const { phrase, comments, elsewhere } of camp.phrases) {
    const chip = make("button", "phrase", phrase);
    chip.append(make("span", "", ` ${comments}`));
    chip.title = `${comments} comments here have it, ${elsewhere} elsewhere; read them`;
    chip.addEventListener("click", () => choose({ camp: camp.title, phrase }));
    node.append(chip);
  }
  return node;
}

function drawCamp(camp, chooseComment, choosePhrase) {
  const node = make("div");
  const swatch = make("i", camp.colour === "#F0E442" ? "swatch pale" : "swatch");
  swatch.style.setProperty("--camp", camp.colour);
  const title = make("h3");
  title.append(swatch, camp.title);
  node.append(title, make("p", "few", camp.size));
  if (camp.phrases.length) node.append(make("p", "few", "Says more than others:"), drawPhrases(camp, choosePhrase));
  node.append(...camp.quotes.map((quote) => drawQuote(quote, chooseComment)));
  return node;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const [comment, phrase] = ["comment", "phrase"].map((name) => (value) => setTriggerValue(name, value));
  const camps = data.camps.map((camp) => drawCamp(camp, comment, phrase));
  parentElement.querySelector(".quotes").replaceChildren(...camps);
}
