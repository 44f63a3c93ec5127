// Finding a code while typing: what begins with the letters first, then what holds them, then what is spelled alike.

const MOST = 8;

export const fold = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();

const pairs = (text) => new Set([...text].slice(1).map((letter, index) => text[index] + letter));

function likeness(one, other) {
  const [a, b] = [pairs(one), pairs(other)];
  const shared = [...a].filter((pair) => b.has(pair)).length;
  return a.size + b.size ? (2 * shared) / (a.size + b.size) : 0;
}

function rank(code, words) {
  const name = fold(code.name);
  const path = fold(code.path.join(" "));
  if (name === words) return 5;
  if (name.startsWith(words)) return 4;
  if (name.includes(` ${words}`)) return 3;
  if (name.includes(words) || path.includes(words)) return 2;
  const alike = likeness(name, words);
  return alike > 0.45 ? alike : 0;
}

// [{code} or {name}]: codes that fit; a new one comes last, and only where none is called so already.
export function find(codes, typed) {
  const words = fold(typed);
  if (!words) {
    const recent = codes.filter((code) => code.recent).sort((a, b) => a.recent - b.recent);
    return recent.map((code) => ({ code }));
  }
  const found = codes
    .map((code) => ({ code, rank: rank(code, words) }))
    .filter((one) => one.rank)
    .sort((a, b) => b.rank - a.rank || fold(a.code.name).localeCompare(fold(b.code.name)))
    .slice(0, MOST);
  const known = codes.some((code) => fold(code.name) === words);
  return known ? found : [...found, { name: typed.replace(/[,\s]+/g, " ").trim() }];
}
