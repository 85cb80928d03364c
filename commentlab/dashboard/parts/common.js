// What every part has at hand; `part` puts it before the code of each.

const PALE = "#F0E442"; // the one colour of a camp that needs an edge
// Many fonts lack the full-width signs; their narrow twins in a wide box look the same.
const NARROW = { "＋": "+", "－": "−", "？": "?" };

function narrow(glyph) {
  return NARROW[glyph] ?? glyph;
}

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}
