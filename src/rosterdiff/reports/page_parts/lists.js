// Deletions, additions and changes, by class. Names are drawn when their class is opened.

const openUpTo = 12; // classes that are opened at once

/** @param {string} action */
function drawList(action) {
  const list = data.lists[action];
  return make(
    "div",
    { class: `page list ${action}` },
    make("h1", { tabindex: "-1" }, titles[action](list.total)),
    action === "delete" && drawAcknowledgement(),
    drawOpener(list),
    ...drawClasses(list),
    capped(list.named, list.total, "student"),
    capped(list.groups.length, list.classes, "class", "classes"),
    action === "delete" && drawHeld(),
  );
}

/** @type {Record<string, (total: number) => string>} */
const titles = {
  delete: (total) => countOf(total, "student is deleted", "students are deleted"),
  add: (total) => countOf(total, "student is added", "students are added"),
  update: (total) => countOf(total, "account changes", "accounts change"),
};

/** @param {Listing} list */
const drawOpener = (list) =>
  list.groups.length > 1 &&
  make("p", { class: "list-tools" }, button({ class: "link" }, () => openClasses(true), "Open all classes"), " ", button({ class: "link" }, () => openClasses(false), "Close all"));

/** @param {boolean} open */
function openClasses(open) {
  for (const box of document.querySelectorAll(".page.list details")) /** @type {HTMLDetailsElement} */ (box).open = open;
}

const drawAcknowledgement = () =>
  make(
    "div",
    { class: "acknowledge" },
    make("p", {}, "Nobody is deleted until a named person acknowledges this number. Deleted accounts can be restored by the staff."),
    make("p", {}, make("span", { class: "count" }, data.certain.toLocaleString("en")), " ", make("code", {}, `--acknowledge-deletions ${data.certain}`)),
  );

/** @param {Listing} list */
function drawClasses(list) {
  const few = list.groups.length <= openUpTo && list.named <= 400;
  if (!list.total) return [make("p", { class: "notice" }, "Nobody.")];
  return list.groups.map((group) => {
    const people = group.people ?? [];
    const summary = make("summary", {}, value(group.label), " ", make("span", { class: "chip" }, group.total.toLocaleString("en")));
    if (!people.length) return make("p", { class: "unnamed" }, value(group.label), " ", make("span", { class: "chip" }, group.total.toLocaleString("en")));
    return disclosure(summary, () => [make("ul", { class: "people" }, ...people.map(personLine)), capped(people.length, group.total, "student")], { open: few });
  });
}

/** @param {[string, string, string]} person */
const personLine = ([account, name, detail]) =>
  make("li", {}, value(name || "no name", "name"), make("span", { class: "fine" }, value([account && `account ${account}`, detail].filter(Boolean).join(" · "))));

function drawHeld() {
  const { total, named, groups, classes } = data.held;
  if (!total) return null;
  return make(
    "section",
    {},
    make("h2", {}, `${countOf(total, "student")} held in review may come to it`),
    make("p", {}, "The acknowledgement covers them as well: they are deleted if the review finds them absent."),
    ...drawClasses(data.held),
    capped(named, total, "student"),
    capped(groups.length, classes, "class", "classes"),
  );
}
