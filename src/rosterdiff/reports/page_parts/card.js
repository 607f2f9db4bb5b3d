// One review group: its rows beside their candidates, the answers, the evidence, and who waits for them.

const mostStudents = 60; // of one card, before the rest is asked for

/** Panels that a person opened or closed, by name; others follow the default. @type {Map<string, boolean>} */
const panels = new Map();

/** @param {string} name @param {boolean} byDefault */
const isOpen = (name, byDefault) => panels.get(name) ?? byDefault;

/**
 * @param {number} at @param {string} current the key of the question that the keyboard means
 * @param {Map<string, Contradiction[]>} contradicted
 */
function drawCard(at, current, contradicted) {
  const card = cards[at];
  const { title, text } = words.reasons[card.reason];
  return make(
    "article",
    { class: "card", "aria-label": title },
    make("header", {}, make("h2", { tabindex: "-1", "data-focus": "title" }, title), make("p", { class: "advice" }, text)),
    ...card.rows.map((row) => drawRow(card, row, current, contradicted)),
    card.of_class && drawClass(card, current),
    drawWaiting(card),
  );
}

// A row

/** @param {Card} card @param {Row} row @param {string} current @param {Map<string, Contradiction[]>} contradicted */
function drawRow(card, row, current, contradicted) {
  const problems = contradicted.get(row.key) ?? [];
  return make(
    "section",
    { class: "question", "data-key": row.key, "aria-current": row.key === current ? "true" : null, "aria-label": nameOfRow(row) },
    make("h3", { tabindex: "-1", "data-focus": row.key }, value(fullName(row.values)), " ", place_(row)),
    problems.length > 0 && drawProblems(problems),
    compareTable(card, row),
    rowAnswers(card, row),
    noteField(row.key),
    ...row.candidates.map((candidate, rank) => drawEvidence(row, candidate, rank)),
    row.neighbours.length > 0 && drawNeighbours(row),
  );
}

/** @param {Row} row */
const nameOfRow = (row) => `${fullName(row.values)}, ${row.where}`;

/** @param {Row} row */
const place_ = (row) => make("span", { class: "where" }, value(row.where));

/** @param {Contradiction[]} problems */
const drawProblems = (problems) =>
  make(
    "div",
    { class: "problem" },
    ...problems.map(({ text, keys }) =>
      make("p", {}, text, " ", ...keys.map((key) => button({ class: "link" }, () => goTo(key), `Go to ${whereOf(key)}`))),
    ),
  );

/** @param {string} key */
const whereOf = (key) => questionOf.get(key)?.row?.where ?? "the other row";

/** @param {Card} card @param {Row} row */
function compareTable(card, row) {
  const chosen = answerOf(row.key);
  const isChosen = (/** @type {Candidate} */ candidate) =>
    chosen.verdict === "same" && chosen.student_id === idOf(card, candidate);
  return make(
    "div",
    { class: "scroll", role: "region", tabindex: "0", "aria-label": `${nameOfRow(row)}, beside its candidates` },
    make(
      "table",
      { class: "compare" },
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          make("td", {}),
          make("th", { scope: "col", class: "upload" }, "In the upload"),
          ...row.candidates.map((candidate) => candidateHead(candidate, isChosen(candidate))),
        ),
      ),
      make("tbody", {}, ...data.fields.map((_, field) => compareLine(card, row, field, isChosen)), accountLine(card, row, isChosen)),
    ),
  );
}

/** @param {Candidate} candidate @param {boolean} chosen */
const candidateHead = (candidate, chosen) =>
  make(
    "th",
    { scope: "col", class: styles({ chosen, barred: !isFree(candidate) }) },
    make("span", { class: "who" }, nameOf(candidate)),
    make("span", { class: "likely" }, `${candidate.likely}, `, make("span", { class: "percent" }, candidate.percent)),
    candidate.bar && make("span", { class: "bar" }, value(candidate.bar)),
  );

/** @param {Record<string, boolean>} given */
const styles = (given) => Object.keys(given).filter((name) => given[name]).join(" ") || null;

