// Which questions are looked at: by words, reason, class, file and what was decided.

const filter = { words: "", reason: "", class: "", file: "", state: "" };

/** @type {number[]} The cards that are shown, by their places; kept until the filter is applied anew. */
let shownCards = cards.map((_, at) => at);
/** @type {Question[]} */
let shownQuestions = questions;

/** @param {string} text */
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** @type {string[]} What can be searched, card by card; made when it is first asked for. */
const searchable = [];

/** @param {number} at */
function searchableText(at) {
  const { students, rows } = cards[at];
  searchable[at] ??= folded(
    [
      ...students.flatMap((student) => [student.id, ...student.values]),
      ...rows.flatMap((row) => [row.where, ...row.values, ...row.candidates.map((candidate) => candidate.id ?? "")]),
    ].join(" "),
  );
  return searchable[at];
}

/** @param {Question} question */
const reasonOf = (question) => question.row?.reason ?? "class_not_covered";

/** @param {Question} question */
function classesOf({ at, row }) {
  const card = cards[at];
  if (row) return [className(row.values)];
  return heldInClass(card).map((held) => className(card.students[held.number - 1].values));
}

/** @type {Record<string, (question: Question, contradicted: Map<string, unknown>) => boolean>} */
const stateTests = {
  "": () => true,
  open: (question) => !isDecided(question),
  decided: (question) => isDecided(question),
  contradicting: (question, contradicted) => contradicted.has(question.key),
};

/** @param {Question} question @param {string[]} wanted @param {Map<string, unknown>} contradicted */
function isShown(question, wanted, contradicted) {
  return (
    (!filter.reason || reasonOf(question) === filter.reason) &&
    (!filter.class || classesOf(question).includes(filter.class)) &&
    (!filter.file || question.row?.file === filter.file) &&
    stateTests[filter.state](question, contradicted) &&
    wanted.every((word) => searchableText(question.at).includes(word))
  );
}

function applyFilter() {
  const wanted = folded(filter.words).split(/\s+/).filter(Boolean);
  const contradicted = contradictions();
  shownQuestions = questions.filter((question) => isShown(question, wanted, contradicted));
  shownCards = [...new Set(shownQuestions.map((question) => question.at))];
}

const isFiltered = () => Object.values(filter).some(Boolean);

/** Every value that a filter can take, with how many questions have it. @param {(question: Question) => string[]} of */
function choicesOf(of) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const question of questions) {
    for (const each of new Set(of(question))) if (each) found.set(each, (found.get(each) ?? 0) + 1);
  }
  return [...found].sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }));
}
