// What the page knows: the plan as it was written, and where to find its questions. Nothing here changes.

/**
 * @typedef {{id: string, values: string[]}} Student
 * @typedef {{number?: number, id?: string, name?: string, likely: string, percent: string, bar?: string, free?: false,
 *   restorable?: true,
 *   differing: number[], steps: number[], missing?: number[]}} Candidate
 * @typedef {{key: string, row: number, reason: string, where: string, file: string, values: string[],
 *   verdicts: string[], candidates: Candidate[], neighbours: [string, string][]}} Row
 * @typedef {{key: string, number: number, in_class?: true, note: string}} Held
 * @typedef {{group: number, reason: string, students: Student[], rows: Row[], held: Held[],
 *   of_class?: {key: string, title: string}}} Card
 * @typedef {{label: string, total: number, people?: [string, string, string][]}} ListedClass
 * @typedef {{title?: string, total: number, named: number, classes: number, groups: ListedClass[]}} Listing
 * @typedef {{key: string, at: number, row: Row | null}} Question A question that awaits an answer; `at` is its card.
 * @typedef {{label: string, levels: string[], sentences: string[]}} ComparisonWords
 * @typedef {{severity: string, title: string, code: string, message: string, times: number, places: string[], more: number}} Kind
 * @typedef {{title: string, sentence: string, advice: string, code: string, passed: boolean}} Guard
 * @typedef {{
 *   decisions: {marker: string, format: number},
 *   plan: {id: string, mode: string, year: string, as_of: string, students: number, rows: number, files: number},
 *   counts: [string, string, number][], guards: Guard[], certain: number, left_out: number,
 *   words: {reasons: Record<string, {title: string, text: string}>, verdicts: Record<string, string>,
 *     meanings: Record<string, string>, student: string, delete_all: string, leave_all: string, comparisons: ComparisonWords[]},
 *   fields: [string, string][], cards: Card[], lists: Record<string, Listing>,
 *   held: Listing,
 *   coverage: {places: string[], counts: string[], total: number, rows: (string | number | null)[][]},
 *   issues: {total: number, kinds: number, named: Kind[]},
 * }} PageData
 */

/** @type {PageData} */
const data = JSON.parse(document.getElementById("plan")?.textContent ?? "{}");
const { cards, words } = data;

/** @type {Question[]} Every question that needs an answer, in the order of the cards. */
const questions = cards.flatMap((card, at) => [
  ...card.rows.map((row) => ({ key: row.key, at, row })),
  ...(card.of_class ? [{ key: card.of_class.key, at, row: null }] : []),
]);

const questionOf = new Map(questions.map((question) => [question.key, question]));

const place = Object.fromEntries(data.fields.map(([name], at) => [name, at]));

/** @param {string[]} values @param {string} name */
const valueOf = (values, name) => (name in place ? (values[place[name]] ?? "") : "");

/** @param {string[]} values */
function fullName(values) {
  const given = [valueOf(values, "given_name"), valueOf(values, "middle_name")].filter(Boolean).join(" ");
  return [valueOf(values, "family_name"), given].filter(Boolean).join(", ") || "no name";
}

/** @param {string[]} values */
const className = (values) => valueOf(values, "class_name") || valueOf(values, "grade");

/** @param {Card} card @param {Candidate} candidate */
const studentOf = (card, candidate) =>
  candidate.number === undefined ? undefined : card.students[candidate.number - 1];

/** @param {Card} card @param {Candidate} candidate */
const idOf = (card, candidate) => studentOf(card, candidate)?.id ?? candidate.id ?? "";

/** @param {Candidate} candidate */
const isFree = (candidate) => candidate.free !== false;

/** @param {Candidate} candidate */
const nameOf = (candidate) => candidate.name ?? `${words.student} ${candidate.number}`;

/** @param {Card} card */
const heldInClass = (card) => card.held.filter((held) => held.in_class);

/** @param {number} count @param {string} noun @param {string} [plural] */
const countOf = (count, noun, plural) =>
  `${count.toLocaleString("en")} ${count === 1 ? noun : (plural ?? `${noun}s`)}`;

/** @param {string} text */
const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);
