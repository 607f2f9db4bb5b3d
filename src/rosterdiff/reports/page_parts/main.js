// The page as a whole: its bar, its views, and what happens when something was decided.

/** @type {Record<string, string>} */
const views = { overview: "Overview", review: "Review", delete: "Deletions", add: "Additions", update: "Changes" };

let currentView = "";

// The bar

function drawBar() {
  const decided = countDecided();
  fill(
    byId("top"),
    make("div", { class: "brand" }, make("strong", {}, pageTitle()), make("span", { class: "fine" }, `plan ${data.plan.id.slice(0, 8)}`)),
    make("nav", { "aria-label": "Views" }, ...Object.entries(views).map(viewLink)),
    make(
      "div",
      { class: "tools" },
      questions.length > 0 && drawProgress(decided),
      button({ class: "plain", "data-focus": "undo", disabled: !state.past.length }, () => keyActs.u(), "Undo"),
      button({ class: "plain help", "data-focus": "help" }, openHelp, "Help"),
      questions.length > 0 && button({ class: state.saved ? "save" : "save primary", "data-focus": "save" }, askToSave, "Save", make("span", { class: "wide" }, " decisions")),
    ),
  );
}

/** @param {[string, string]} view */
function viewLink([name, title]) {
  const count = { review: questions.length, delete: data.lists.delete.total, add: data.lists.add.total, update: data.lists.update.total }[name];
  return make(
    "a",
    { href: `#${name}`, "aria-current": name === currentView ? "page" : null, "data-focus": `view ${name}` },
    title,
    count !== undefined && make("span", { class: "chip" }, count.toLocaleString("en")),
  );
}

/** @param {number} decided */
const drawProgress = (decided) =>
  make(
    "div",
    { class: "progress" },
    make("span", {}, `${decided.toLocaleString("en")} of ${questions.length.toLocaleString("en")}`, make("span", { class: "wide" }, " decided")),
    make("progress", { max: questions.length, value: decided, "aria-label": "Questions decided" }),
  );

// The views

/** @param {string} name */
function show(name) {
  if (name === currentView) return;
  currentView = name in views ? name : "overview";
  document.body.dataset.view = currentView;
  if (location.hash !== `#${currentView}`) history.replaceState(null, "", `#${currentView}`);
  const inside = currentView === "review" ? drawReview() : currentView === "overview" ? drawOverview() : drawList(currentView);
  byId("main").replaceChildren(inside);
  byId("main").scrollTop = 0;
  document.title = `${views[currentView]}: ${pageTitle()}`;
  changed();
  if (currentView === "review") bringIntoSight(shownCards.indexOf(selection.at));
}

const viewOfAddress = () => (location.hash.slice(1) in views ? location.hash.slice(1) : null);

function drawReview() {
  document.body.dataset.pane = "list";
  if (!questions.length) return make("div", { class: "page" }, make("h1", {}, "Review"), make("p", { class: "notice" }, "Nothing is to be decided."));
  return make(
    "div",
    { class: "review-view" },
    make("h1", { class: "unseen" }, "Review"),
    make("aside", { class: "queue", "aria-label": "Questions and filters" }, drawFilters(), drawQueue()),
    make("div", { class: "card-pane" }, drawCardBar(), make("div", { class: "card-scroll", id: "card-scroll" })),
  );
}

function drawFilters() {
  return make(
    "form",
    { class: "filters", role: "search", on: { submit: (/** @type {Event} */ event) => event.preventDefault() } },
    make("input", { type: "search", id: "search", placeholder: "Search names, accounts, files  /", "aria-label": "Search", value: filter.words, dir: "auto",
      on: { input: (/** @type {Event} */ event) => refilter("words", /** @type {HTMLInputElement} */ (event.target).value) } }),
    make("div", { class: "selects" }, ...filterSelects()),
    make("div", { class: "found", id: "found" }),
  );
}

function filterSelects() {
  const reasons = choicesOf((question) => [reasonOf(question)]).map(([name, count]) => [name, words.reasons[name].title, count]);
  const plain = (/** @type {[string, number][]} */ found) => found.map(([name, count]) => [name, name, count]);
  return [
    selectField("state", "Any state", [["open", "Open"], ["decided", "Decided"], ["contradicting", "Contradicting"]]),
    selectField("reason", "Every reason", reasons),
    selectField("class", "Every class", plain(choicesOf(classesOf))),
    selectField("file", "Every file", plain(choicesOf((question) => (question.row ? [question.row.file] : [])))),
  ];
}

/** @param {keyof typeof filter} name @param {string} all @param {(string | number)[][]} choices */
function selectField(name, all, choices) {
  const select_ = /** @type {HTMLSelectElement} */ (
    make(
      "select",
      { "aria-label": capitalised(name), on: { change: () => refilter(name, select_.value) } },
      make("option", { value: "" }, all),
      ...choices.map(([key, title, count]) => make("option", { value: key }, count === undefined ? String(title) : `${title} (${count.toLocaleString("en")})`)),
    )
  );
  select_.value = filter[name];
  return select_;
}

