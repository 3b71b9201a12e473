//! A scenario's text laid out anew: the same values and the same comments, in the same order.
//!
//! An object or array stays on one line if it was begun on one and fits; so whoever writes decides what is
//! spread out. Numbers and texts stay as they were written, and so does one empty line between two members.

use jsonc_parser::Scanner;
use jsonc_parser::tokens::Token;

use super::problem::Problems;
use super::tree;

/// The longest line that an object or array is put on, in characters.
const WIDTH: usize = 120;
/// What each level is moved in by.
const STEP: &str = "  ";

/// Lays a text out anew.
///
/// # Errors
/// When it is not JSON with comments and trailing commas, or not an object. Whether it makes sense as a scenario
/// does not matter.
pub fn format(text: &str) -> Result<String, Problems> {
    tree::read(text, &mut Vec::new())?;
    let (json, mark) = tree::skip_mark(text);
    let mut reader = Reader {
        pieces: pieces(json),
        at: 0,
    };
    let before = reader.comments();
    let root = reader.value();
    let after = reader.comments();
    let mut out = text[..mark].to_owned();
    for (index, comment) in before.iter().enumerate() {
        if index > 0 && comment.lines_before > 1 {
            out.push('\n');
        }
        out.push_str(&comment.text(0));
        out.push('\n');
    }
    if !before.is_empty() && root.lines_before > 1 {
        out.push('\n');
    }
    root.write(0, 0, &mut out);
    for comment in &after {
        out.push_str(match comment.lines_before {
            0 => " ",
            1 => "\n",
            _ => "\n\n",
        });
        out.push_str(&comment.text(0));
    }
    out.push('\n');
    Ok(out)
}

/// What a text is made of, without the space between.
#[derive(Debug, Clone, Copy)]
struct Piece<'a> {
    kind: Kind,
    text: &'a str,
    /// Line ends between the piece before and this one.
    lines_before: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    Comma,
    Colon,
    Scalar,
    LineComment,
    BlockComment,
}

fn pieces(json: &str) -> Vec<Piece<'_>> {
    let mut scanner = Scanner::new(json, &tree::scanner_options());
    let mut pieces = Vec::new();
    let mut end = 0;
    // The text has been read before: every token is good.
    while let Ok(Some(token)) = scanner.scan() {
        let (from, to) = (scanner.token_start(), scanner.token_end());
        let kind = match token {
            Token::OpenBrace | Token::OpenBracket => Kind::Open,
            Token::CloseBrace | Token::CloseBracket => Kind::Close,
            Token::Comma => Kind::Comma,
            Token::Colon => Kind::Colon,
            Token::CommentLine(_) => Kind::LineComment,
            Token::CommentBlock(_) => Kind::BlockComment,
            _ => Kind::Scalar,
        };
        let between = json.get(end..from).unwrap_or_default();
        pieces.push(Piece {
            kind,
            text: json.get(from..to).unwrap_or_default().trim_end(),
            lines_before: between.bytes().filter(|&byte| byte == b'\n').count(),
        });
        end = to;
    }
    pieces
}

impl Piece<'_> {
    fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::LineComment | Kind::BlockComment)
    }

    /// A comment that other things can stand on one line with.
    fn is_short(&self) -> bool {
        self.kind == Kind::BlockComment && !self.text.contains('\n')
    }

    /// As it is written `depth` levels in. The lines of a block with a star before each keep their stars in line.
    fn text(&self, depth: usize) -> String {
        let text = self.text.replace("\r\n", "\n");
        let stars = text
            .lines()
            .skip(1)
            .all(|line| line.trim_start().starts_with('*'));
        if self.kind != Kind::BlockComment || !stars {
            return text;
        }
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        lines.join(&format!("\n{} ", STEP.repeat(depth)))
    }
}

/// A value with what is written in it.
struct Layout<'a> {
    lines_before: usize,
    body: Body<'a>,
}

