// What answers mean together: what is still open, what contradicts what, and the decisions that are saved.

/** @typedef {{text: string, keys: string[]}} Contradiction The other questions that it concerns. */

/** @param {Question} question */
function isDecided(question) {
  if (answerOf(question.key).verdict) return true;
  if (question.row) return false;
  const members = heldInClass(cards[question.at]);
  return members.length > 0 && members.every((held) => answerOf(held.key).verdict);
}

const countDecided = () => questions.filter(isDecided).length;

/** Student → the rows that were given to him. @returns {Map<string, Question[]>} */
function claims() {
  /** @type {Map<string, Question[]>} */
  const found = new Map();
  for (const question of questions) {
    const { verdict, student_id } = answerOf(question.key);
    if (!question.row || student_id === undefined) continue;
    const student = verdict === "restore" ? `deleted ${student_id}` : student_id; // an id of its own kind
    found.set(student, [...(found.get(student) ?? []), question]);
  }
  return found;
}

/** Student → the words that say whose he is already. */
const takenStudents = new Map(
  cards.flatMap((card) =>
    card.rows.flatMap((row) =>
      row.candidates
        .filter((candidate) => candidate.number !== undefined && candidate.bar)
        .map((candidate) => [idOf(card, candidate), candidate.bar]),
    ),
  ),
);

/** Student → the card and account that wait for the review. @type {Map<string, {at: number, held: Held}>} */
const heldStudents = new Map(
  cards.flatMap((card, at) => card.held.map((held) => [card.students[held.number - 1].id, { at, held }])),
);

/** @type {{version: number, found: Map<string, Contradiction[]>}} */
const known = { version: -1, found: new Map() };

/** Question → what contradicts its answer; worked out once for each change. */
function contradictions() {
  if (known.version !== state.version) Object.assign(known, { version: state.version, found: findContradictions() });
  return known.found;
}

/** @returns {Map<string, Contradiction[]>} */
function findContradictions() {
  /** @type {Map<string, Contradiction[]>} */
  const found = new Map();
  const add = (/** @type {string} */ key, /** @type {string} */ text, /** @type {string[]} */ keys) =>
    found.set(key, [...(found.get(key) ?? []), { text, keys }]);
  for (const [student, rows] of claims()) {
    for (const row of rows) {
      const others = rows.filter((other) => other !== row);
      if (others.length) add(row.key, `This student is given to another row as well (account ${student}).`, keysOf(others));
      const taken = takenStudents.get(student);
      if (taken) add(row.key, `This student is not free. ${taken}`, []);
      const held = heldStudents.get(student)?.held;
      if (held && answerOf(held.key).verdict === "delete") {
        add(row.key, `This student is given to this row, and the account is to be deleted (account ${student}).`, []);
      }
    }
  }
  return found;
}

/** @param {Question[]} found */
const keysOf = (found) => found.map((question) => question.key);

/**
 * The decisions as the file has them: one for every question of the page, `open` where nothing was said.
 * @returns {Record<string, unknown>[]}
 */
function decisionsToSave() {
  const given = new Set(claims().keys());
  return cards.flatMap((card) => [
    ...card.rows.map((row) => ({ row: row.row, ...said(answerOf(row.key)) })),
    ...card.held.flatMap((held) => decisionOfHeld(card, held, given)),
  ]);
}

/** @param {Card} card @param {Held} held @param {Set<string>} given */
function decisionOfHeld(card, held, given) {
  const student_id = card.students[held.number - 1].id;
  const own = answerOf(held.key);
  if (own.verdict) return [{ student_id, ...said(own) }];
  if (!held.in_class || given.has(student_id)) return [];
  return [{ ...said(answerOf(card.of_class?.key ?? "")), student_id }];
}

/** @param {Answer} answer */
function said({ verdict, student_id, comment, by }) {
  return {
    verdict: verdict ?? "open",
    ...(student_id !== undefined && { student_id }),
    ...(comment && { comment }),
    ...(verdict && (by || state.name) && { by: by || state.name }),
  };
}
