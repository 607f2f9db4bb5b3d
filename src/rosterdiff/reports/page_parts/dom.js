// Making elements. Text only ever becomes text nodes; nothing here reads markup.

/**
 * @typedef {Node | string | null | undefined | false} Child
 * @typedef {Record<string, any>} Properties Attributes; `on` holds listeners, `name` text is written as it is.
 */

/**
 * Make an element: `make("p", {class: "note"}, "text", child)`.
 * @param {string} tag
 * @param {Properties} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  dress(element, properties);
  element.append(...present(children));
  return element;
}

/** @param {(Child | Child[])[]} children @returns {(Node | string)[]} */
const present = (children) =>
  /** @type {(Node | string)[]} */ (children.flat().filter((child) => child));

/** @param {Element} element @param {Properties} properties */
function dress(element, { on = {}, ...attributes }) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
}

/** @param {string} tag @param {Properties} attributes @param {...Child} children */
function drawing(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  dress(element, attributes);
  element.append(...present(children));
  return element;
}

/** A name or another value: its own direction, whatever stands around it. @param {string} text @param {string} [style] */
const value = (text, style) => make("bdi", { class: style, dir: "auto" }, text);

/**
 * A button; `focus` names it, so that it is found again when its card was drawn anew.
 * @param {Properties} properties @param {() => void} act @param {...(Child | Child[])} children
 */
const button = (properties, act, ...children) =>
  make("button", { type: "button", ...properties, on: { click: act } }, ...children);

/** @param {string} key */
const keyCap = (key) => make("kbd", { "aria-hidden": "true" }, key);

/** @param {string} id */
function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}

/** Replace what is in an element, and keep the focus on what had it. @param {Element} box @param {...Child} children */
function fill(box, ...children) {
  const focused = document.activeElement;
  const name = focused && box.contains(focused) ? focused.getAttribute("data-focus") : null;
  box.replaceChildren(...present(children));
  if (name === null) return;
  const again = [...box.querySelectorAll("[data-focus]")].find((each) => each.getAttribute("data-focus") === name);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/** Draw the inside of a `details` when it is opened first. @param {HTMLElement} summary @param {() => Child[]} inside */
function disclosure(summary, inside, { open = false, style = "", opened = /** @param {boolean} _ */ (_) => {} } = {}) {
  const box = /** @type {HTMLDetailsElement} */ (make("details", { class: style }, summary));
  const draw = () => {
    if (box.open && box.childElementCount === 1) box.append(...present(inside()));
  };
  box.open = open;
  draw();
  box.addEventListener("toggle", () => {
    draw();
    opened(box.open);
  });
  return box;
}