enum Body<'a> {
    Scalar(&'a str),
    Group(Group<'a>),
}

/// An object or array.
struct Group<'a> {
    open: &'a str,
    close: &'a str,
    /// Comments beside the opening bracket.
    beside: Vec<Piece<'a>>,
    members: Vec<Member<'a>>,
    /// Comments after the last member, each on a line of its own.
    last: Vec<Piece<'a>>,
    /// Whether its first member was written on a line of its own.
    is_spread: bool,
}

/// A member of an object or an item of an array.
struct Member<'a> {
    /// Comments before it.
    before: Vec<Piece<'a>>,
    lines_before: usize,
    key: Option<&'a str>,
    /// Comments between its key and its value.
    between: Vec<Piece<'a>>,
    value: Layout<'a>,
    /// Comments after it, on its line.
    after: Vec<Piece<'a>>,
}

struct Reader<'a> {
    pieces: Vec<Piece<'a>>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<Piece<'a>> {
        self.pieces.get(self.at).copied()
    }

    fn next_if(&mut self, is_wanted: impl Fn(&Piece<'a>) -> bool) -> Option<Piece<'a>> {
        let piece = self.peek().filter(is_wanted)?;
        self.at += 1;
        Some(piece)
    }

    fn comments(&mut self) -> Vec<Piece<'a>> {
        std::iter::from_fn(|| self.next_if(Piece::is_comment)).collect()
    }

    /// Comments that stand on the line of what was read last, with nothing but the line's end after them.
    fn comments_beside(&mut self) -> Vec<Piece<'a>> {
        let rest = self.pieces.get(self.at..).unwrap_or_default();
        let is_beside = |piece: &&Piece| piece.is_comment() && piece.lines_before == 0;
        let mut count = rest.iter().take_while(is_beside).count();
        // What something else follows on the same line belongs to that.
        if rest
            .get(count)
            .is_some_and(|next| next.lines_before == 0 && next.kind != Kind::Close)
        {
            count = 0;
        }
        self.at += count;
        rest_of(rest, count)
    }

    fn value(&mut self) -> Layout<'a> {
        let Some(piece) = self.next_if(|_| true) else {
            return Layout {
                lines_before: 0,
                body: Body::Scalar(""),
            };
        };
        let body = if piece.kind == Kind::Open {
            Body::Group(self.group(piece.text))
        } else {
            Body::Scalar(piece.text)
        };
        Layout {
            lines_before: piece.lines_before,
            body,
        }
    }

    fn group(&mut self, open: &'a str) -> Group<'a> {
        let beside = self.comments_beside();
        let mut group = Group {
            open,
            close: if open == "{" { "}" } else { "]" },
            is_spread: self
                .peek()
                .is_some_and(|next| next.lines_before > 0 && next.kind != Kind::Close),
            beside,
            members: Vec::new(),
            last: Vec::new(),
        };
        // Comments that a comma was written after, with no room beside its member.
        let mut waiting = Vec::new();
        loop {
            let mut before = std::mem::take(&mut waiting);
            before.extend(self.comments());
            if self.next_if(|piece| piece.kind == Kind::Close).is_some() || self.peek().is_none() {
                group.last = before;
                return group;
            }
            let mut member = self.member(before, open == "{");
            member.after = self.comments_beside();
            let more = self.comments_before_comma();
            let has_comma = self.next_if(|piece| piece.kind == Kind::Comma).is_some();
            for comment in more {
                let is_full = member.after.iter().any(|one| one.kind == Kind::LineComment);
                if is_full {
                    &mut waiting
                } else {
                    &mut member.after
                }
                .push(comment);
            }
            let is_full = member.after.iter().any(|one| one.kind == Kind::LineComment);
            if has_comma && !is_full && waiting.is_empty() {
                member.after.extend(self.comments_beside());
            }
            group.members.push(member);
        }
    }

    /// Comments that a comma follows.
    fn comments_before_comma(&mut self) -> Vec<Piece<'a>> {
        let rest = self.pieces.get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|piece| piece.is_comment()).count();
        if rest.get(count).is_none_or(|next| next.kind != Kind::Comma) {
            return Vec::new();
        }
        self.at += count;
        rest_of(rest, count)
    }

    fn member(&mut self, mut before: Vec<Piece<'a>>, has_key: bool) -> Member<'a> {
        let mut between = Vec::new();
        let mut lines_before = self.peek().map_or(0, |piece| piece.lines_before);
        let key = has_key.then(|| {
            let key = self.next_if(|_| true).map_or("", |piece| piece.text);
            between = self.comments();
            self.next_if(|piece| piece.kind == Kind::Colon);
            between.extend(self.comments());
            key
        });
        // What ends its line cannot stand between a key and its value.
        if between.iter().any(|comment| !comment.is_short()) {
            let moved = between.drain(..).enumerate().map(|(index, comment)| Piece {
                lines_before: if index == 0 { lines_before } else { 1 },
                ..comment
            });
            before.extend(moved);
            lines_before = 1;
        }
        Member {
            before,
            lines_before,
            key,
            between,
            value: self.value(),
            after: Vec::new(),
        }
    }
}