/** @param {keyof typeof filter} name @param {string} text */
function refilter(name, text) {
  filter[name] = text;
  applyFilter();
  queueBox.scrollTop = 0;
  const [first] = shownQuestions;
  if (first && !shownCards.includes(selection.at)) Object.assign(selection, { at: first.at, key: first.key });
  changed();
}

function resetFilter() {
  for (const name of /** @type {(keyof typeof filter)[]} */ (Object.keys(filter))) filter[name] = "";
  applyFilter();
  document.querySelector(".filters")?.replaceWith(drawFilters());
}

function drawFound() {
  const decided = shownQuestions.filter(isDecided).length;
  fill(
    byId("found"),
    make("span", {}, isFiltered() ? `${shownQuestions.length.toLocaleString("en")} of ${countOf(questions.length, "question")}` : countOf(questions.length, "question")),
    data.left_out > 0 && make("span", { class: "fine" }, `; ${data.left_out.toLocaleString("en")} more groups did not fit on this page`),
    make("span", { class: "gap" }),
    filter.state === "open" && decided > 0 && button({ class: "link", "data-focus": "hide" }, () => refilter("state", "open"), `Hide ${decided} decided`),
    isFiltered() && button({ class: "link", "data-focus": "reset" }, () => (resetFilter(), changed()), "Clear"),
    button({ class: "link", "data-focus": "bulk" }, askForBulk, "Decide all shown…"),
  );
}

const drawCardBar = () =>
  make(
    "div",
    { class: "card-bar" },
    button({ class: "plain back" }, () => (document.body.dataset.pane = "list"), "← Questions"),
    button({ class: "plain" }, () => move(-1), keyCap("k"), "Previous"),
    button({ class: "plain" }, () => move(1), keyCap("j"), "Next"),
    make("span", { class: "position", id: "position" }),
    make("span", { class: "gap" }),
    ...fileButtons(),
  );

function drawReviewParts() {
  drawFound();
  drawLines();
  const index = shownQuestions.findIndex((question) => question.key === selection.key);
  byId("position").textContent = index < 0 ? "" : `${(index + 1).toLocaleString("en")} of ${shownQuestions.length.toLocaleString("en")}`;
  const none = make("p", { class: "notice" }, "No question fits the filter.");
  fill(byId("card-scroll"), shownCards.length ? drawCard(selection.at, selection.key, contradictions()) : none);
}

function drawStatus() {
  const hint = !state.said && currentView === "review" && questions.length > 0 && drawHint();
  byId("status").replaceChildren(...present([hint || (state.said && make("span", {}, state.said))]));
}

/** Say that nothing outlives the page, and offer what does; said once, whatever is decided meanwhile. */
function drawForgetting() {
  const box = byId("forgetting");
  const forgets = questions.length > 0 && !state.kept;
  if (forgets === (box.childElementCount > 0)) return;
  const text = "This browser keeps nothing between visits: save before you close the page.";
  box.replaceChildren(...present(forgets ? [make("span", {}, text), button({}, askToSave, "Save decisions…")] : []));
}

const drawHint = () =>
  make(
    "span",
    { class: "hint" },
    ...[["j k", "move"], ["1–9", "same as"], ["n", "new"], ["i", "ignore"], ["u", "undo"], ["?", "help"]].map(([key, text]) =>
      make("span", {}, make("kbd", {}, key), ` ${text}`),
    ),
  );

// Printing: the questions that are shown, as far as paper is reasonable.

const mostPrinted = 100;

function beforePrint() {
  const box = byId("print-cards");
  if (currentView === "delete") openClasses(true); // who gives his word for them sees them all on paper
  if (currentView !== "review") return;
  const printed = shownCards.slice(0, mostPrinted);
  const more = shownCards.length - printed.length;
  box.replaceChildren(
    ...printed.map((at) => drawCard(at, "", contradictions())),
    ...present([more > 0 && make("p", { class: "notice" }, `… and ${countOf(more, "more question")}, which are not printed. Filter to print them.`)]),
  );
}

const afterPrint = () => byId("print-cards").replaceChildren();

// The start

function start() {
  recall();
  drawForgetting();
  onChange(drawBar);
  onChange(drawStatus);
  onChange(() => currentView === "review" && questions.length > 0 && drawReviewParts());
  addEventListener("keydown", onKey);
  addEventListener("storage", follow);
  addEventListener("resize", () => currentView === "review" && questions.length > 0 && drawLines());
  addEventListener("hashchange", () => viewOfAddress() && show(viewOfAddress() ?? "overview"));
  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", afterPrint);
  addEventListener("beforeunload", (event) => {
    if (!state.kept && !state.saved) event.preventDefault();
  });
  byId("skip").addEventListener("click", () => byId("main").focus());
  show(viewOfAddress() ?? "overview");
}

start();
