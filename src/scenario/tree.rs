//! A scenario's text as a tree that remembers where each part was written.
//!
//! JSON with comments and trailing commas. What a careless or hostile text can do (no text at all, 50 MB of
//! it, brackets nested a hundred thousand deep, a key twice, a number that is none) ends here.

use indexmap::IndexMap;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{CollectOptions, ParseOptions, Scanner, ScannerOptions, ast};
use serde_json::Number;

use super::brackets::{Unclosed, unclosed};
use super::pointer;
use super::problem::{Problem, Problems, Span, shorten};

/// The longest text that is read, in bytes.
pub const LONGEST_TEXT: usize = 8 << 20;
/// How deep arrays and objects may nest.
pub const DEEPEST: usize = 64;
/// The longest number, in characters.
const LONGEST_NUMBER: usize = 100;
/// Keys that explain rather than set: accepted on any object.
pub(super) const ANNOTATIONS: [&str; 2] = ["note", "basis"];
/// Accepted on the outermost object: where the file's schema is.
pub(super) const SCHEMA: &str = "$schema";

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// A JSON value.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Taken out because a problem was found in it: the rest is read as if it had not been there.
    Gone,
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    Array(Vec<Node>),
    Object(Object),
}

/// An object's members and what is noted about it.
#[derive(Debug, Clone, Default)]
pub(super) struct Object {
    pub(super) members: IndexMap<String, Member>,
    /// `note`, `basis` and the like; they change no number.
    pub(super) notes: IndexMap<String, String>,
}

/// A value with its key's place.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) key: Span,
    pub(super) node: Node,
}

impl Value {
    /// As it is called in a message.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Gone => "nothing".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => format!("the number {number}"),
            Self::Text(text) => format!("the text {:?}", shorten(text)),
            Self::Array(_) => "an array".to_owned(),
            Self::Object(_) => "an object".to_owned(),
        }
    }
}

impl Object {
    /// The members that are still there.
    pub(super) fn present(&self) -> impl Iterator<Item = (&String, &Member)> {
        let there = |(_, member): &(&String, &Member)| !matches!(member.node.value, Value::Gone);
        self.members.iter().filter(there)
    }

