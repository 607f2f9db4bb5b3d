// The plan at a glance: what it does, what holds it, what is to be done, and how much of each class was found.

function drawOverview() {
  const { plan } = data;
  const facts = [
    `${countOf(plan.students, "student")} of the base`,
    `${countOf(plan.rows, "row")} of ${countOf(plan.files, "file")}`,
    plan.as_of && `as of ${plan.as_of}`,
    `plan ${plan.id.slice(0, 12)}`,
  ];
  return make(
    "div",
    { class: "page" },
    make("h1", { tabindex: "-1" }, pageTitle()),
    make("p", { class: "fine" }, value(facts.filter(Boolean).join(" · "))),
    drawGuards(),
    drawCounts(),
    drawSteps(),
    drawCoverage(),
    drawIssues(),
  );
}

const pageTitle = () =>
  `${data.plan.mode === "migration" ? "Migration" : "Upload during the year"}${data.plan.year && `, ${data.plan.year}`}`;

function drawGuards() {
  const holding = data.guards.filter((guard) => !guard.passed);
  const passed = data.guards.filter((guard) => guard.passed);
  return [
    holding.length > 0 &&
      make(
        "section",
        { class: "held", "aria-label": "What holds the plan" },
        make("h2", {}, "Held: nothing of this plan is applied"),
        make(
          "ul",
          {},
          ...holding.map(({ title, sentence, advice, code }) =>
            make("li", {}, make("strong", {}, `${title}. `), value(`${sentence} ${advice}`), make("code", {}, code)),
          ),
        ),
      ),
    passed.length > 0 &&
      make("p", { class: "notice" }, `Overridden by name: ${passed.map(({ title }) => title.toLowerCase()).join(", ")}.`),
  ];
}

