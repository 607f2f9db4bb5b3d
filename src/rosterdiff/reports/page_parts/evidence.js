// Why a candidate: what each field says, its weight as a step of a waterfall, and the sum.

/** @typedef {{label: string, sentence: string, weight: number, total: number}} Step Weights in 1/1000 bit. */

/** @param {Candidate} candidate @returns {Step[]} */
function stepsOf({ steps }) {
  /** @type {Step[]} */
  const found = [];
  let total = 0;
  for (let at = 0; at < steps.length; at += 3) {
    const [comparison, level, weight] = steps.slice(at, at + 3);
    const { label, sentences } = words.comparisons[comparison];
    total += weight;
    found.push({ label, sentence: sentences[level], weight, total });
  }
  return found;
}

/** @param {number} millibits */
const bits = (millibits) => `${millibits < 0 ? "−" : "+"}${(Math.abs(millibits) / 1000).toFixed(1)}`;

/** @param {Candidate} candidate */
const weightOf = (candidate) => stepsOf(candidate).at(-1)?.total ?? 0;

/** @param {Candidate} candidate */
function evidenceTable(candidate) {
  const steps = stepsOf(candidate);
  const missing = (candidate.missing ?? []).map((at) => words.comparisons[at].label);
  const totals = steps.map(({ total }) => total);
  const [low, high] = [Math.min(0, ...totals), Math.max(0, ...totals)];
  const table = make(
    "table",
    { class: "evidence" },
    make("caption", { class: "unseen" }, `What each field says about ${nameOf(candidate)}, in bits`),
    make("thead", {}, make("tr", {}, ...["Field", "What was found", "Bits", "Sum"].map(columnHead))),
    make("tbody", {}, ...steps.map((step) => evidenceLine(step, low, high))),
    make(
      "tfoot",
      {},
      make(
        "tr",
        {},
        make("th", { scope: "row" }, "All together"),
        make("td", {}, `${capitalised(candidate.likely)}, ${candidate.percent}`),
        make("td", { class: "number" }, bits(weightOf(candidate))),
        make("td", {}),
      ),
    ),
  );
  const silent = missing.length > 0 && `Not compared, because a value is missing: ${missing.join(", ")}. `;
  return [table, make("p", { class: "fine" }, silent, "One bit more doubles the odds that it is the same child.")];
}

/** @param {string} text */
const columnHead = (text) => make("th", { scope: "col", class: text === "Bits" ? "number" : null }, text);

/** @param {Step} step @param {number} low @param {number} high */
function evidenceLine({ label, sentence, weight, total }, low, high) {
  return make(
    "tr",
    { class: weight < 0 ? "against" : weight > 0 ? "for" : "even" },
    make("th", { scope: "row" }, label),
    make("td", {}, sentence),
    make("td", { class: "number" }, bits(weight)),
    make("td", { class: "fall" }, waterfallStep(total - weight, total, low, high)),
  );
}

/** The stretch from the sum before to the sum after, on one scale for all steps. */
function waterfallStep(/** @type {number} */ before, /** @type {number} */ after, /** @type {number} */ low, /** @type {number} */ high) {
  const scale = 100 / (high - low || 1);
  const at = (/** @type {number} */ sum) => (sum - low) * scale;
  const [start, stop] = [at(Math.min(before, after)), at(Math.max(before, after))];
  return drawing(
    "svg",
    { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
    drawing("line", { class: "axis", x1: at(0), x2: at(0), y1: 0, y2: 10 }),
    drawing("rect", { class: "step", x: start, y: 1.5, width: Math.max(stop - start, 0.75), height: 7 }),
  );
}
