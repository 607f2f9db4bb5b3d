// The list of questions beside the card: only the lines in sight are drawn, however long it is.

const lineHeight = 76; // pixels, as in the style
const spare = 6; // lines above and below the window

const selection = { at: shownCards[0] ?? -1, key: questions[0]?.key ?? "" };

/** @type {HTMLElement} */
let queueBox;
/** @type {HTMLElement} */
let queueList;

function drawQueue() {
  queueList = make("ul", { class: "lines", "aria-label": "Questions" });
  queueBox = make("div", { class: "queue-scroll", on: { scroll: drawLines } }, queueList);
  return queueBox;
}

function drawLines() {
  const first = Math.max(0, Math.floor(queueBox.scrollTop / lineHeight) - spare);
  const count = Math.ceil((queueBox.clientHeight || innerHeight) / lineHeight) + 2 * spare;
  const contradicted = contradictions();
  queueList.style.paddingTop = `${first * lineHeight}px`;
  queueList.style.height = `${shownCards.length * lineHeight}px`;
  fill(queueList, ...shownCards.slice(first, first + count).map((at, index) => queueLine(at, first + index, contradicted)));
}

/** @param {number} at @param {number} index @param {Map<string, Contradiction[]>} contradicted */
function queueLine(at, index, contradicted) {
  const card = cards[at];
  const status = statusOf(at, contradicted);
  const current = at === selection.at;
  return make(
    "li",
    { "aria-setsize": shownCards.length, "aria-posinset": index + 1 },
    button(
      { class: "line", "aria-current": current ? "true" : null, "data-focus": `line ${at}` },
      () => select(at, firstKey(at), { focus: true }),
      make("span", { class: "who" }, value(titleOf(card), "name"), more(card)),
      make("span", { class: `status ${status.kind}` }, status.text),
      ...matchOf(card),
      make("span", { class: "why" }, words.reasons[card.reason].title),
    ),
  );
}

/** @param {Card} card */
const titleOf = (card) => (card.rows.length ? fullName(card.rows[0].values) : (card.of_class?.title ?? "Accounts"));

/** @param {Card} card */
const more = (card) => card.rows.length > 1 && make("span", { class: "chip" }, `+${card.rows.length - 1}`);

/** @param {Card} card @returns {Child[]} */
function matchOf(card) {
  const best = card.rows[0]?.candidates[0];
  const match = (/** @type {Child[]} */ ...inside) => make("span", { class: "match" }, ...inside);
  if (!best) return [match(card.rows.length ? "no candidate" : "nobody of them is listed"), make("span")];
  const student = studentOf(card, best);
  return [match("→ ", value(student ? fullName(student.values) : nameOf(best))), make("span", { class: "percent" }, best.percent)];
}

/** @param {number} at @param {Map<string, Contradiction[]>} contradicted */
function statusOf(at, contradicted) {
  const own = questionsOfCard(at);
  const open = own.filter((question) => !isDecided(question)).length;
  if (own.some((question) => contradicted.has(question.key))) return { kind: "problem", text: "Contradiction" };
  if (open === own.length) return { kind: "open", text: "Open" };
  if (open) return { kind: "open", text: `${open} open` };
  const said = new Set(own.map((question) => answerOf(question.key).verdict ?? "each"));
  const [verdict] = said;
  return said.size > 1 ? { kind: "done", text: "Decided" } : { kind: `done ${verdict}`, text: shortWords[verdict] };
}

/** @type {Record<string, string>} */
const shortWords = { same: "Same", new: "New", ignore: "Ignored", restore: "Restore", delete: "Delete", leave: "Leave", each: "Decided" };

/** @type {Map<number, Question[]>} */
const byCard = new Map();
for (const question of questions) byCard.set(question.at, [...(byCard.get(question.at) ?? []), question]);

/** @param {number} at */
const questionsOfCard = (at) => byCard.get(at) ?? [];

/** @param {number} at */
const firstKey = (at) => questionsOfCard(at)[0]?.key ?? "";

/** @param {number} at @param {string} key */
function select(at, key, { focus = false } = {}) {
  selection.at = at;
  selection.key = key;
  document.body.dataset.pane = "card";
  bringIntoSight(shownCards.indexOf(at));
  changed();
  if (focus) focusQuestion();
}

/** @param {number} index */
function bringIntoSight(index) {
  if (index < 0 || !queueBox?.clientHeight) return;
  const top = index * lineHeight;
  const bottom = top + lineHeight - queueBox.clientHeight;
  if (queueBox.scrollTop > top) queueBox.scrollTop = top;
  else if (queueBox.scrollTop < bottom) queueBox.scrollTop = bottom;
}

function focusQuestion() {
  const heads = [...document.querySelectorAll(".card h3[data-focus]")];
  const head = heads.find((each) => each.getAttribute("data-focus") === selection.key);
  if (!(head instanceof HTMLElement)) return;
  head.focus({ preventScroll: true });
  const first = questionsOfCard(selection.at)[0]?.key === selection.key;
  if (first) byId("card-scroll").scrollTop = 0;
  else {
    const box = byId("card-scroll");
    const question = head.closest(".question") ?? head;
    box.scrollTop += question.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
  }
}

/** Show a question, whatever is filtered. @param {string} key */
function goTo(key) {
  const question = questionOf.get(key);
  if (!question) return;
  if (!shownCards.includes(question.at)) resetFilter();
  select(question.at, key, { focus: true });
}

/** Move by questions among those shown. @param {1 | -1} by */
function move(by) {
  const now = shownQuestions.findIndex((question) => question.key === selection.key);
  const next = now < 0 ? shownQuestions.find((q) => by > 0 ? q.at >= selection.at : false) : shownQuestions[now + by];
  if (next) select(next.at, next.key, { focus: true });
  else say(by > 0 ? "This is the last question of the list." : "This is the first question of the list.");
}