/** @param {Card} card @param {Row} row @param {number} field @param {(candidate: Candidate) => boolean} isChosen */
function compareLine(card, row, field, isChosen) {
  const own = row.values[field];
  const whole = data.fields[field][0] === "birth_date"; // on one line, for the eye to compare
  const beside = row.candidates.find(isChosen) ?? row.candidates.find(isFree) ?? row.candidates[0];
  const pair = beside?.differing.includes(field) && differences(own, studentOf(card, beside)?.values[field] ?? "");
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, data.fields[field][1]),
    make("td", { class: styles({ upload: true, whole }) }, pair ? markedValue(pair[0]) : plainValue(own)),
    ...row.candidates.map((candidate) => {
      const theirs = studentOf(card, candidate)?.values[field] ?? "";
      const differs = candidate.differing.includes(field);
      const shown = differs ? markedValue(differences(own, theirs)[1]) : plainValue(theirs);
      return make("td", { class: styles({ differs, chosen: isChosen(candidate), quiet: !differs, whole }) }, shown);
    }),
  );
}

/** @param {string} text */
const plainValue = (text) => (text ? value(text) : make("span", { class: "none", title: "empty" }, "–"));

/** @param {Card} card @param {Row} row @param {(candidate: Candidate) => boolean} isChosen */
const accountLine = (card, row, isChosen) =>
  make(
    "tr",
    { class: "account" },
    make("th", { scope: "row" }, "Account ID"),
    make("td", { class: "upload" }, plainValue(valueOf(row.values, "student_id"))),
    ...row.candidates.map((candidate) =>
      make("td", { class: styles({ chosen: isChosen(candidate), quiet: true }) }, value(idOf(card, candidate))),
    ),
  );

// The answers

/** @param {Card} card @param {Row} row */
function rowAnswers(card, row) {
  const answer = answerOf(row.key);
  const free = row.candidates.filter(isFree);
  const shownHere = free.some((candidate) => idOf(card, candidate) === answer.student_id);
  return make(
    "div",
    { class: "answers", role: "group", "aria-label": `Answer for ${fullName(row.values)}` },
    ...free.map((candidate) => sameButton(card, row, candidate)),
    ...row.candidates.filter(({ restorable }) => restorable).map((candidate, at) => restoreButton(row, candidate, at ? "" : "r")),
    ...row.verdicts.map((verdict) =>
      answerButton(row.key, { verdict }, verdict.charAt(0), capitalised(words.verdicts[verdict])),
    ),
    button(
      {
        class: "answer other",
        "aria-pressed": String(answer.verdict === "same" && !shownHere),
        "data-focus": `${row.key} other`,
      },
      () => askForAccount(row),
      keyCap("o"),
      answer.verdict === "same" && !shownHere
      ? make("span", {}, "Same as account ", value(answer.student_id ?? ""))
      : "Another account…",
    ),
  );
}

/** @param {Card} card @param {Row} row @param {Candidate} candidate */
function sameButton(card, row, candidate) {
  const student = studentOf(card, candidate);
  const label = [make("span", {}, `${capitalised(words.verdicts.same)} ${candidate.number}`), value(fullName(student?.values ?? []), "name")];
  return answerButton(row.key, { verdict: "same", student_id: student?.id }, String(candidate.number), ...label);
}

/** @param {Row} row @param {Candidate} candidate @param {string} cap */
const restoreButton = (row, candidate, cap) =>
  answerButton(row.key, { verdict: "restore", student_id: candidate.id }, cap, make("span", {}, `${capitalised(words.verdicts.restore)} `, value(candidate.id ?? "")));

/** @param {string} key @param {Answer} answer @param {string} cap @param {...(Node | string)} label */
function answerButton(key, answer, cap, ...label) {
  const now = answerOf(key);
  const pressed = now.verdict === answer.verdict && now.student_id === answer.student_id;
  return button(
    {
      class: `answer ${answer.verdict}`,
      "aria-pressed": String(pressed),
      "data-focus": `${key} ${answer.verdict} ${answer.student_id ?? ""}`,
    },
    () => decide(key, pressed ? {} : answer),
    cap && cap.length === 1 && keyCap(cap),
    ...label,
  );
}

/** Give an answer; what was noted beside it stays. @param {string} key @param {Answer} answer */
function decide(key, answer) {
  const { comment } = answerOf(key);
  commit([[key, { ...answer, ...(comment && { comment }) }]], sentenceOf(key, answer));
  const [problem] = contradictions().get(key) ?? [];
  if (problem) say(`${state.said} ${problem.text}`);
}

/** @param {string} key @param {Answer} answer */
function sentenceOf(key, { verdict, student_id }) {
  const account = student_id !== undefined ? ` account ${student_id}` : "";
  return `${whomOf(key)}: ${verdict ? words.verdicts[verdict] : "open again"}${account}.`;
}