    /// The text of a member.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match &self.members.get(key)?.node.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Node {
    pub(super) fn object(&self) -> Option<&Object> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    pub(super) fn object_mut(&mut self) -> Option<&mut Object> {
        match &mut self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The value one step down.
    pub(super) fn child(&self, step: &str) -> Option<&Node> {
        match &self.value {
            Value::Object(object) => object.members.get(step).map(|member| &member.node),
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The value one step down.
    pub(super) fn child_mut(&mut self, step: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Object(object) => object.members.get_mut(step).map(|member| &mut member.node),
            Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The value that the steps lead to, or the last on the way that is there.
    pub(super) fn innermost_mut(&mut self, steps: &[String]) -> &mut Node {
        match steps.split_first() {
            Some((step, rest)) if self.child(step).is_some() => match self.child_mut(step) {
                Some(child) => child.innermost_mut(rest),
                None => unreachable!("the child is there"),
            },
            _ => self,
        }
    }

    /// Where the value at a pointer was written, or the nearest value around it.
    pub(super) fn span_at(&self, path: &str) -> Span {
        let mut node = self;
        for step in pointer::steps(path).unwrap_or_default() {
            match node.child(&step) {
                Some(child) => node = child,
                None => break,
            }
        }
        node.span.clone()
    }

    /// How many values there are.
    pub(super) fn size(&self) -> usize {
        1 + match &self.value {
            Value::Array(items) => items.iter().map(Node::size).sum(),
            Value::Object(object) => {
                let sizes = object.members.values().map(|member| member.node.size());
                sizes.sum::<usize>()
            }
            _ => 0,
        }
    }
}

/// The grammar: JSON, comments and trailing commas, nothing else.
pub(super) fn grammar() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// The same for its tokens.
pub(super) fn scanner_options() -> ScannerOptions {
    let grammar = grammar();
    ScannerOptions {
        allow_single_quoted_strings: grammar.allow_single_quoted_strings,
        allow_hexadecimal_numbers: grammar.allow_hexadecimal_numbers,
        allow_unary_plus_numbers: grammar.allow_unary_plus_numbers,
        allow_bare_decimal_point_numbers: grammar.allow_bare_decimal_point_numbers,
        allow_non_finite_numbers: grammar.allow_non_finite_numbers,
        allow_extended_string_escapes: grammar.allow_extended_string_escapes,
    }
}

/// The text without its byte order mark, which Windows editors like to leave, and how many bytes that took.
pub(super) fn skip_mark(text: &str) -> (&str, usize) {
    text.strip_prefix('\u{feff}')
        .map_or((text, 0), |rest| (rest, text.len() - rest.len()))
}

/// Reads a text. Problems that leave a tree (a key twice, a note that is no text) are added to `problems`.
///
/// # Errors
/// The problem that leaves none.
pub(super) fn read(text: &str, problems: &mut Vec<Problem>) -> Result<Node, Problems> {
    if text.len() > LONGEST_TEXT {
        return Err(too_long().into());
    }
    let (json, offset) = skip_mark(text);
    let moved = |span: Span| span.start + offset..span.end + offset;
    let placed = |(problem, span): (Problem, Span)| problem.at(text, &moved(span));
    if let Some(found) = scan(json) {
        return Err(placed(found).into());
    }
    let parsed = jsonc_parser::parse_to_ast(json, &CollectOptions::default(), &grammar()).map_err(
        |error| match left_open(json, &error) {
            Some((problem, found, what)) => {
                placed((problem, found.open)).related(text, &moved(found.noticed), what)
            }
            None => placed(syntax(json, &error)),
        },
    )?;
    let Some(value) = parsed.value else {
        return Err(empty(text).into());
    };
    let mut builder = Builder {
        text,
        offset,
        problems,
    };
    let root = builder.node(&value, "");
    if root.object().is_none() {
        let problem = Problem::new("", format!("the scenario is {}", root.value.describe()));
        return Err(problem.at(text, &root.span).expected(A_SCENARIO).into());
    }
    Ok(root)
}

const A_SCENARIO: &str = "an object: {\"version\": 1, \"world\": …, \"designs\": […]}";

/// For a text longer than [`LONGEST_TEXT`].
pub(super) fn too_long() -> Problem {
    let most = LONGEST_TEXT >> 20;
    Problem::new("", format!("the text is longer than {most} MB"))
        .expected(format!("a scenario of at most {most} MB"))
        .suggest("a scenario is written by hand: is this the right file?")
}

fn empty(text: &str) -> Problem {
    let found = if text
        .trim_matches(['\u{feff}', ' ', '\t', '\r', '\n'])
        .is_empty()
    {
        "the scenario is empty"
    } else {
        "the scenario has nothing but comments"
    };
    Problem::new("", found)
        .at(text, &(0..0))
        .expected(A_SCENARIO)
        .suggest("`stayfresh presets` lists scenarios to start from")
}

/// Looks for what must not reach the parser, which recurses, or would confuse it: nesting too deep, and
/// texts that run over the end of their line.
fn scan(json: &str) -> Option<(Problem, Span)> {
    let mut scanner = Scanner::new(json, &scanner_options());
    let mut depth = 0_usize;
    // What the scanner refuses, the parser refuses too, with a better message.
    while let Ok(Some(token)) = scanner.scan() {
        let span = scanner.token_start()..scanner.token_end();
        match token {
            Token::OpenBrace | Token::OpenBracket => {
                depth += 1;
                if depth > DEEPEST {
                    let problem = Problem::new("", format!("nested deeper than {DEEPEST} levels"));
                    let expected = "a scenario, which needs about ten levels";
                    return Some((problem.expected(expected), span));
                }
            }
            Token::CloseBrace | Token::CloseBracket => depth = depth.saturating_sub(1),
            Token::String(_) => {
                let raw = json.get(span.clone()).unwrap_or_default();
                let Some(control) = raw.find(|c: char| c < ' ') else {
                    continue;
                };
                let at = span.start + control;
                return Some(if raw[control..].starts_with(['\n', '\r']) {
                    let problem = Problem::new("", "a text that does not end on its line");
                    let expected = "a closing `\"` before the end of the line";
                    (problem.expected(expected), span.start..at)
                } else {
                    let problem = Problem::new("", "a control character in a text");
                    (problem.expected("an escape such as `\\t`"), at..at + 1)
                });
            }
            _ => {}
        }
    }
    None
}

/// What the parser found, if it is that a bracket is not closed: the bracket, not all that follows it, and where
/// that is noticed.
fn left_open(json: &str, error: &ParseError) -> Option<(Problem, Unclosed, &'static str)> {
    use ParseErrorKind as K;
    let written = json.get(error.range().start..error.range().end);
    let is_end = matches!(error.kind(), K::UnterminatedArray | K::UnterminatedObject);
    if !is_end && !matches!(written, Some("}" | "]")) {
        return None;
    }
    let found = unclosed(json)?;
    // After a comma, say, a bracket is wrong for a reason of its own.
    if !is_end && found.noticed != (error.range().start..error.range().end) {
        return None;
    }
    let what = if found.close == '}' {
        "an object"
    } else {
        "an array"
    };
    let problem = Problem::new("", format!("{what} that is not closed"));
    let problem = problem.expected(format!("`{}`", found.close));
    let noticed = if is_end {
        "the text ends here"
    } else {
        "this closes something else"
    };
    Some((problem, found, noticed))
}

/// Says in our words what the parser found.
fn syntax(json: &str, error: &ParseError) -> (Problem, Span) {
    use ParseErrorKind as K;
    let span = error.range().start..error.range().end;
    let written = json.get(span.clone()).unwrap_or_default();
    let word_end = json
        .get(span.start..)
        .and_then(|rest| rest.find(|c: char| !(c.is_alphanumeric() || "_+-.$".contains(c))));
    let word = json
        .get(span.start..word_end.map_or(json.len(), |end| span.start + end))
        .unwrap_or_default();
    let token = if written.is_empty() {
        "the end of the text".to_owned()
    } else {
        format!(
            "`{}`",
            shorten(if word.is_empty() { written } else { word })
        )
    };
    let is_word = |names: &[&str]| {
        let bare = word.trim_start_matches(['+', '-']);
        names.iter().any(|name| bare.eq_ignore_ascii_case(name))
    };
    if is_word(&["nan", "inf", "infinity"]) {
        let end = span.start + word.len();
        return (
            Problem::new("", format!("{} is not a number in JSON", token))
                .expected("a finite number such as 0.5"),
            span.start..end,
        );
    }
    let (message, expected) = match error.kind() {
        K::ExpectedComma => ("no comma between two values".to_owned(), "`,`"),
        K::ExpectedColonAfterObjectKey => (
            "no colon after a key".to_owned(),
            "`:` and a value after the key",
        ),
        K::ExpectedObjectValue => ("a key without a value".to_owned(), "a value after `:`"),
        K::ExpectedStringObjectProperty => (
            format!("the key {token} is not in quotes"),
            "a key in double quotes",
        ),
        K::SingleQuotedStringsNotAllowed => {
            ("a text in single quotes".to_owned(), "double quotes: \"…\"")
        }
        K::MultipleRootJsonValues => (
            format!("{token} after the end of the scenario"),
            "one object and nothing after it",
        ),
        K::UnterminatedCommentBlock => ("a comment that is not closed".to_owned(), "`*/`"),
        K::HexadecimalNumbersNotAllowed
        | K::UnaryPlusNumbersNotAllowed
        | K::BareDecimalPointNumbersNotAllowed
        | K::ExpectedDigit
        | K::ExpectedDigitFollowingNegativeSign
        | K::ExpectedPlusMinusOrDigitInNumberLiteral
        | K::NonFiniteNumbersNotAllowed => (
            format!("{token} is not a number in JSON"),
            "a number such as 12, -3 or 0.5",
        ),
        K::String(jsonc_parser::ParseStringErrorKind::UnterminatedStringLiteral) => {
            ("a text that is not closed".to_owned(), "a closing `\"`")
        }
        K::String(_) => (
            "an escape that JSON does not know".to_owned(),
            "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000 (with both halves of a pair)",
        ),
        K::NestingDepthExceeded => ("nested too deep".to_owned(), "at most 64 levels"),
        K::UnexpectedWord | K::UnexpectedToken => (
            format!("{token} is not a value"),
            "a text in double quotes, a number, true, false, null, `{` or `[`",
        ),
        K::UnexpectedTokenInObject => (
            format!("{token} where a key should be"),
            "a key in double quotes, or `}`",
        ),
        _ => (
            format!("{token} where a value should be"),
            "a text in double quotes, a number, true, false, null, `{` or `[`",
        ),
    };
    (Problem::new("", message).expected(expected), span)
}

struct Builder<'a> {
    text: &'a str,
    offset: usize,
    problems: &'a mut Vec<Problem>,
}

impl Builder<'_> {
    fn span(&self, range: jsonc_parser::common::Range) -> Span {
        range.start + self.offset..range.end + self.offset
    }

    fn node(&mut self, value: &ast::Value<'_>, path: &str) -> Node {
        use jsonc_parser::common::Ranged;
        let span = self.span(value.range());
        let value = match value {
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::BooleanLit(literal) => Value::Bool(literal.value),
            ast::Value::StringLit(literal) => Value::Text(literal.value.to_string()),
            ast::Value::NumberLit(literal) => self.number(literal.value, path, &span),
            ast::Value::Array(array) => {
                let item = |(index, value): (usize, &ast::Value<'_>)| {
                    self.node(value, &pointer::join(path, &index.to_string()))
                };
                Value::Array(array.elements.iter().enumerate().map(item).collect())
            }
            ast::Value::Object(object) => Value::Object(self.object(object, path)),
        };
        Node { span, value }
    }

    fn number(&mut self, literal: &str, path: &str, span: &Span) -> Value {
        let too_long = literal.len() > LONGEST_NUMBER;
        match serde_json::from_str(literal) {
            Ok(number) if !too_long => Value::Number(number),
            _ => {
                let what = if too_long {
                    "has too many digits"
                } else {
                    "is too large"
                };
                self.problems.push(
                    Problem::new(path, format!("the number {} {what}", shorten(literal)))
                        .at(self.text, span)
                        .expected("a number of ordinary size"),
                );
                Value::Gone
            }
        }
    }

    fn object(&mut self, object: &ast::Object<'_>, path: &str) -> Object {
        use jsonc_parser::common::Ranged;
        let mut read = Object::default();
        let mut note_spans: IndexMap<String, Span> = IndexMap::new();
        for property in &object.properties {
            let name = property.name.as_str();
            let path = pointer::join(path, name);
            let key = self.span(property.name.range());
            let first = note_spans
                .get(name)
                .or_else(|| read.members.get(name).map(|member| &member.key));
            if let Some(first) = first {
                self.problems.push(
                    Problem::new(path, format!("the key `{}` is given twice", shorten(name)))
                        .at(self.text, &key)
                        .expected("each key once in an object")
                        .suggest("remove one of the two")
                        .related(self.text, first, "first given here"),
                );
                continue;
            }
            let node = self.node(&property.value, &path);
            let is_schema = name == SCHEMA && path.len() == SCHEMA.len() + 1;
            if ANNOTATIONS.contains(&name) || is_schema {
                note_spans.insert(name.to_owned(), key);
                match node.value {
                    Value::Text(text) => {
                        read.notes.insert(name.to_owned(), text);
                    }
                    Value::Gone => {}
                    other => self.problems.push(
                        Problem::new(path, format!("`{name}` is {}", other.describe()))
                            .at(self.text, &node.span)
                            .expected("a text in double quotes"),
                    ),
                }
            } else {
                read.members.insert(name.to_owned(), Member { key, node });
            }
        }
        read
    }
}
