// The keyboard: one key, one act. Keys that are typed into a field, or with a modifier, are left alone.

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (!state.shortcuts || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const act = keyActs[event.key] ?? (currentView === "review" ? reviewAct(event.key) : undefined);
  if (!act) return;
  event.preventDefault();
  act();
}

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof Element && (target.matches("input:not([type=checkbox], [type=radio]), textarea, select") || target.closest("dialog") !== null);

/** @type {Record<string, () => void>} */
const keyActs = {
  "?": openHelp,
  s: askToSave,
  u: () => {
    const key = undo();
    if (key && questionOf.has(key) && currentView === "review") goTo(key);
  },
  "/": () => {
    show("review");
    byId("search").focus();
  },
};

/** @type {Record<string, () => void>} */
const reviewActs = {
  j: () => move(1),
  k: () => move(-1),
  b: askForBulk,
  n: () => answerRow((row) => (row.verdicts.includes("new") ? { verdict: "new" } : undefined)),
  i: () => answerRow(() => ({ verdict: "ignore" })),
  r: () =>
    answerRow((row) => {
      const deleted = row.candidates.filter(({ restorable }) => restorable);
      return deleted.length === 1 ? { verdict: "restore", student_id: deleted[0].id } : undefined;
    }),
  o: () => withRow(askForAccount),
  d: () => answerClass("delete"),
  l: () => answerClass("leave"),
  x: () => decide(selection.key, {}),
  c: () => noteOf(selection.key)?.focus(),
  e: toggleEvidence,
};

/** @param {string} key */
const reviewAct = (key) => (/^[1-9]$/.test(key) ? () => answerNumber(Number(key)) : reviewActs[key]);

/** @param {(row: Row) => void} act */
function withRow(act) {
  const row = questionOf.get(selection.key)?.row;
  if (row) act(row);
  else say("This question is about a whole class: d deletes all, l leaves all.");
}

/** @param {(row: Row) => Answer | undefined} answer */
function answerRow(answer) {
  withRow((row) => {
    const given = answer(row);
    if (!given) return say("This answer is not open to this row.");
    decide(row.key, given);
    return advance();
  });
}

/** @param {number} number */
function answerNumber(number) {
  answerRow((row) => {
    const card = cards[questionOf.get(row.key)?.at ?? 0];
    const candidate = row.candidates.find((each) => each.number === number);
    return candidate && isFree(candidate) ? { verdict: "same", student_id: idOf(card, candidate) } : undefined;
  });
}

/** @param {string} verdict */
function answerClass(verdict) {
  const question = questionOf.get(selection.key);
  if (!question || question.row) return say("This key answers for a whole class.");
  if (verdict === "delete" && data.plan.mode !== "migration") return say("A bulk plan deletes nobody.");
  decide(question.key, { verdict });
  return advance();
}

/** After an answer by the keyboard: the next question of the list that is open, and no message over it. */
function advance() {
  const from = shownQuestions.findIndex((question) => question.key === selection.key);
  const next = shownQuestions.find((question, at) => at > from && !isDecided(question));
  if (contradictions().has(selection.key)) return; // it is to be seen
  if (next) select(next.at, next.key, { focus: true });
  else focusQuestion();
}

/** @param {string} key @returns {HTMLInputElement | null} */
const noteOf = (key) => document.querySelector(`.card [data-key="${CSS.escape(key)}"] .note input`);

function toggleEvidence() {
  const boxes = [...document.querySelectorAll(`.card [data-key="${CSS.escape(selection.key)}"] details.why`)];
  const open = !boxes.every((box) => box instanceof HTMLDetailsElement && box.open);
  for (const box of boxes) if (box instanceof HTMLDetailsElement) box.open = open;
}
