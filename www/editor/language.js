// The language of scenarios: its colours, folds and indents.

import {
  continuedIndent, foldInside, foldNodeProp, indentNodeProp, indentUnit, LanguageSupport, LRLanguage,
} from "@codemirror/language";
import { styleTags, tags } from "@lezer/highlight";

import { parser } from "./scenario.grammar";

const language = LRLanguage.define({
  name: "scenario",
  parser: parser.configure({
    props: [
      styleTags({
        PropertyName: tags.propertyName,
        String: tags.string,
        Number: tags.number,
        "True False Null Word": tags.keyword,
        "LineComment BlockComment": tags.comment,
        "{ } [ ] , :": tags.punctuation,
      }),
      indentNodeProp.add({ "Object Array": continuedIndent({ except: /^\s*[\]}]/ }) }),
      foldNodeProp.add({ "Object Array": foldInside }),
    ],
  }),
  languageData: {
    closeBrackets: { brackets: ["[", "{", '"'] },
    commentTokens: { line: "//", block: { open: "/*", close: "*/" } },
    indentOnInput: /^\s*[\]}]$/,
  },
});

export const scenario = () => new LanguageSupport(language, indentUnit.of("  "));
