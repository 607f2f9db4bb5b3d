// Decisions out of the page as a file, and back into it on another machine.

const fileName = () => `decisions-${data.plan.id.slice(0, 8)}.json`;

/** @returns {string} */
function fileText() {
  const decisions = decisionsToSave();
  const record = { format: data.decisions.marker, version: data.decisions.format, plan_id: data.plan.id, decisions };
  return `${JSON.stringify(record, null, 1)}\n`;
}

/** Everything decided so far was decided by this person, unless somebody else's name stands on it. @param {string} name */
function sign(name) {
  state.name = name;
  for (const [key, answer] of state.answers) {
    if (answer.verdict && !answer.by) state.answers.set(key, { ...answer, by: name });
  }
}

/** @param {string} name */
function saveFile(name) {
  sign(name);
  const address = URL.createObjectURL(new Blob([fileText()], { type: "application/json" }));
  const link = make("a", { href: address, download: fileName() });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  keep();
  state.saved = true;
  say(`Saved ${fileName()}: ${countDecided().toLocaleString("en")} of ${questions.length.toLocaleString("en")} decided.`);
}

/** @typedef {{changes: Change[], conflicts: number, unknown: number}} Import */

/** Read a file of decisions; throws a sentence for the person if it is none. @param {string} text @returns {Import} */
function readFile(text) {
  const record = parsed(text);
  if (record?.format !== data.decisions.marker || !Array.isArray(record.decisions)) {
    throw new Error("This is not a file of decisions that a review page saved.");
  }
  if (record.version !== data.decisions.format) throw new Error("Another version of rosterdiff wrote this file.");
  if (record.plan_id !== data.plan.id) throw new Error("These decisions are about another plan.");
  return changesOf(record.decisions);
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const verdictsOf = { row: ["same", "new", "ignore", "restore", "open"], student: ["delete", "leave", "open"] };

/** @param {any[]} decisions @returns {Import} */
function changesOf(decisions) {
  /** @type {Map<string, Answer>} */
  const found = new Map();
  let unknown = 0;
  for (const decision of decisions) {
    const { row, verdict, student_id, comment, by } = Object(decision);
    const key = row === undefined ? heldStudents.get(student_id)?.held.key : questionOf.get(`row-${row}`)?.key;
    if (key === undefined || !verdictsOf[row === undefined ? "student" : "row"].includes(verdict)) unknown += 1;
    else {
      const same = ["same", "restore"].includes(verdict) ? { student_id: String(student_id) } : {};
      found.set(key, { ...(verdict !== "open" && { verdict, ...same }), ...(comment && { comment }), ...(by && { by }) });
    }
  }
  gatherClasses(found);
  const changes = [...found].filter(([, answer]) => answer.verdict || answer.comment);
  const differs = (/** @type {Change} */ [key, answer]) => {
    const now = answerOf(key);
    return Boolean(now.verdict) && (now.verdict !== answer?.verdict || now.student_id !== answer?.student_id);
  };
  return { changes, conflicts: changes.filter(differs).length, unknown };
}

/** Where one thing is said of all accounts of a class, it is the answer for the class. @param {Map<string, Answer>} found */
function gatherClasses(found) {
  for (const card of cards) {
    if (!card.of_class) continue;
    const members = heldInClass(card).map((held) => held.key);
    const said = members.map((key) => found.get(key)).filter((answer) => answer?.verdict);
    const [first] = said;
    if (!first || said.length < members.length || said.some((answer) => answer?.verdict !== first.verdict)) continue;
    members.forEach((key) => found.delete(key));
    found.set(card.of_class.key, first);
  }
}

/** @param {Import} found @param {boolean} overwrite whether the file's answer counts where both say something */
function takeImport({ changes }, overwrite) {
  const taken = overwrite ? changes : changes.filter(([key]) => !answerOf(key).verdict);
  commit(taken, `${countOf(taken.length, "decision")} taken from the file.`);
}
