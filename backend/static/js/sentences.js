// Where sentences end, by the rule that the page carries: engagement/statements/sentences.py says what it means, and a
// test holds the two equal. Offsets are code points, as the server counts.

const rule = JSON.parse(document.getElementById("sentence-rule").textContent);
const word = new RegExp(rule.word, "gu");
const cases = rule.cases.map(([pattern, ends]) => [new RegExp(pattern, "u"), ends]);

function endsBetween(text, one, next, first) {
  if (text.slice(one.index + one[0].length, next.index).includes("\n")) return true;
  const pair = `${first ? "" : " "}${one[0]} ${next[0]}`;
  return cases.find(([pattern]) => pattern.test(pair))[1];
}

// [start, end) of each sentence; only white space is left out.
export function sentences(text) {
  const words = [...text.matchAll(word)];
  const found = [];
  let [start, at, points] = [0, 0, 0];
  const pointsTo = (index) => {
    points += [...text.slice(at, index)].length;
    at = index;
    return points;
  };
  words.forEach((one, place) => {
    const next = words[place + 1];
    if (next && !endsBetween(text, one, next, place === start)) return;
    found.push([pointsTo(words[start].index), pointsTo(one.index + one[0].length)]);
    start = place + 1;
  });
  return found;
}
