// The editor of the scenario's text. It knows nothing of scenarios but what the page tells it: the page judges the
// text, has the one history, and hands over the schema.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { diff } from "@codemirror/merge";
import { search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorSelection, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import {
  crosshairCursor, drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap,
  lineNumbers, rectangularSelection, tooltips,
} from "@codemirror/view";

import { completer, pointer } from "./help.js";
import { scenario } from "./language.js";
import { look } from "./look.js";
import { Schema } from "./schema.js";

/** What comes from the page is not told to the page. */
const fromPage = Annotation.define();

const setInvalid = StateEffect.define();
const invalid = StateField.define({
  create: () => false,
  update: (is, { effects }) => effects.reduce((is, effect) => (effect.is(setInvalid) ? effect.value : is), is),
  provide: (field) => EditorView.contentAttributes.from(field, (is) => ({ "aria-invalid": String(is) })),
});

/** Where the difference of longer texts is looked for only from both ends. */
const LONG = 200_000;
/** Longer texts are left to the plain field, which bears them. No scenario comes near. */
const LONGEST = 500_000;

/** Between a tooltip and the window's edge, in CSS pixels. */
const EDGE = 8;

/**
 * Opens an editor within `host`, with the text of `area`, whose focus it takes over. It says to `say` what happens:
 * "typed" with the text, "left", "undo", "redo", "format", "save". `know` gives, as JSON, what there is to know.
 */
export function open(host, area, say, know) {
  let known;
  const knows = () => {
    if (!known) {
      const { schema, metrics } = JSON.parse(know());
      known = { schema: new Schema(schema), metrics };
    }
    return known;
  };
  let lineEnd = "\n";
  /** Texts that the page was told and has not shown again yet. */
  let told = [];
  let follows = false;
  const wrapping = new Compartment();
  const tell = (what) => {
    follows = what === "undo" || what === "redo";
    say(what, "");
    return true;
  };
  const command = (key, what) => ({ key, preventDefault: true, run: () => tell(what) });
  /** Undo and redo by what is meant: with Shift or Caps Lock some keyboards say z and some Z. */
  const history = (_, event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
    const key = event.key.toLowerCase();
    if (key === "z") return tell(event.shiftKey ? "redo" : "undo");
    return key === "y" && tell("redo");
  };
  const written = (state) => state.doc.sliceString(0, state.doc.length, lineEnd);

  const view = new EditorView({
    parent: host,
    state: EditorState.create({
      doc: area.value.length > LONGEST ? "" : area.value,
      extensions: [
        Prec.highest(
          keymap.of([
            { any: history }, command("Shift-Alt-f", "format"), command("Mod-s", "save"),
          ]),
        ),
        lineNumbers(), highlightActiveLineGutter(), lintGutter({ markerFilter: wrongOnly }), foldGutter({ markerDOM: fold }), highlightSpecialChars(), drawSelection(),
        EditorState.allowMultipleSelections.of(true), EditorState.tabSize.of(2),
        indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(), rectangularSelection(), crosshairCursor(),
        autocompletion({ override: [completer(knows)], icons: false }),
        pointer(knows), search({ top: true }), tooltips({ position: "fixed", tooltipSpace: room }),
        // Tab moves on, and the page runs at Ctrl + Enter.
        keymap.of([
          ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...foldKeymap, ...lintKeymap,
          ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
        ]),
        scenario(), look, invalid, wrapping.of([]),
        EditorView.contentAttributes.of({
          id: "scenario-text", tabindex: "0", "aria-label": "Scenario as JSON", "aria-describedby": "scenario-keys", spellcheck: "false", autocapitalize: "off", autocorrect: "off",
        }),
        EditorView.domEventHandlers({
          blur: () => say("left", ""),
          // A menu's undo is the page's too.
          beforeinput: ({ inputType }) => {
            const what = { historyUndo: "undo", historyRedo: "redo" }[inputType];
            return what !== undefined && tell(what);
          },
        }),
        EditorView.updateListener.of(({ docChanged, transactions, state }) => {
          if (!docChanged || transactions.some((one) => one.annotation(fromPage))) return;
          const text = written(state);
          told.push(text);
          say("typed", text);
        }),
      ],
    }),
  });
  if (document.activeElement === area) {
    const { selectionStart, selectionEnd } = area;
    view.focus();
    select(view, Math.min(selectionStart, view.state.doc.length), Math.min(selectionEnd, view.state.doc.length));
  }

  /** From a place in the page's text to one in the editor's, where a line's end is one character. */
  const at = (place) => {
    const shorter = lineEnd === "\n" ? place : place - (area.value.slice(0, place).match(/\r\n/g)?.length ?? 0);
    return Math.min(shorter, view.state.doc.length);
  };

  return {
    show(text) {
      const index = told.lastIndexOf(text);
      told = index < 0 ? [] : told.slice(index + 1);
      // The page is behind what is typed.
      if (told.length > 0) return;
      yields(host, area, text.length > LONGEST);
      if (host.hidden) return;
      lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
      const before = view.state.doc.toString();
      const changes = changed(before, text.replace(/\r\n?/g, "\n"));
      if (changes.length > 0) {
        view.dispatch({ changes, annotations: fromPage.of(true) });
        if (follows && view.hasFocus) {
          const { from, insert } = changes.at(-1);
          const shift = changes.slice(0, -1).reduce((sum, one) => sum + one.insert.length - (one.to - one.from), 0);
          select(view, from + shift + insert.length);
        }
      }
      follows = false;
    },
    mark(json) {
      if (told.length > 0 || host.hidden) return;
      const marks = JSON.parse(json);
      const beside = marks.flatMap(({ related }) => (related ? [related] : [])).map(({ from, to, says }) => ({
        from: at(from), to: at(to), severity: "info", message: says,
      }));
      const wrong = marks.map(({ from, to, path, said, suggestion, related }) => ({
        from: at(from),
        to: at(to),
        severity: "error",
        message: [said, suggestion].filter(Boolean).join("; "),
        renderMessage: () => message(path, said, suggestion),
        actions: related ? [{ name: related.said, apply: () => go(view, at(related.from), at(related.to)) }] : [],
      }));
      const { effects } = setDiagnostics(view.state, [...wrong, ...beside]);
      view.dispatch({ effects: [effects, setInvalid.of(marks.length > 0)].flat() });
    },
    go(from, to) {
      if (!host.hidden) return go(view, at(from), at(to));
      area.focus();
      area.setSelectionRange(from, to);
    },
    wrap: (is) => view.dispatch({ effects: wrapping.reconfigure(is ? EditorView.lineWrapping : []) }),
    close: () => view.destroy(),
  };
}

/** What is beside a problem has no mark of its own. */
const wrongOnly = (diagnostics) => diagnostics.filter(({ severity }) => severity === "error");

/** Where tooltips may stand: not at the very edge of the window. */
const room = () => ({ left: EDGE, top: EDGE, right: innerWidth - EDGE, bottom: innerHeight - EDGE });

/** Gives way to the plain field, or takes its place again. */
function yields(host, area, does) {
  if (host.hidden === does) return;
  host.hidden = does;
  area.tabIndex = does ? 0 : -1;
  area.setAttribute("aria-hidden", String(!does));
}

/** The least that makes one text of another. */
function changed(before, after) {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const [a, b] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  if (a === b) return [];
  if (a.length + b.length > LONG) return [{ from: start, to: start + a.length, insert: b }];
  return diff(a, b, { scanLimit: 500, timeout: 50 }).map(({ fromA, toA, fromB, toB }) => ({
    from: start + fromA,
    to: start + toA,
    insert: b.slice(fromB, toB),
  }));
}

function select(view, from, to = from) {
  view.dispatch({ selection: EditorSelection.range(from, to), effects: EditorView.scrollIntoView(from, { y: "center" }) });
}

function go(view, from, to) {
  view.focus();
  select(view, from, to);
}

function message(path, said, suggestion) {
  const dom = document.createElement("div");
  const put = (tag, text) => {
    if (text) dom.appendChild(document.createElement(tag)).textContent = text;
  };
  put("code", path);
  put("p", said);
  put("p", suggestion);
  return dom;
}

function fold(isOpen) {
  const dom = document.createElement("span");
  dom.textContent = isOpen ? "⌄" : "›";
  dom.title = isOpen ? "Fold" : "Unfold";
  return dom;
}