fn rest_of<'a>(rest: &[Piece<'a>], count: usize) -> Vec<Piece<'a>> {
    rest.get(..count).unwrap_or_default().to_vec()
}

impl<'a> Layout<'a> {
    /// Writes it `depth` levels in, where `column` characters are on its line already and `after` follow.
    fn write(&self, depth: usize, after: usize, out: &mut String) {
        match &self.body {
            Body::Scalar(text) => out.push_str(text),
            Body::Group(group) => {
                let line = group.on_one_line();
                let column = out.rsplit('\n').next().unwrap_or_default().chars().count();
                match line {
                    Some(line) if column + line.chars().count() + after <= WIDTH => {
                        out.push_str(&line)
                    }
                    _ => group.spread(depth, out),
                }
            }
        }
    }

    fn on_one_line(&self) -> Option<String> {
        match &self.body {
            Body::Scalar(text) => Some((*text).to_owned()),
            Body::Group(group) => group.on_one_line(),
        }
    }
}

impl<'a> Group<'a> {
    /// Unless its comments or its writer forbid it.
    fn on_one_line(&self) -> Option<String> {
        if self.is_spread {
            return None;
        }
        let mut parts = Vec::new();
        for (index, member) in self.members.iter().enumerate() {
            let comma = if index + 1 < self.members.len() {
                ","
            } else {
                ""
            };
            parts.push(format!("{}{comma}", member.on_one_line()?));
        }
        for comment in self.last.iter() {
            parts.push(comment.is_short().then(|| comment.text(0))?);
        }
        let beside: Option<Vec<String>> = self
            .beside
            .iter()
            .map(|one| one.is_short().then(|| one.text(0)))
            .collect();
        parts.splice(0..0, beside?);
        let (open, close, inside) = (self.open, self.close, parts.join(" "));
        Some(match (inside.is_empty(), open) {
            (true, _) | (false, "[") => format!("{open}{inside}{close}"),
            (false, _) => format!("{open} {inside} {close}"),
        })
    }

    fn spread(&self, depth: usize, out: &mut String) {
        let new_line = |out: &mut String, depth: usize| {
            out.push('\n');
            out.push_str(&STEP.repeat(depth));
        };
        out.push_str(self.open);
        for comment in &self.beside {
            out.push(' ');
            out.push_str(&comment.text(depth + 1));
        }
        for (index, member) in self.members.iter().enumerate() {
            let first = member
                .before
                .first()
                .map_or(member.lines_before, |one| one.lines_before);
            if index > 0 && first > 1 {
                out.push('\n');
            }
            new_line(out, depth + 1);
            member.write(depth + 1, index + 1 < self.members.len(), out);
        }
        for (index, comment) in self.last.iter().enumerate() {
            if (index > 0 || !self.members.is_empty()) && comment.lines_before > 1 {
                out.push('\n');
            }
            new_line(out, depth + 1);
            out.push_str(&comment.text(depth + 1));
        }
        new_line(out, depth);
        out.push_str(self.close);
    }
}

