//! Which bracket of a text is not closed. The parser knows only where it noticed; who wrote the text wants to know
//! where to mend it, and the layout tells.

use jsonc_parser::Scanner;
use jsonc_parser::tokens::Token;

use super::problem::Span;
use super::tree::scanner_options;

/// A bracket that is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unclosed {
    /// Where it stands.
    pub(super) open: Span,
    /// What would close it.
    pub(super) close: char,
    /// Where that is noticed: at a bracket that closes something else, or at the last token of the text.
    pub(super) noticed: Span,
}

/// A bracket that was opened, and how far its line is indented.
struct Opened {
    at: Span,
    close: char,
    line: usize,
    indent: usize,
}

/// The first bracket that is not closed: of those that could be meant, the one whose end is missing by the layout,
/// else the innermost.
pub(super) fn unclosed(json: &str) -> Option<Unclosed> {
    let mut scanner = Scanner::new(json, &scanner_options());
    let mut open: Vec<Opened> = Vec::new();
    let mut by_layout = None::<Opened>;
    let mut last = 0..0;
    let mut lines = Lines::of(json);
    // What the scanner refuses is another problem than this.
    while let Ok(Some(token)) = scanner.scan() {
        let at = scanner.token_start()..scanner.token_end();
        let close = match token {
            Token::CommentLine(_) | Token::CommentBlock(_) => continue,
            Token::OpenBrace | Token::OpenBracket => {
                let (line, indent, _) = lines.at(at.start);
                let close = if token == Token::OpenBrace { '}' } else { ']' };
                let at = at.clone();
                open.push(Opened {
                    at,
                    close,
                    line,
                    indent,
                });
                None
            }
            Token::CloseBrace => Some('}'),
            Token::CloseBracket => Some(']'),
            _ => None,
        };
        last = at;
        let Some(close) = close else { continue };
        let opened = open.pop()?;
        if opened.close != close {
            return Some(by_layout.unwrap_or(opened).noticed(last));
        }
        let (line, indent, is_first) = lines.at(last.start);
        // It stands where the end of something around it would.
        if by_layout.is_none() && is_first && line != opened.line && indent < opened.indent {
            by_layout = Some(opened);
        }
    }
    let opened = open.pop()?;
    Some(by_layout.unwrap_or(opened).noticed(last))
}

impl Opened {
    fn noticed(self, noticed: Span) -> Unclosed {
        Unclosed {
            open: self.at,
            close: self.close,
            noticed,
        }
    }
}

/// Lines, asked for from top to bottom.
struct Lines<'a> {
    text: &'a str,
    line: usize,
    start: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text,
            line: 0,
            start: 0,
        }
    }

    /// The line of a byte, how far it is indented, and whether the byte is the first that is written on it.
    fn at(&mut self, byte: usize) -> (usize, usize, bool) {
        let passed = self.text.get(self.start..byte).unwrap_or_default();
        if let Some(newline) = passed.rfind('\n') {
            self.line += passed.bytes().filter(|&byte| byte == b'\n').count();
            self.start += newline + 1;
        }
        let line = self.text.get(self.start..).unwrap_or_default();
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        (self.line, indent, self.start + indent == byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bracket that is found, as line and column, and what it is noticed at.
    fn found(json: &str) -> Option<(usize, usize, &str)> {
        let found = unclosed(json)?;
        let before = &json[..found.open.start];
        let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
        let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
        Some((line, column, &json[found.noticed]))
    }

    #[test]
    fn the_layout_tells_which() {
        let whole = "{\n  \"a\": {\n    \"b\": [\n      { \"c\": 1 }\n    ]\n  },\n  \"d\": 2\n}\n";
        assert_eq!(found(whole), None);
        // The end of the whole.
        assert_eq!(found(whole.trim_end_matches("}\n")), Some((1, 1, "2")));
        // The end of `a`, and of `b`.
        assert_eq!(found(&whole.replace("\n  },", "\n  ,")), Some((2, 8, "}")));
        assert_eq!(found(&whole.replace("\n    ]", "")), Some((3, 10, "}")));
        assert_eq!(found(&whole.replace("1 }", "1")), Some((4, 7, "]")));
    }

    #[test]
    fn without_layout_it_is_the_innermost() {
        assert_eq!(found("{ \"a\": { \"b\": [ 1, 2"), Some((1, 15, "2")));
        assert_eq!(found("{ \"a\": [ 1, 2 }"), Some((1, 8, "}")));
        // A bracket too many is none too few; nor is one in a text or a comment.
        assert_eq!(found("{ \"a\": 1 } }"), None);
        assert_eq!(found("{ \"a\": \"{[\" /* { */ }"), None);
        assert_eq!(found(""), None);
    }
}