/** Whom a question is about. @param {string} key */
function whomOf(key) {
  const question = questionOf.get(key);
  if (question) return question.row ? fullName(question.row.values) : (cards[question.at].of_class?.title ?? "");
  const [student] = [...heldStudents].find(([, { held }]) => held.key === key) ?? [];
  return `Account ${student}`;
}

/** @param {string} key */
function noteField(key) {
  const { comment = "" } = answerOf(key);
  const input = /** @type {HTMLInputElement} */ (
    make("input", {
      type: "text",
      maxlength: "500",
      value: comment,
      placeholder: "Note, for those who look at this later",
      "aria-label": "Note",
      "data-focus": `${key} note`,
      on: { input: () => note(key, input.value.trim()) },
    })
  );
  return make("p", { class: "note" }, input);
}

// What stands below

/** @param {Row} row @param {Candidate} candidate @param {number} rank */
function drawEvidence(row, candidate, rank) {
  const name = `${row.key} ${rank}`;
  const summary = make(
    "summary",
    { "data-focus": `${name} why` },
    `Why ${nameOf(candidate).toLowerCase()}?`,
    make("span", { class: "fine" }, ` ${capitalised(candidate.likely)}: ${bits(weightOf(candidate))} bits`),
  );
  return disclosure(summary, () => evidenceTable(candidate), {
    open: isOpen(name, rank === 0),
    style: "why",
    opened: (open) => panels.set(name, open),
  });
}

/** @param {Row} row */
function drawNeighbours(row) {
  const name = `${row.key} neighbours`;
  const summary = make("summary", { "data-focus": name }, "Who stands around this row in its class list");
  const list = () => [
    make(
      "ol",
      { class: "neighbours" },
      ...row.neighbours.map(([who, outcome]) =>
        make(
          "li",
          { class: outcome ? null : "self" },
          value(who || "no name"),
          make("span", { class: "fine" }, outcome || "this row"),
        ),
      ),
    ),
  ];
  return disclosure(summary, list, { open: isOpen(name, false), opened: (open) => panels.set(name, open) });
}

/** @param {Card} card @param {string} current */
function drawClass(card, current) {
  const { key, title } = card.of_class ?? { key: "", title: "" };
  return make(
    "section",
    { class: "question", "data-key": key, "aria-current": key === current ? "true" : null, "aria-label": title },
    make("h3", { tabindex: "-1", "data-focus": key }, value(title)),
    make(
      "div",
      { class: "answers", role: "group", "aria-label": `Answer for ${title.toLowerCase()}` },
      data.plan.mode === "migration" && answerButton(key, { verdict: "delete" }, "d", capitalised(words.delete_all)),
      answerButton(key, { verdict: "leave" }, "l", capitalised(words.leave_all)),
    ),
  );
}

/** @param {Card} card */
function drawWaiting(card) {
  const told = card.held.filter((held) => held.in_class || data.plan.mode === "migration");
  if (!told.length) return null;
  const all = panels.get(`${card.group} all`) ?? false;
  const given = new Set(claims().keys());
  const drawn = all ? told : told.slice(0, mostStudents);
  return make(
    "section",
    { class: "waiting" },
    make("h3", {}, told.some((held) => held.in_class) ? "The accounts, one by one" : "Accounts that wait for this answer"),
    make("ul", {}, ...drawn.map((held) => heldLine(card, held, given))),
    drawn.length < told.length &&
      button({ class: "link" }, () => showAll(`${card.group} all`), `Show ${told.length - drawn.length} more`),
  );
}

/** @param {string} name */
function showAll(name) {
  panels.set(name, true);
  changed();
}

/** @param {Card} card @param {Held} held @param {Set<string>} given students who were given to a row */
function heldLine(card, held, given) {
  const { id, values } = card.students[held.number - 1];
  const facts = [className(values), valueOf(values, "birth_date"), `account ${id}`].filter(Boolean);
  return make(
    "li",
    { "data-key": held.key },
    make(
      "div",
      { class: "person" },
      make("span", { class: "number" }, String(held.number)),
      make("span", {}, value(fullName(values), "name"), " ", make("span", { class: "fine" }, value(facts.join(" · ")))),
      make("span", { class: "fine note" }, given.has(id) ? "Given to a row: the account stays." : held.note),
    ),
    make(
      "div",
      { class: "answers small", role: "group", "aria-label": `Answer for the account of ${fullName(values)}` },
      data.plan.mode === "migration" && answerButton(held.key, { verdict: "delete" }, "", capitalised(words.verdicts.delete)),
      answerButton(held.key, { verdict: "leave" }, "", capitalised(words.verdicts.leave)),
    ),
  );
}
