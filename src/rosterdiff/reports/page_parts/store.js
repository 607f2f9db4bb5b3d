// What was decided: kept in memory, and in the browser's storage where there is one, under the id of the plan.

/**
 * @typedef {{verdict?: string, student_id?: string, comment?: string, by?: string}} Answer
 * @typedef {[string, Answer | undefined]} Change A question's key, and its answer.
 * @typedef {{label: string, before: Change[]}} Done
 */

const storageKey = `rosterdiff ${data.plan.id}`;

const state = {
  /** @type {Map<string, Answer>} */
  answers: new Map(),
  /** @type {Done[]} */
  past: [],
  name: "",
  shortcuts: true,
  kept: true,
  saved: true,
  /** Raised with every answer, for what is worked out from them. */
  version: 0,
  /** Last thing done, for the status line. */
  said: "",
};

/** @type {(() => void)[]} */
const listeners = [];

/** @param {() => void} listener */
const onChange = (listener) => listeners.push(listener);

const changed = () => listeners.forEach((listener) => listener());

/** @param {string} key @returns {Answer} */
const answerOf = (key) => state.answers.get(key) ?? {};

/** Keep what is noted beside an answer, letter by letter and without drawing anything anew. @param {string} key @param {string} comment */
function note(key, comment) {
  put(key, { ...answerOf(key), comment });
  state.saved = false;
  keep();
}

/** @param {string} key @param {Answer | undefined} answer */
function put(key, answer) {
  state.version += 1;
  if (answer && (answer.verdict || answer.comment)) state.answers.set(key, answer);
  else state.answers.delete(key);
}

/** Take changes as one step that can be undone. @param {Change[]} changes @param {string} label */
function commit(changes, label) {
  state.past.push({ label, before: changes.map(([key]) => [key, state.answers.get(key)]) });
  for (const [key, answer] of changes) put(key, answer);
  settle(label);
}

/** Take the last step back, and give the key that it began with. @returns {string | undefined} */
function undo() {
  const done = state.past.pop();
  if (!done) {
    say("There is nothing to undo.");
    return undefined;
  }
  for (const [key, answer] of done.before) put(key, answer);
  settle(`Undone: ${done.label}`);
  return done.before[0]?.[0];
}

/** @param {string} label */
function settle(label) {
  state.saved = false;
  state.said = label;
  keep();
  changed();
}

/** @param {string} text */
function say(text) {
  state.said = text;
  changed();
}

function keep() {
  const text = JSON.stringify({ answers: [...state.answers], name: state.name, shortcuts: state.shortcuts });
  try {
    localStorage.setItem(storageKey, text);
    state.kept = localStorage.getItem(storageKey) === text;
  } catch {
    state.kept = false; // storage that is refused, a full disk: the file that is saved is then the only memory
  }
  drawForgetting();
}

function recall() {
  try {
    const text = localStorage.getItem(storageKey);
    if (text) adopt(JSON.parse(text));
    state.kept = holds(localStorage);
  } catch {
    state.kept = false;
  }
}

/** Whether what is stored is there afterwards: some browsers take it without a word and keep nothing. @param {Storage} storage */
function holds(storage) {
  const probe = `${storageKey} probe`;
  storage.setItem(probe, "1");
  const found = storage.getItem(probe) === "1";
  storage.removeItem(probe);
  return found;
}

/** @param {any} record */
function adopt(record) {
  const found = Array.isArray(record?.answers) ? record.answers : [];
  const known = new Set([...questionOf.keys(), ...cards.flatMap((card) => card.held.map((held) => held.key))]);
  state.version += 1;
  state.answers = new Map(
    found.filter((/** @type {any} */ pair) => Array.isArray(pair) && known.has(pair[0]) && isAnswer(pair[1])),
  );
  state.name = typeof record?.name === "string" ? record.name : "";
  state.shortcuts = record?.shortcuts !== false;
}

/** @param {any} answer */
const isAnswer = (answer) =>
  typeof answer === "object" && answer !== null && (answer.verdict === undefined || answer.verdict in words.verdicts);

/** Another window of the same plan decided something. @param {StorageEvent} event */
function follow(event) {
  if (event.key !== storageKey || !event.newValue) return;
  adopt(JSON.parse(event.newValue));
  state.past = [];
  say("Decisions of another window were taken over.");
}
