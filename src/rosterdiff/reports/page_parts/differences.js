// Which characters of two values differ: the shortest way from one to the other, character by character as people see them.

const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

/** @param {string} text */
const characters = (text) =>
  segmenter ? [...segmenter.segment(text)].map(({ segment }) => segment) : [...text];

const mostCharacters = 80;
const leastAlike = 0.34;

/** @typedef {{text: string, differs: boolean}} Run */

/**
 * Both values as runs of characters that agree or differ. Values with little in common differ as a whole.
 * @param {string} one @param {string} other @returns {[Run[], Run[]]}
 */
function differences(one, other) {
  const [left, right] = [characters(one), characters(other)];
  const whole = /** @type {[Run[], Run[]]} */ ([[{ text: one, differs: true }], [{ text: other, differs: true }]]);
  if (Math.max(left.length, right.length) > mostCharacters) return whole;
  const kept = agreeing(left, right);
  if (kept.length < leastAlike * Math.max(left.length, right.length)) return whole;
  return [runs(left, new Set(kept.map(([at]) => at))), runs(right, new Set(kept.map(([, at]) => at)))];
}

/** The positions that stay on the shortest way. @param {string[]} left @param {string[]} right */
function agreeing(left, right) {
  const costs = editCosts(left, right);
  /** @type {[number, number][]} */
  const kept = [];
  let [row, column] = [left.length, right.length];
  while (row > 0 && column > 0) {
    const same = left[row - 1] === right[column - 1];
    if (costs[row][column] === costs[row - 1][column - 1] + (same ? 0 : 1)) {
      if (same) kept.push([row - 1, column - 1]);
      row -= 1;
      column -= 1;
    } else if (costs[row][column] === costs[row - 1][column] + 1) row -= 1;
    else column -= 1;
  }
  return kept;
}

/** @param {string[]} left @param {string[]} right */
function editCosts(left, right) {
  const costs = [right.reduce((line, _, at) => [...line, at + 1], [0])];
  left.forEach((character, at) => {
    const above = costs[at];
    const line = [at + 1];
    right.forEach((other, column) => {
      const swap = above[column] + (character === other ? 0 : 1);
      line.push(Math.min(swap, above[column + 1] + 1, line[column] + 1));
    });
    costs.push(line);
  });
  return costs;
}

/** @param {string[]} text @param {Set<number>} kept @returns {Run[]} */
function runs(text, kept) {
  /** @type {Run[]} */
  const found = [];
  text.forEach((character, at) => {
    const differs = !kept.has(at);
    const last = found.at(-1);
    if (last && last.differs === differs) last.text += character;
    else found.push({ text: character, differs });
  });
  return found;
}

/** A value with its differing characters marked. @param {Run[]} found */
const markedValue = (found) =>
  make("bdi", { dir: "auto" }, ...found.map(({ text, differs }) => (differs ? make("mark", {}, text) : text)));
