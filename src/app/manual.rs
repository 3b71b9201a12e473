//! The text about the model and its limits, as parts that can be shown: `docs/model.md`, which has its own readers.
//! It uses little of Markdown: headings, paragraphs, lists, `code` and **strong**.

use serde_json::Value as Json;

use crate::scenario::provenance::{self, Basis};
use crate::scenario::schema;

/// The text.
const MODEL: &str = include_str!("../../docs/model.md");

/// A part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// A heading.
    Heading(&'a str),
    /// A paragraph.
    Paragraph(&'a str),
    /// An item of a list.
    Item(&'a str),
}

/// A piece of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain words.
    Plain(&'a str),
    /// Strong words.
    Strong(&'a str),
    /// Something as it is typed.
    Code(&'a str),
}

/// What the model is and is not, without the title and what is said to readers of the file.
pub fn model() -> impl Iterator<Item = Part<'static>> {
    parts(MODEL).skip_while(|part| !matches!(part, Part::Heading(_)))
}

/// One line is one part.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let lines = text.lines().filter(|line| !line.is_empty());
    lines.map(|line| match line.split_once(' ') {
        Some(("##", rest)) => Part::Heading(rest),
        Some(("-", rest)) => Part::Item(rest),
        _ => Part::Paragraph(line),
    })
}

/// The pieces of a part.
#[must_use]
pub fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let strong = rest.find("**").map(|at| (at, "**"));
        let code = rest.find('`').map(|at| (at, "`"));
        let next = strong.into_iter().chain(code).min();
        let found = next.and_then(|(at, mark)| {
            let (before, from) = rest.split_at(at);
            let (inside, after) = from.strip_prefix(mark)?.split_once(mark)?;
            Some((before, mark, inside, after))
        });
        let Some((before, mark, inside, after)) = found else {
            pieces.push(Piece::Plain(rest));
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Plain(before));
        }
        pieces.push(match mark {
            "`" => Piece::Code(inside),
            _ => Piece::Strong(inside),
        });
        rest = after;
    }
    pieces
}

/// What holds unless a scenario says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Default {
    /// The part of a scenario that it belongs to, as the schema calls it, in words.
    pub of: String,
    /// Its key there.
    pub key: String,
    /// What it sets, in a sentence.
    pub what: String,
    /// The value, as it would be written.
    pub value: String,
    /// Where it comes from.
    pub from: String,
}

/// All defaults that are numbers, durations or words, as the schema has them: of costs first, then part by part.
#[must_use]
pub fn defaults() -> Vec<Default> {
    let schema = schema::schema();
    let parts = schema["$defs"].as_object().into_iter().flatten();
    let mut all = Vec::new();
    for (of, part) in parts {
        for (key, property) in part["properties"].as_object().into_iter().flatten() {
            let value = property.get("default").and_then(written);
            let what = property["description"].as_str();
            let from = provenance::listed(of, key).map(Basis::said);
            if let (Some(value), Some(what), Some(from)) = (value, what, from) {
                // What follows a first sentence is for those who write scenarios.
                let what = what.split_once(". ").map_or(what, |(first, _)| first);
                let what = what.lines().take_while(|line| !line.is_empty());
                all.push(Default {
                    of: plain(of),
                    key: key.clone(),
                    what: what
                        .collect::<Vec<_>>()
                        .join(" ")
                        .trim_end_matches('.')
                        .to_owned(),
                    value,
                    from,
                });
            }
        }
    }
    all.sort_by_key(|default| default.of != "Prices");
    all
}

/// The name of a type as words: without the numbers that tell two of one name apart.
fn plain(name: &str) -> String {
    let mut words = String::new();
    for c in name.trim_end_matches(|c: char| c.is_ascii_digit()).chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(c.to_lowercase());
        } else {
            words.push(c);
        }
    }
    words
}

/// A value as it is read: without marks where there can be no mistake. Nothing, lists and switches that are off are
/// no news.
fn written(value: &Json) -> Option<String> {
    match value {
        Json::Null | Json::Array(_) | Json::Bool(false) => None,
        Json::String(text) => Some(text.clone()),
        // What has more members is a part of its own, or made of them.
        Json::Object(members) if members.len() == 1 => {
            let (key, value) = members.iter().next()?;
            let (key, value) = (key.replace('_', " "), written(value)?);
            Some(match key.strip_prefix("usd ") {
                Some(of) => format!("{value} USD {of}"),
                None => format!("{key} {value}"),
            })
        }
        Json::Object(_) => None,
        // A sixth is 0.1667 to a reader.
        Json::Number(number) => {
            let short: f64 = format!("{:.4}", number.as_f64()?).parse().ok()?;
            Some(short.to_string())
        }
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::caveats;
    use crate::scenario::presets::PRESETS;

    #[test]
    fn the_limits_are_those_of_every_record() {
        let preset = PRESETS.first().expect("there are presets");
        let scenario = preset.read().expect("a preset reads").scenario;
        let mut parts = model();
        parts.find(|part| *part == Part::Heading("What the numbers do not say"));
        let said: Vec<&str> = parts
            .map_while(|part| match part {
                Part::Item(item) => Some(item),
                _ => None,
            })
            .collect();
        assert_eq!(said, caveats::of(&scenario));
    }

    #[test]
    fn all_of_the_text_can_be_shown() {
        assert!(model().count() > 10);
        for part in model() {
            let (Part::Heading(line) | Part::Paragraph(line) | Part::Item(line)) = part;
            for piece in pieces(line) {
                let (Piece::Plain(text) | Piece::Strong(text) | Piece::Code(text)) = piece;
                let odd = ["**", "`", "](", "_ ", "#", "|", "<"];
                assert!(!odd.iter().any(|mark| text.contains(mark)), "{text}");
            }
        }
    }

    #[test]
    fn defaults_are_those_of_the_schema() {
        let all = defaults();
        let of = |key: &str| all.iter().find(|default| default.key == key);
        let ask = of("live_ask").expect("has a default");
        assert_eq!((&*ask.of, &*ask.value), ("Prices", "20 USD per million"));
        assert_eq!(of("replicates").map(|default| &*default.value), Some("8"));
        assert!(ask.from.starts_with("assumed: "), "{}", ask.from);
        assert!(all.iter().all(|default| !default.what.is_empty()));
        assert!(all.iter().any(|default| default.of == "Rate plans"));
        assert!(all.len() > 60, "{}", all.len());
    }

    #[test]
    fn a_line_is_taken_apart() {
        assert_eq!(
            pieces("A **b c** and `d`."),
            [
                Piece::Plain("A "),
                Piece::Strong("b c"),
                Piece::Plain(" and "),
                Piece::Code("d"),
                Piece::Plain(".")
            ]
        );
        assert_eq!(pieces("`a` **b"), [Piece::Code("a"), Piece::Plain(" **b")]);
    }
}
