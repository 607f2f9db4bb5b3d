// What is asked before it is done: saving, bulk answers, another account, an imported file; and the help.

/**
 * @param {string} title @param {Child[]} inside
 * @param {{text: string, act: () => boolean | void, style?: string}[]} actions `act` gives false to stay open
 */
function openDialog(title, inside, actions) {
  const close = () => dialog.close();
  const dialog = /** @type {HTMLDialogElement} */ (
    make(
      "dialog",
      { "aria-label": title, on: { close: () => dialog.remove() } },
      make(
        "form",
        { method: "dialog", on: { submit: (/** @type {Event} */ event) => event.preventDefault() } },
        make("h2", actions.length ? {} : { tabindex: "-1", autofocus: true }, title),
        ...inside,
        make(
          "div",
          { class: "actions" },
          ...actions.map(({ text, act, style }, at) =>
            make("button", { type: at === 0 ? "submit" : "button", class: style ?? null, on: { click: (/** @type {Event} */ event) => {
              event.preventDefault();
              if (act() !== false) close();
            } } }, text),
          ),
          button({ class: "plain" }, close, actions.length ? "Cancel" : "Close"),
        ),
      ),
    )
  );
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function askToSave() {
  if (!questions.length) return void say("Nothing is to be decided.");
  const open = questions.length - countDecided();
  const conflicts = contradictions().size;
  const input = textField("Who decides", state.name, "name");
  const facts = [
    `${countDecided().toLocaleString("en")} of ${countOf(questions.length, "question")} are decided${open ? `; ${open.toLocaleString("en")} can be decided later` : ""}.`,
    conflicts > 0 && `${countOf(conflicts, "answer")} contradict another, and the file will be refused until that is settled.`,
  ];
  openDialog(
    "Save the decisions",
    [
      ...facts.filter(Boolean).map((text) => make("p", {}, text)),
      input.box,
      make("p", { class: "fine" }, "The name is kept with each decision. The file goes to this computer and nowhere else; it holds account ids and notes, and no names of students."),
    ],
    [{ text: `Save ${fileName()}`, style: "primary", act: () => (input.read() ? saveFile(input.read()) : input.complain("Write your name first.")) }],
  );
  return undefined;
}

/** A labelled field for one line of text. @param {string} label @param {string} text @param {string} autocomplete */
function textField(label, text, autocomplete) {
  const complaint = make("span", { class: "complaint", role: "alert" });
  const input = /** @type {HTMLInputElement} */ (make("input", { type: "text", value: text, maxlength: "200", autocomplete, dir: "auto" }));
  return {
    box: make("label", { class: "field" }, label, input, complaint),
    read: () => input.value.trim(),
    complain: (/** @type {string} */ words_) => {
      complaint.textContent = words_;
      input.focus();
      return false;
    },
  };
}

/** @param {Row} row */
function askForAccount(row) {
  const { verdict, student_id } = answerOf(row.key);
  const input = textField("Account ID", verdict === "same" ? (student_id ?? "") : "", "off");
  const take = () => {
    const id = input.read();
    if (!id) return input.complain("Write the id of the account.");
    decide(row.key, { verdict: "same", student_id: id });
    return true;
  };
  openDialog(
    "Another account",
    [
      make("p", {}, value(fullName(row.values)), " is the student with this account, who is not among those shown."),
      input.box,
      make("p", { class: "fine" }, "Whether there is such an account is checked when the decisions are taken."),
    ],
    [{ text: "Choose this account", style: "primary", act: take }],
  );
}

// Bulk

/** @typedef {{name: string, changes: Change[], skipped: number}} Bulk */

/** What can be said of all open questions that are shown. @returns {Bulk[]} */
function bulkChoices() {
  const open = shownQuestions.filter((question) => !isDecided(question));
  const rows = open.filter((question) => question.row);
  const classes = open.filter((question) => !question.row);
  const all = (/** @type {Question[]} */ found, /** @type {string} */ verdict) =>
    /** @type {Change[]} */ (found.map(({ key }) => [key, { ...answerOf(key), verdict }]));
  const fresh = rows.filter(({ row }) => row?.verdicts.includes("new"));
  const offered = [
    sameForAll(rows),
    { name: capitalised(words.verdicts.new), changes: all(fresh, "new"), skipped: rows.length - fresh.length },
    { name: capitalised(words.verdicts.ignore), changes: all(rows, "ignore"), skipped: 0 },
    ...(data.plan.mode === "migration" ? [{ name: capitalised(words.delete_all), changes: all(classes, "delete"), skipped: 0 }] : []),
    { name: capitalised(words.leave_all), changes: all(classes, "leave"), skipped: 0 },
  ];
  return offered.filter(({ changes }) => changes.length);
}

/** The likeliest student for each row, where he is free and no other row is given him. @param {Question[]} rows @returns {Bulk} */
function sameForAll(rows) {
  const best = rows.map(({ key, at, row }) => {
    const candidate = row?.candidates[0];
    return { key, student_id: candidate && isFree(candidate) ? idOf(cards[at], candidate) : undefined };
  });
  /** @type {Map<string | undefined, number>} */
  const wanted = new Map();
  for (const { student_id } of best) wanted.set(student_id, (wanted.get(student_id) ?? 0) + 1);
  const given = claims();
  const clear = best.filter(({ student_id }) => student_id !== undefined && wanted.get(student_id) === 1 && !given.has(student_id));
  return {
    name: "Same as the likeliest student",
    changes: clear.map(({ key, student_id }) => [key, { ...answerOf(key), verdict: "same", student_id }]),
    skipped: rows.length - clear.length,
  };
}

function askForBulk() {
  const choices = bulkChoices();
  if (!choices.length) return void say("No question that is shown is open.");
  let chosen = choices[0];
  const confirm = () => dialog.querySelector("[type=submit]");
  const tell = () => {
    const text = confirm();
    if (text) text.textContent = `Decide ${countOf(chosen.changes.length, "question")}`;
  };
  const option = (/** @type {Bulk} */ choice, /** @type {number} */ at) =>
    make(
      "label",
      { class: "option" },
      make("input", { type: "radio", name: "bulk", checked: at === 0, on: { change: () => ((chosen = choice), tell()) } }),
      make("span", {}, `${choice.name} `, make("span", { class: "fine" }, bulkNote(choice))),
    );
  const dialog = openDialog(
    "Decide all that are shown",
    [
      make("p", {}, isFiltered() ? "One answer for every open question that the filter shows." : "One answer for every open question of the page: nothing is filtered."),
      make("div", { role: "radiogroup", "aria-label": "The answer" }, ...choices.map(option)),
    ],
    [{ text: "", style: "primary", act: () => commit(chosen.changes, `${countOf(chosen.changes.length, "question")}: ${chosen.name.toLowerCase()}.`) }],
  );
  tell();
  return undefined;
}

/** @param {Bulk} choice */
const bulkNote = ({ changes, skipped }) =>
  countOf(changes.length, "question") +
  (skipped ? `; ${skipped.toLocaleString("en")} stay open, because this answer does not fit them or would contradict another` : "");

// Import

const fileButtons = () => [
  button({ class: "link" }, askForFile, "Open decisions…"),
  button({ class: "link" }, askToClear, "Forget answers…"),
];

function askForFile() {
  const input = /** @type {HTMLInputElement} */ (make("input", { type: "file", accept: ".json,application/json" }));
  input.addEventListener("change", () => input.files?.[0] && importFile(input.files[0]));
  input.click();
}

/** @param {File} file */
async function importFile(file) {
  try {
    const found = readFile(await file.text());
    if (!found.conflicts) takeImport(found, false);
    else askAboutConflicts(found);
    if (found.unknown) say(`${state.said} ${countOf(found.unknown, "decision is", "decisions are")} about no question of this page.`);
  } catch (error) {
    openDialog("Not taken", [make("p", {}, error instanceof Error ? error.message : "The file cannot be read.")], []);
  }
}

/** @param {Import} found */
const askAboutConflicts = (found) =>
  openDialog(
    "Two answers to one question",
    [make("p", {}, `The file answers ${countOf(found.conflicts, "question")} otherwise than it is answered here. What is open here is taken from the file in any case.`)],
    [
      { text: "Keep the answers here", style: "primary", act: () => takeImport(found, false) },
      { text: "Take those of the file", act: () => takeImport(found, true) },
    ],
  );

function askToClear() {
  const keys = [...state.answers.keys()];
  if (!keys.length) return void say("Nothing was decided yet.");
  openDialog(
    "Forget everything",
    [make("p", {}, `${countOf(keys.length, "answer")} on this page and in this browser are forgotten. A file that was saved stays.`)],
    [{ text: `Forget ${countOf(keys.length, "answer")}`, style: "danger", act: () => commit(keys.map((key) => [key, undefined]), "Everything was forgotten.") }],
  );
  return undefined;
}

// Help

/** @type {[string, string][]} */
const keyHelp = [
  ["j k", "next and previous question"],
  ["1 … 9", "same as the student with this number"],
  ["n", "new student"],
  ["i", "ignore this row"],
  ["r", "restore the deleted student, where there is but one"],
  ["o", "another account, by its id"],
  ["d l", "of a whole class: delete all, leave all"],
  ["x", "leave open again"],
  ["c", "write a note"],
  ["e", "open and close the evidence"],
  ["u", "undo"],
  ["/", "search"],
  ["b", "decide all that are shown"],
  ["s", "save the decisions"],
  ["?", "this help"],
];

/** How long what is decided here is remembered. */
const keptInWords = () =>
  state.kept
    ? "What you decide is kept in this browser and is there when the page is opened again; in a private window only until that is closed. To go on in another browser, save the decisions and open them there."
    : "This browser keeps nothing between visits. Save the decisions before you close the page, and open the file here to go on.";

function openHelp() {
  const box = make("input", { type: "checkbox", checked: state.shortcuts, on: { change: () => {
    state.shortcuts = !state.shortcuts;
    keep();
  } } });
  openDialog(
    "Help",
    [
      make("p", {}, "Each question has a row of the upload, and beside it the students it may be. Where a student differs from the row, the cell and its characters are marked."),
      make("ul", { class: "meanings" }, ...["same", "new", "ignore", "restore", "delete", "leave"].map((verdict) =>
        make("li", {}, make("strong", {}, `${capitalised(words.verdicts[verdict])}: `), words.meanings[verdict]))),
      make("dl", { class: "keys" }, ...keyHelp.flatMap(([keys, text]) => [make("dt", {}, ...keys.split(" ").map((key) => make("kbd", {}, key))), make("dd", {}, text)])),
      make("label", { class: "option" }, box, "Single keys answer questions"),
      make("p", { class: "fine" }, keptInWords()),
      make("p", { class: "fine" }, "The page is a file on this computer: it sends nothing and loads nothing. It holds personal data of children; pass it on as you would pass on a class list."),
    ],
    [],
  );
}