impl<'a> Member<'a> {
    fn on_one_line(&self) -> Option<String> {
        let mut parts = Vec::new();
        let short = |comments: &[Piece], parts: &mut Vec<String>| {
            for comment in comments {
                parts.push(comment.is_short().then(|| comment.text(0))?);
            }
            Some(())
        };
        short(&self.before, &mut parts)?;
        parts.extend(self.key.map(|key| format!("{key}:")));
        short(&self.between, &mut parts)?;
        parts.push(self.value.on_one_line()?);
        short(&self.after, &mut parts)?;
        Some(parts.join(" "))
    }

    fn write(&self, depth: usize, has_comma: bool, out: &mut String) {
        for (index, comment) in self.before.iter().enumerate() {
            out.push_str(&comment.text(depth));
            let next = self
                .before
                .get(index + 1)
                .map_or(self.lines_before, |next| next.lines_before);
            let stays = next == 0 && comment.is_short();
            if stays {
                out.push(' ');
            } else {
                out.push_str(if next > 1 { "\n\n" } else { "\n" });
                out.push_str(&STEP.repeat(depth));
            }
        }
        if let Some(key) = self.key {
            out.push_str(key);
            out.push_str(": ");
        }
        for comment in &self.between {
            out.push_str(&comment.text(depth));
            out.push(' ');
        }
        self.value.write(depth, usize::from(has_comma), out);
        if has_comma {
            out.push(',');
        }
        for comment in &self.after {
            out.push(' ');
            out.push_str(&comment.text(depth));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scenario::presets::PRESETS;
    use crate::scenario::text;

    /// All comments of a text, without the space that a new place gives their lines.
    fn comments(text: &str) -> Vec<String> {
        let (json, _) = tree::skip_mark(text);
        let comments = pieces(json).into_iter().filter(Piece::is_comment);
        let words = |comment: Piece| {
            comment
                .text
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        comments.map(words).collect()
    }

    /// The values of a text in the words that they were written in.
    fn words(text: &str) -> Vec<&str> {
        let (json, _) = tree::skip_mark(text);
        let pieces = pieces(json).into_iter();
        let wanted = pieces.filter(|piece| !piece.is_comment() && piece.kind != Kind::Comma);
        wanted.map(|piece| piece.text).collect()
    }

    /// Laid out anew, after a look at everything that must hold whatever the text is.
    fn checked(text: &str) -> String {
        let out = format(text).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        assert_eq!(words(text), words(&out), "{text}\n{out}");
        assert_eq!(comments(text), comments(&out), "{text}\n{out}");
        let again = format(&out).unwrap_or_else(|problems| panic!("{problems}\n{out}"));
        assert_eq!(again, out, "{text}");
        out
    }

    #[test]
    fn presets_keep_their_meaning_and_their_comments() {
        for preset in PRESETS {
            let out = checked(preset.text);
            let read = |text: &str| {
                text::parse(text).unwrap_or_else(|problems| panic!("{}: {problems}", preset.name))
            };
            assert_eq!(read(&out), read(preset.text), "{}", preset.name);
            // Also when everything stands on one line, or every piece on its own.
            let json: serde_json::Value =
                serde_json::to_value(read(preset.text).scenario).expect("is JSON");
            checked(&json.to_string());
            let torn: Vec<&str> = pieces(preset.text)
                .into_iter()
                .map(|piece| piece.text)
                .collect();
            assert_eq!(
                read(&checked(&torn.join("\n"))),
                read(preset.text),
                "{}",
                preset.name
            );
        }
    }

    #[test]
    fn comments_stay_where_they_belong() {
        let text = "\u{feff}// first\r\n/* a\r\n * b\r\n */\r\n{   // the scenario\n\n\"version\":1,// one\n\n\n// on its own\n\"run\" : // why\n { \"replicates\":8 /* eight */ , }\n, \"a\": [ 1,2 , /* three */3, ], \"b\": /* in */ {} /* out */,\n  /* before */ \"c\": [\n1, // uno\n// last\n\n// words\n] // c\n /* end */ }\n// bye\n";
        let out = checked(text);
        let wanted = "\u{feff}// first
/* a
 * b
 */
{ // the scenario
  \"version\": 1, // one

  // on its own
  // why
  \"run\": { \"replicates\": 8 /* eight */ },
  \"a\": [1, 2, /* three */ 3],
  \"b\": /* in */ {}, /* out */
  /* before */ \"c\": [
    1 // uno
    // last

    // words
  ] // c
  /* end */
}
// bye
";
        assert_eq!(out, wanted);
    }

    #[test]
    fn who_writes_decides_what_is_spread_out_unless_it_is_too_long() {
        assert_eq!(
            checked("{\n\"a\":{\"b\":1}}"),
            "{\n  \"a\": { \"b\": 1 }\n}\n"
        );
        assert_eq!(
            checked("{\"a\":{\n\"b\":1}}"),
            "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n"
        );
        assert_eq!(
            checked("{\"a\":{\n}, \"b\": [\n\n]}"),
            "{ \"a\": {}, \"b\": [] }\n"
        );
        let long = format!("{{\"a\":[{}]}}", ["1234567890"; 12].join(","));
        let out = checked(&long);
        assert!(
            out.lines().count() > 12 && out.lines().all(|line| line.len() <= WIDTH),
            "{out}"
        );
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        for (text, place) in [
            ("{ \"a\": 1", "line 1"),
            ("", "empty"),
            ("[1]", "an array"),
            ("{\n\"a\" 1 }", "line 2"),
        ] {
            let problems = format(text).expect_err(text).to_string();
            assert!(problems.contains(place), "{text}: {problems}");
        }
        assert!(format(&"[".repeat(100_000)).is_err());
    }

    /// A JSON value as its pieces.
    fn value() -> impl Strategy<Value = Vec<String>> {
        let scalar = prop_oneof![
            Just("1e3"),
            Just("\"a // \\\" b\""),
            Just("null"),
            Just("-0.50"),
            Just("\"}\"")
        ];
        let scalar = scalar.prop_map(|text| vec![text.to_owned()]);
        scalar.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                (prop::collection::vec(inner.clone(), 0..5), any::<bool>())
                    .prop_map(|(items, trails)| group("[", items, trails, "]")),
                (prop::collection::vec(inner, 0..5), any::<bool>()).prop_map(|(items, trails)| {
                    let keyed = |(index, item): (usize, Vec<String>)| {
                        [vec![format!("\"k{index}\""), ":".to_owned()], item].concat()
                    };
                    group(
                        "{",
                        items.into_iter().enumerate().map(keyed).collect(),
                        trails,
                        "}",
                    )
                }),
            ]
        })
    }

    fn group(open: &str, items: Vec<Vec<String>>, trails: bool, close: &str) -> Vec<String> {
        let mut pieces = vec![open.to_owned()];
        let count = items.len();
        for (index, item) in items.into_iter().enumerate() {
            pieces.extend(item);
            if trails || index + 1 < count {
                pieces.push(",".to_owned());
            }
        }
        pieces.push(close.to_owned());
        pieces
    }

    proptest! {
        #[test]
        fn comments_in_odd_places_are_kept(
            value in value(),
            gaps in prop::collection::vec((0_usize..9, any::<prop::sample::Index>()), 0..60),
        ) {
            let gap = |index: usize| match index {
                0 => " ", 1 => "\n", 2 => "\n\n\n", 3 => "// line\n", 4 => " // one\r\n  // two\r\n", 5 => "/* block */",
                6 => "/* a\n   b */", 7 => "\n/*\n * a\n * b\n */\n", _ => "\n// own\n",
            };
            let mut pieces = group("{", vec![[vec!["\"k\"".to_owned(), ":".to_owned()], value].concat()], false, "}");
            for (kind, index) in gaps {
                let at = index.index(pieces.len() + 1);
                pieces.insert(at, gap(kind).to_owned());
            }
            checked(&pieces.concat());
        }
    }
}
