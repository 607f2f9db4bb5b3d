// Deletions, additions and changes, by class. Names are drawn when their class is opened.

const openUpTo = 12; // classes that are opened at once

/** @param {string} action */
function drawList(action) {
  const list = data.lists[action];
  const heading = action === "delete" ? deletionTitle() : `${list.title}: ${list.total.toLocaleString("en")}`;
  return make(
    "div",
    { class: `page list ${action}` },
    make("h1", { tabindex: "-1" }, heading),
    action === "delete" && drawAcknowledgement(),
    ...drawClasses(list),
    capped(list.named, list.total, "student"),
    capped(list.groups.length, list.classes, "class", "classes"),
    action === "delete" && drawHeld(),
  );
}

function deletionTitle() {
  const { total } = data.lists.delete;
  return `${countOf(total, "student")} ${total === 1 ? "is" : "are"} deleted`;
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
  const { total, groups, classes } = data.held;
  if (!total) return null;
  return make(
    "section",
    {},
    make("h2", {}, `${countOf(total, "student")} held in review may come to it`),
    make("p", {}, "The acknowledgement covers them as well: they are deleted if the review finds them absent."),
    make("ul", { class: "held-classes" }, ...groups.map(({ label, total: count }) => make("li", {}, value(label), " ", make("span", { class: "chip" }, count.toLocaleString("en"))))),
    capped(groups.length, classes, "class", "classes"),
  );
}
