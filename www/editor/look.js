// The editor in the page's colours, light and dark.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--ink)" },
  { tag: tags.string, color: "light-dark(#0a6a4a, #7fd6ae)" },
  { tag: tags.number, color: "light-dark(#a3460b, #f2a878)" },
  { tag: tags.keyword, color: "light-dark(#7b3fa0, #cfa4ee)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
  { tag: tags.punctuation, color: "var(--ink-3)" },
]);

const mark = (colour) =>
  `url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 12'%3E%3Ccircle cx='6' cy='6' r='5.5' fill='${colour}'/%3E%3Cpath d='M6 2.8v3.6M6 8.4v1' stroke='white' stroke-width='1.5' stroke-linecap='round'/%3E%3C/svg%3E")`;

const sheet = {
  background: "var(--sheet)",
  color: "var(--ink)",
  border: "1px solid var(--rule)",
  borderRadius: "10px",
  boxShadow: "0 4px 20px light-dark(rgb(20 30 50 / 16%), rgb(0 0 0 / 55%))",
};

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "transparent", fontSize: "inherit" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", fontVariantLigatures: "none" },
  ".cm-content": { padding: "var(--s-3) 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 var(--s-4) 0 var(--s-1)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 24%, transparent)",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 5%, transparent)" },
  ".cm-gutters": { backgroundColor: "var(--sheet)", color: "var(--ink-3)", border: "0" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.4em", padding: "0 0.3em 0 0" },
  ".cm-foldGutter .cm-gutterElement": { cursor: "pointer", width: "1.2em", textAlign: "center" },
  ".cm-foldPlaceholder": { background: "var(--sunken)", border: "1px solid var(--rule)", color: "var(--ink-2)", padding: "0 0.4em" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 18%, transparent)", outline: "1px solid color-mix(in srgb, var(--accent) 50%, transparent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-wash)" },
  // What is wrong
  // A line of its own: an underline takes the colour of the text where that is selected.
  ".cm-lintRange-error": { backgroundImage: "none", backgroundColor: "color-mix(in srgb, var(--bad) 13%, transparent)", borderBottom: "2px solid var(--bad)", paddingBottom: "0" },
  ".cm-lintRange-info": { backgroundImage: "none", borderBottom: "2px dotted var(--bad)", paddingBottom: "0" },
  ".cm-lintRange-active": { backgroundColor: "color-mix(in srgb, var(--bad) 22%, transparent)" },
  ".cm-lintPoint-error::after": { borderBottomColor: "var(--bad)" },
  ".cm-gutter-lint": { width: "1.3em" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0.28em 0.1em 0 0.35em" },
  ".cm-lint-marker": { width: "0.85em", height: "0.85em" },
  ".cm-lint-marker-error": { content: mark("%23c4450f") },
  // What comes up
  ".cm-tooltip": { ...sheet, zIndex: "20", fontFamily: "var(--sans)", fontSize: "var(--t-s)", overflow: "hidden" },
  ".cm-diagnostic": { padding: "var(--s-2) var(--s-3)", maxWidth: "60ch", whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--bad)" },
  ".cm-diagnostic-info": { borderLeft: "3px solid var(--rule-2)" },
  ".cm-diagnostic p + p": { color: "var(--ink-2)" },
  ".cm-diagnostic code": { color: "var(--ink-2)" },
  ".cm-diagnosticAction": { margin: "var(--s-1) 0 0", padding: "0.15rem 0.5rem", minHeight: "24px", border: "1px solid var(--rule-2)", borderRadius: "6px", background: "none", color: "var(--accent)" },
  ".cm-about": { padding: "var(--s-2) var(--s-3)", maxWidth: "min(52ch, 80vw)", whiteSpace: "normal", display: "grid", gap: "0.15rem" },
  ".cm-about code": { fontWeight: "600" },
  ".cm-about small": { color: "var(--ink-2)" },
  ".cm-about p": { whiteSpace: "pre-line" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14.5em", minWidth: "min(18rem, 70vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { minHeight: "26px", lineHeight: "26px", padding: "0 var(--s-3)", display: "flex", gap: "var(--s-3)", justifyContent: "space-between" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionDetail": { color: "var(--ink-2)", fontStyle: "normal", marginLeft: "0" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionInfo": { ...sheet, padding: "0", fontFamily: "var(--sans)" },
  ".cm-snippetField": { backgroundColor: "color-mix(in srgb, var(--accent) 12%, transparent)" },
  // Find and replace
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)", borderColor: "var(--rule)", zIndex: "3" },
  ".cm-panels-top": { borderBottom: "1px solid var(--rule)" },
  ".cm-panel.cm-search": { padding: "var(--s-2) 2.4rem var(--s-2) var(--s-3)", fontFamily: "var(--sans)", fontSize: "var(--t-s)", lineHeight: "36px" },
  ".cm-panel.cm-search input[type=checkbox]": { minHeight: "0", margin: "0 0.3em 0 0", accentColor: "var(--accent)" },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", margin: "0 0 0 var(--s-2)", fontSize: "inherit" },
  ".cm-panel.cm-search [name=close]": { top: "6px", right: "6px", width: "28px", height: "28px", fontSize: "20px", borderRadius: "6px", color: "var(--ink-2)" },
  ".cm-textfield": { minHeight: "30px", maxWidth: "100%", margin: "0 var(--s-2) 0 0", padding: "0 0.6rem", border: "1px solid var(--rule-2)", borderRadius: "7px", background: "var(--sheet)", color: "var(--ink)", fontSize: "inherit" },
  ".cm-button": { minHeight: "30px", margin: "0 var(--s-1) 0 0", padding: "0 0.7rem", lineHeight: "1", border: "1px solid var(--rule-2)", borderRadius: "7px", background: "var(--sheet)", backgroundImage: "none", color: "var(--ink)", fontSize: "inherit" },
  ".cm-button:hover": { borderColor: "var(--ink-2)" },
  ".cm-button:active": { backgroundImage: "none" },
  ".cm-searchMatch": { backgroundColor: "color-mix(in srgb, var(--old) 32%, transparent)" },
  ".cm-searchMatch-selected": { backgroundColor: "color-mix(in srgb, var(--old) 55%, transparent)" },
});

export const look = [theme, syntaxHighlighting(colours)];
