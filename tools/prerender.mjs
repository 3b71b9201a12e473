// Draws the page's first look into the built page: the first preset's board and charts, as the page itself showed
// them after its run. Who opens the page sees them before the program has come, which then runs the same scenario
// and takes their place.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { launchBrowser } from "./browser.mjs";
import { serve } from "./serve.mjs";

/** Draws it into the page in `folder`. */
export async function prerender(folder) {
  const served = await serve(folder);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
    await page.goto(served.address);
    await page.waitForSelector('body:is([data-run="done"], [data-run="failed"])', { timeout: 300_000 });
    const failed = await page.locator('body[data-run="failed"] .notice.bad').allInnerTexts();
    if (failed.length > 0) throw new Error(`the page that was built does not run: ${failed.join(" ")}`);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("report").click()]);
    const record = await readFile(await download.path(), "utf8");
    const { html, placed } = await page.evaluate(look, record);
    const light = await page.evaluate(painted);
    const before = await page.evaluate(() => document.documentElement.getAttribute("style"));
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction((before) => document.documentElement.getAttribute("style") !== before, before);
    const dark = new Map(await page.evaluate(painted));
    const colors = light.map(([name, value]) => `${name}: light-dark(${value}, ${dark.get(name)});`);
    const [onLight, onDark] = [false, true].map((dark) => classes(record, dark));
    const drawn = [...onLight].map(([name, value]) => `#first .${name} { color: light-dark(${value}, ${onDark.get(name)}); }`);
    await write(folder, html, [`#first { ${colors.join(" ")} }`, ...drawn, ...placed].join("\n"));
  } finally {
    await browser.close();
    await served.stop();
  }
}

async function write(folder, html, rules) {
  const style = `first-${createHash("sha256").update(rules).digest("hex").slice(0, 16)}.css`;
  await writeFile(join(folder, style), rules);
  const path = join(folder, "index.html");
  const page = await readFile(path, "utf8");
  const drawn = page
    .replace("<html ", "<html data-first ")
    .replace("</head>", () => `<link rel="stylesheet" href="${style}">\n</head>`)
    .replace('<div id="app">', () => `<div id="first" inert>${html}</div>\n<div id="app">`);
  if (drawn.split("data-first").length !== 2 || !drawn.includes('id="first"')) throw new Error(`${path}: no place for the first look`);
  await writeFile(path, drawn);
}

/** Runs in the page: what is seen of it, without a word of script, and the style that it was given by script. */
function look(record) {
  const app = document.getElementById("app").cloneNode(true);

  // What the reader meets before anything else; the rest comes with the program.
  const main = app.querySelector("main");
  const charts = [...main.children].find((part) => part.querySelector("[data-testid=chart]"));
  while (main.lastElementChild !== charts) main.lastElementChild.remove();
  for (const after of app.querySelectorAll(".page ~ *")) after.remove();

  // What is said to some readers only.
  for (const part of app.querySelectorAll("[data-fleeting]")) part.remove();

  // Charts are canvases here, and drawings in the record.
  const drawings = new DOMParser().parseFromString(record, "text/html");
  const drawn = new Map();
  for (const svg of drawings.querySelectorAll("svg.drawn")) {
    const title = svg.querySelector("title").textContent;
    drawn.set(title, [...(drawn.get(title) ?? []), svg]);
  }
  for (const chart of app.querySelectorAll("[data-testid=chart]")) {
    const pictures = drawn.get(chart.querySelector("h3").textContent);
    chart.querySelector("canvas")?.replaceWith(...(pictures ?? []).map((svg) => document.importNode(svg, true)));
    chart.querySelector("details")?.remove();
  }

  const status = app.querySelector(".question .state");
  status.textContent = "As it was when this page was built: your browser is about to run it itself";
  status.className = "state busy";
  const progress = app.querySelector("header.bar progress");
  progress.removeAttribute("value");
  progress.classList.remove("rests");

  // What was typed or chosen is no attribute.
  const [live, copy] = [document.getElementById("app"), app].map((top) => top.querySelectorAll("header.bar :is(input, option), aside :is(input, option)"));
  copy.forEach((field, at) => {
    if (field.tagName === "OPTION") field.toggleAttribute("selected", live[at].selected);
    else if (field.type === "checkbox") field.toggleAttribute("checked", live[at].checked);
    else field.setAttribute("value", live[at].value);
  });

  // No second owner of a name, and no style in place: the content security policy forbids it.
  const styles = new Map();
  for (const part of app.querySelectorAll("*")) {
    for (const { name } of [...part.attributes]) {
      if (/^(id|for|name|data-(testid|value|metric|design)|aria-(labelledby|describedby)|tabindex)$/.test(name)) part.removeAttribute(name);
    }
    const style = part.getAttribute("style");
    if (style === null) continue;
    part.removeAttribute("style");
    if (!styles.has(style)) styles.set(style, `f-${styles.size}`);
    part.classList.add(styles.get(style));
  }
  for (const said of app.querySelectorAll("svg.drawn :is(title, desc)")) said.remove();

  const placed = [...styles].map(([style, name]) => `#first .${name} { ${style} }`);
  return { html: app.innerHTML, placed };
}

/** Runs in the page: the colours that the program hands to the style sheet. */
function painted() {
  const { style } = document.documentElement;
  return [...style].map((name) => [name, style.getPropertyValue(name)]);
}

/** The classes of a record's colours on light paper, or on dark. */
function classes(record, dark) {
  const rules = record.matchAll(/\.(c-[\w-]+)\{color:(#[0-9a-f]{6})\}/g);
  const seen = new Map();
  for (const [, name, color] of rules) if (dark || !seen.has(name)) seen.set(name, color);
  return seen;
}