function drawCounts() {
  const total = data.counts.reduce((sum, [, , count]) => sum + count, 0);
  let start = 0;
  const parts = data.counts.map(([action, , count]) => {
    const width = (100 * count) / (total || 1);
    start += width;
    return drawing("rect", { class: action, x: start - width, y: 0, width, height: 10 });
  });
  return make(
    "section",
    { "aria-label": "What the plan does" },
    drawing("svg", { class: "counts-bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, ...parts),
    make("ul", { class: "tiles" }, ...data.counts.map(([action, title, count]) => tile(action, title, count))),
  );
}

/** @param {string} action @param {string} title @param {number} count */
function tile(action, title, count) {
  const inside = [make("span", { class: "count" }, count.toLocaleString("en")), make("span", {}, title)];
  const linked = action in views && count > 0;
  const more = { review: questions.length > 0 && countOf(questions.length, "question"), delete: data.held.total > 0 && `${data.held.total.toLocaleString("en")} more in review` }[action];
  inside.push(...present([more && make("span", { class: "fine" }, more)]));
  return make("li", { class: action }, linked ? make("a", { href: `#${action}` }, ...inside) : make("div", {}, ...inside));
}

function drawSteps() {
  const decided = countDecided();
  const steps = [
    questions.length > 0 && [
      make("a", { href: "#review" }, `Answer ${countOf(questions.length, "question")}`),
      ` (${decided === questions.length ? "all decided" : `${decided.toLocaleString("en")} decided`}), then save the decisions`,
      " and give the file to whoever runs the plan: ",
      make("code", {}, `rosterdiff decide plan.rdiff ${fileName()} -o final.rdiff`),
    ],
    data.left_out > 0 && [
      `${countOf(data.left_out, "further question group")} did not fit on this page. Take these decisions with `,
      make("code", {}, "--partial"),
      ", and write the page again.",
    ],
    data.plan.mode === "migration" && data.certain + data.held.total > 0 && [
      make("a", { href: "#delete" }, "Look at the deletions"),
      `. To apply them, a named person acknowledges the number ${data.certain.toLocaleString("en")}.`,
      data.held.total > 0 && ` ${countOf(data.held.total, "student")} held in review may come to it.`,
    ],
    data.guards.some((guard) => !guard.passed) && ["Put right what holds the plan, or have the staff override it by name."],
  ];
  const told = /** @type {Child[][]} */ (steps.filter(Boolean));
  if (!told.length) return make("p", { class: "notice" }, "Nothing awaits a person.");
  return make("section", { class: "steps" }, make("h2", {}, "What to do"), make("ol", {}, ...told.map((step) => make("li", {}, ...step))), questions.length > 0 && make("p", {}, ...fileButtons(), button({ class: "link" }, openHelp, "Help")));
}

function drawCoverage() {
  const { places, counts, total, rows } = data.coverage;
  if (!rows.length) return null;
  const heads = [...places.map((text) => make("th", { scope: "col" }, text)), make("th", { scope: "col", class: "fall" }, ...coverageKeys())];
  const numbers = counts.map((text) => make("th", { scope: "col", class: "number" }, text));
  return make(
    "section",
    {},
    make("h2", {}, "Coverage by class"),
    make(
      "div",
      { class: "scroll", role: "region", tabindex: "0", "aria-label": "Coverage by class" },
      make(
        "table",
        { class: "coverage" },
        make("thead", {}, make("tr", {}, ...heads, ...numbers)),
        make("tbody", {}, ...rows.map((row) => coverageLine(row, places.length))),
      ),
    ),
    capped(rows.length, total, "class", "classes"),
  );
}

const coverageKeys = () =>
  [["keep", "found"], ["review", "in review"], ["delete", "not listed"]].map(([action, text]) =>
    make("span", { class: "key" }, drawing("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, drawing("rect", { class: action, width: 10, height: 10 })), text),
  );

/** @param {(string | number | null)[]} row @param {number} places */
function coverageLine(row, places) {
  const [base, found, , review, gone] = row.slice(places).map((count) => Number(count ?? 0));
  const bar = coverageBar(base, [["keep", found], ["review", review], ["delete", gone]]);
  return make(
    "tr",
    { class: base > 0 && found === 0 ? "none-found" : null },
    ...row.slice(0, places).map((text) => make("th", { scope: "row" }, value(String(text ?? "–")))),
    make("td", { class: "fall" }, bar),
    ...row.slice(places).map((count) => make("td", { class: count ? "number" : "number zero" }, count ? Number(count).toLocaleString("en") : "·")),
  );
}

/** @param {number} base @param {[string, number][]} parts */
function coverageBar(base, parts) {
  let start = 0;
  return drawing(
    "svg",
    { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    ...parts.map(([action, count]) => {
      const width = Math.min((100 * count) / (base || 1), 100 - start);
      start += width;
      return drawing("rect", { class: action, x: start - width, y: 1, width, height: 8 });
    }),
  );
}

function drawIssues() {
  const { total, kinds, named } = data.issues;
  if (!total) return null;
  return make(
    "section",
    { class: "issues" },
    make("h2", {}, `${countOf(total, "issue")} of the uploads`),
    make("ul", {}, ...named.map(issueLine)),
    capped(named.length, kinds, "kind of issue", "kinds of issues"),
  );
}

/** @param {Kind} kind */
const issueLine = ({ severity, title, code, message, times, places, more }) =>
  make(
    "li",
    { class: severity },
    make("span", { class: "chip" }, title),
    " ",
    value(message),
    make("span", { class: "fine" }, ` ${code}${times > 1 ? `, ${times.toLocaleString("en")} times` : ""}`),
    places.length > 0 && make("div", { class: "fine" }, value(places.join("; ")), more > 0 && `; and ${countOf(more, "more sheet")}`),
  );

/** What a list leaves out. @param {number} named @param {number} total @param {string} noun @param {string} [plural] */
const capped = (named, total, noun, plural) =>
  total > named &&
  make("p", { class: "notice" }, `… and ${countOf(total - named, noun, plural)} more, which this page does not list. The plan has all of them.`);
