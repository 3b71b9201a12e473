//! What is done to the list of designs, as edits of the scenario's text: everything else that is written there
//! stays as it is, and what names a design goes with it.

use jsonc_parser::cst::{CstInputValue, CstNode};
use serde_json::{Value as Json, json};

use super::edit::{self, DESIGNS};
use super::like::LIKE;
use super::pointer;
use super::problem::{Problem, Problems, Span, shorten};
use super::quantity::{format_duration, parse_duration};
use super::text;
use super::tree::{Node, Value};

/// The most designs that are told apart side by side. A file may compare more.
pub const MOST_DESIGNS: usize = 8;
/// The longest name that is given on the board, in characters.
pub const LONGEST_NAME: usize = 60;

const FAULTS: &str = "faults";

/// A change of the list of designs. Places count from 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A new design at the end, which polls every stay: all worlds can be polled.
    Blank,
    /// A design of another scenario at the end, with everything that it inherits there.
    Take {
        /// The other scenario's text.
        from: &'static str,
        /// Its place there.
        design: usize,
    },
    /// The same design once more, right after it, with the faults that name it.
    Duplicate(usize),
    /// Another name, wherever it is named.
    Rename(usize, String),
    /// To another place. The first design is the baseline.
    Move {
        /// Where it is.
        design: usize,
        /// Where it goes.
        to: usize,
    },
    /// Out of the comparison, with what cannot be meant without it.
    Remove(usize),
}

/// A text after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The text.
    pub text: String,
    /// Where the design is now; of a removed one, where the next is.
    pub at: usize,
    /// What had to go with a removed design, in words.
    pub with: Vec<String>,
}

/// The text after a change of its designs.
///
/// # Errors
/// Why it cannot be made, as the first problem; the text stays as it is.
pub fn change(text: &str, change: &Change) -> Result<Changed, Problems> {
    match change {
        Change::Blank => add(text, blank()),
        Change::Take { from, design } => add(text, taken(from, *design)?),
        Change::Duplicate(design) => duplicate(text, *design),
        Change::Rename(design, name) => rename(text, *design, name),
        Change::Move { design, to } => place(text, *design, *to),
        Change::Remove(design) => remove(text, *design),
    }
}

/// The smallest design that keeps a copy in any world.
fn blank() -> Json {
    json!({
        "name": "new design",
        "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "6h" } } }],
    })
}

fn add(text: &str, mut design: Json) -> Result<Changed, Problems> {
    let list = List::of(text)?;
    let at = list.names.len();
    list.has_room()?;
    let name = design["name"].as_str().unwrap_or("new design");
    design["name"] = Json::from(list.free(name));
    let added = list.appended(text, DESIGNS, &[design])?;
    Ok(Changed {
        text: sound(added)?,
        at,
        with: Vec::new(),
    })
}

/// A design of another scenario, as it stands by itself.
fn taken(from: &str, design: usize) -> Result<Json, Problems> {
    let (_, merged) = edit::trees(from)?;
    let found = merged.child(DESIGNS).and_then(|all| item(all, design));
    Ok(edit::json(found.ok_or_else(|| nowhere(design))?))
}

fn duplicate(text: &str, design: usize) -> Result<Changed, Problems> {
    let list = List::of(text)?;
    let name = list.name(design)?.to_owned();
    list.has_room()?;
    let copy = list.free(&format!("{name} copy"));
    let struck = list.struck_alone(&name);
    // What is counted from the front is counted anew.
    let now = list.counted(text, DESIGNS, |old| Some(old + usize::from(old > design)))?;
    let before = |old: usize| struck.iter().filter(|&&fault| fault < old).count();
    let now = List::of(&now)?.counted(&now, FAULTS, |old| Some(old + before(old)))?;
    let list = List::of(&now)?;
    let named = |node: &Node, key: &str| span_of(node.child(key)?);
    let mut now = now.clone();
    // From the end, so that what comes before stays where it is.
    for &fault in struck.iter().rev() {
        let node = list.item(FAULTS, fault).and_then(|node| {
            let of = node.object()?.members.values().next()?;
            Some((node, named(&of.node, "design")?))
        });
        if let Some((node, span)) = node {
            let raw = replaced_in(&list.text, node, &[(span, quoted(&copy))]);
            now = inserted(&now, FAULTS, fault + 1, &raw)?;
        }
    }
    let node = list.item(DESIGNS, design).ok_or_else(|| nowhere(design))?;
    let span = named(node, "name").ok_or_else(|| nowhere(design))?;
    let raw = replaced_in(&list.text, node, &[(span, quoted(&copy))]);
    now = inserted(&now, DESIGNS, design + 1, &raw)?;
    Ok(Changed {
        text: sound(now)?,
        at: design + 1,
        with: Vec::new(),
    })
}

fn rename(text: &str, design: usize, name: &str) -> Result<Changed, Problems> {
    let list = List::of(text)?;
    let old = list.name(design)?.to_owned();
    let name = name.trim();
    let at = format!("/designs/{design}/name");
    can_be_called(name, design, &list.names, "design", &at)?;
    let mut edits = Vec::new();
    if let Some(span) = list
        .item(DESIGNS, design)
        .and_then(|node| span_of(node.child("name")?))
    {
        edits.push((span, quoted(name)));
    }
    for Named { span, what } in named(&list.own) {
        match what {
            What::Name(named) if named == old => edits.push((span, quoted(name))),
            What::Pointer(mut steps) if is_in(&steps, DESIGNS) && steps[1] == old => {
                name.clone_into(&mut steps[1]);
                edits.push((span, quoted(&written(&steps))));
            }
            _ => {}
        }
    }
    Ok(Changed {
        text: sound(spliced(text, edits))?,
        at: design,
        with: Vec::new(),
    })
}

/// Whether the item at this place of a list can have this name.
///
/// # Errors
/// Why not.
pub(super) fn can_be_called(
    name: &str,
    place: usize,
    names: &[Option<String>],
    what: &str,
    at: &str,
) -> Result<(), Problems> {
    let refused = |message: String, expected: String| {
        Err(Problem::new(at, message).expected(expected).into())
    };
    if name.is_empty() {
        return refused(
            "the name is empty".to_owned(),
            format!("a few words that tell the {what} from the others"),
        );
    }
    if name.chars().count() > LONGEST_NAME {
        return refused(
            format!("the name has more than {LONGEST_NAME} characters"),
            "a shorter one".to_owned(),
        );
    }
    if name == "-" || name.chars().all(|one| one.is_ascii_digit()) {
        return refused(
            format!("{name:?} could be taken for a place in the list"),
            "a name with a letter in it".to_owned(),
        );
    }
    let mut others = names.iter().enumerate();
    if others.any(|(other, taken)| other != place && taken.as_deref() == Some(name)) {
        return refused(
            format!("another {what} is called {name:?}"),
            format!("a name of its own for each {what}"),
        );
    }
    Ok(())
}

fn place(text: &str, design: usize, to: usize) -> Result<Changed, Problems> {
    let list = List::of(text)?;
    list.name(design)?;
    let to = to.min(list.names.len() - 1);
    let mut order: Vec<usize> = (0..list.names.len()).collect();
    let moved = order.remove(design);
    order.insert(to, moved);
    let now_at = |old: usize| {
        let known = order.iter().position(|&place| place == old);
        known.or_else(|| (old >= order.len()).then_some(old))
    };
    let now = list.counted(text, DESIGNS, now_at)?;
    let now = edit::changed(&now, |root| {
        let array = root.object_value()?.array_value(DESIGNS)?;
        let places = array.elements();
        array
            .sort_elements()
            .pin_comment_headers()
            .by_key(|element| {
                let old = places.iter().position(|other| same(other, element));
                old.and_then(now_at)
            });
        Some(())
    })?;
    Ok(Changed {
        text: sound(now)?,
        at: to,
        with: Vec::new(),
    })
}

fn remove(text: &str, design: usize) -> Result<Changed, Problems> {
    let list = List::of(text)?;
    let name = list.name(design)?.to_owned();
    if list.names.len() == 1 {
        return Err(
            Problem::new(format!("/designs/{design}"), "it is the only design")
                .expected("at least one")
                .suggest("add another one first")
                .into(),
        );
    }
    let mut now = text.to_owned();
    // Who is like it gets what it inherits.
    for heir in 0..list.names.len() {
        let like = list
            .item(DESIGNS, heir)
            .and_then(|node| node.object()?.text(LIKE));
        if like == Some(&name) {
            now = edit::on_its_own(&now, heir)?;
        }
    }
    now = without(&now, DESIGNS, design)?;
    let mut with = Vec::new();
    let text = mend(now, &mut with).map_err(|problems| needed(&name, problems))?;
    Ok(Changed {
        text,
        at: design.min(list.names.len() - 2),
        with,
    })
}

/// Takes out what the scenario cannot mean any more, as far as it can be done without; what that was, in words.
///
/// # Errors
/// What is wrong that cannot be mended so.
pub(super) fn mend(mut now: String, with: &mut Vec<String>) -> Result<String, Problems> {
    // Each round takes out one thing.
    for _ in 0..MOST_MENDED {
        let Err(problems) = text::parse(&now) else {
            return Ok(now);
        };
        let Some((mended, gone)) = mended(&now, &problems)? else {
            return Err(problems);
        };
        now = mended;
        if !with.contains(&gone) {
            with.push(gone);
        }
    }
    sound(now)
}

/// More things than a scenario has that name a design.
const MOST_MENDED: usize = 500;

pub(super) fn needed(name: &str, problems: Problems) -> Problems {
    let first = problems.iter().next().cloned();
    let said = first.as_ref().map(Problem::said).unwrap_or_default();
    let path = first.map(|problem| problem.path).unwrap_or_default();
    let what = format!("{:?} is needed: without it, {said}", shorten(name));
    let at = format!("change {path} in the text first");
    Problem::new(path, what).suggest(at).into()
}

/// Takes out what the first of the problems is about, if it can be done without: the text then, and what is gone.
fn mended(text: &str, problems: &Problems) -> Result<Option<(String, String)>, Problems> {
    let (own, _) = edit::trees(text)?;
    for problem in problems.iter() {
        let steps = pointer::steps(&problem.path).unwrap_or_default();
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let step_of = |index: &str| {
            let title = own
                .child("story")
                .and_then(|all| item(all, index.parse().ok()?));
            let title = title
                .and_then(|step| step.object()?.text("title"))
                .unwrap_or_default();
            let number = index.parse::<usize>().map_or(0, |index| index + 1);
            format!("step {number} of the talk, “{title}”")
        };
        let found = match steps[..] {
            [FAULTS, index, ..] => {
                let index: usize = index.parse().unwrap_or_default();
                let said = own.child(FAULTS).and_then(|all| fault(item(all, index)?));
                Some((
                    without(text, FAULTS, index)?,
                    said.unwrap_or_else(|| "a fault".to_owned()),
                ))
            }
            ["expect", index, ..] => {
                let of = own
                    .child("expect")
                    .and_then(|all| item(all, index.parse().ok()?));
                let metric = of
                    .and_then(|of| of.object()?.text("metric"))
                    .unwrap_or("a metric");
                let said = format!("what is expected of {metric}");
                Some((without_item(text, "expect", index)?, said))
            }
            ["audiences", audience, "needs", index, ..] => {
                let all = own.child("audiences");
                let of = all.and_then(|all| item(all, audience.parse().ok()?));
                let who = of
                    .and_then(|of| of.object()?.text("name"))
                    .unwrap_or("an audience");
                let at = pointer_to(&["audiences", audience, "needs"]);
                let said = format!("a need of “{who}”");
                Some((without_item(text, &at[1..], index)?, said))
            }
            ["assumptions", index, ..] => {
                let said = "how far off an assumption about it may be".to_owned();
                Some((without_item(text, "assumptions", index)?, said))
            }
            ["sweep", ..] => Some((
                edit::set(text, "/sweep", "null")?,
                "the sweep over it".to_owned(),
            )),
            ["story", index, "set", key] => {
                let at = pointer_to(&["story", index, "set"]);
                let said = format!("a change in {}", step_of(index));
                Some((without_key(text, &at, key)?, said))
            }
            ["story", index, "design"] => {
                let said = format!("the mark on it in {} (its words stay)", step_of(index));
                Some((
                    without_key(text, &pointer_to(&["story", index]), "design")?,
                    said,
                ))
            }
            ["story", index, "metrics", metric] => {
                let said = format!("a number in {}", step_of(index));
                let all = own
                    .child("story")
                    .and_then(|all| item(all, index.parse().ok()?));
                let only = all.and_then(|step| match &step.child("metrics")?.value {
                    Value::Array(items) => Some(items.len() == 1),
                    _ => None,
                });
                let at = pointer_to(&["story", index]);
                let now = if only == Some(true) {
                    without_key(text, &at, "metrics")?
                } else {
                    without_item(text, &pointer_to(&["story", index, "metrics"])[1..], metric)?
                };
                Some((now, said))
            }
            _ => None,
        };
        // What changed nothing mended nothing.
        if let Some((now, said)) = found.filter(|(now, _)| now != text) {
            return Ok(Some((now, said)));
        }
    }
    Ok(None)
}

/// A fault in words.
fn fault(node: &Node) -> Option<String> {
    let (kind, member) = node.object()?.members.first()?;
    let at = member
        .node
        .object()?
        .text("at")
        .and_then(|at| parse_duration(at).ok());
    let at = at
        .map(|at| format!(" at {}", format_duration(at)))
        .unwrap_or_default();
    Some(format!("the fault “{}”{at}", kind.replace('_', " ")))
}

pub(super) fn pointer_to(steps: &[&str]) -> String {
    steps
        .iter()
        .fold(String::new(), |pointer, step| pointer::join(&pointer, step))
}

/// The designs of a text, and where things stand in it.
struct List {
    text: String,
    own: Node,
    names: Vec<Option<String>>,
}

impl List {
    fn of(text: &str) -> Result<Self, Problems> {
        let (own, _) = edit::trees(text)?;
        let names = match own.child(DESIGNS).map(|designs| &designs.value) {
            Some(Value::Array(items)) => items
                .iter()
                .map(|design| design.object()?.text("name").map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        Ok(Self {
            text: text.to_owned(),
            own,
            names,
        })
    }

    fn name(&self, design: usize) -> Result<&str, Problems> {
        let name = self.names.get(design).and_then(Option::as_deref);
        name.ok_or_else(|| nowhere(design).into())
    }

    fn item(&self, array: &str, index: usize) -> Option<&Node> {
        self.own.child(array).and_then(|all| item(all, index))
    }

    fn has_room(&self) -> Result<(), Problems> {
        if self.names.len() < MOST_DESIGNS {
            return Ok(());
        }
        Err(Problem::new(
            "/designs",
            format!("there are {} designs", self.names.len()),
        )
        .expected(format!(
            "at most {MOST_DESIGNS} side by side: remove one first"
        ))
        .into())
    }

    /// A name that nobody has: this one, or it with a number.
    fn free(&self, name: &str) -> String {
        let taken = |name: &str| {
            let own = self.names.iter().flatten().any(|other| other == name);
            own || super::BOUNDS.contains(&name)
        };
        let numbered = (2..).map(|number| format!("{name} {number}"));
        let mut all = std::iter::once(name.to_owned()).chain(numbered);
        all.find(|name| !taken(name)).unwrap_or_default()
    }

    /// Faults that strike this design and no other.
    fn struck_alone(&self, name: &str) -> Vec<usize> {
        let Some(Value::Array(faults)) = self.own.child(FAULTS).map(|faults| &faults.value) else {
            return Vec::new();
        };
        let names = |fault: &Node| {
            let of = fault.object()?.members.values().next()?;
            Some(of.node.object()?.text("design")? == name)
        };
        let all = faults.iter().enumerate();
        all.filter(|(_, fault)| names(fault) == Some(true))
            .map(|(index, _)| index)
            .collect()
    }

    /// The text with the items of an array that are named by their index named by their new one. Without a new
    /// one, by something that is not there: what needs it is then found by reading it. Indices behind the end
    /// are those of what a talk adds.
    fn counted(
        &self,
        text: &str,
        array: &str,
        now_at: impl Fn(usize) -> Option<usize>,
    ) -> Result<String, Problems> {
        let mut edits = Vec::new();
        for Named { span, what } in named(&self.own) {
            let What::Pointer(mut steps) = what else {
                continue;
            };
            if !is_in(&steps, array) {
                continue;
            }
            let is_name =
                array == DESIGNS && self.names.iter().flatten().any(|name| *name == steps[1]);
            let Some(old) = steps[1].parse::<usize>().ok().filter(|_| !is_name) else {
                continue;
            };
            let now = now_at(old).map_or_else(|| GONE.to_owned(), |now| now.to_string());
            if now != steps[1] {
                steps[1] = now;
                edits.push((span, quoted(&written(&steps))));
            }
        }
        Ok(spliced(text, edits))
    }

    fn appended(&self, text: &str, array: &str, values: &[Json]) -> Result<String, Problems> {
        edit::changed(text, |root| {
            let array = root.object_value()?.array_value(array)?;
            for value in values {
                array.append(edit::input(value));
            }
            Some(())
        })
    }
}

/// Named where what is gone was counted.
pub(super) const GONE: &str = "(gone)";

fn nowhere(design: usize) -> Problem {
    Problem::new(format!("/designs/{design}"), "there is no such design")
}

pub(super) fn item(array: &Node, index: usize) -> Option<&Node> {
    match &array.value {
        Value::Array(items) => items.get(index),
        _ => None,
    }
}

fn span_of(node: &Node) -> Option<Span> {
    Some(node.span.clone())
}

/// A text that is a scenario.
pub(super) fn sound(text: String) -> Result<String, Problems> {
    text::parse(&text).map(|_| text)
}

/// Where a text names something that can be renamed or counted anew.
pub(super) struct Named {
    pub(super) span: Span,
    pub(super) what: What,
}

pub(super) enum What {
    /// A design, by its name.
    Name(String),
    /// Anything, by the steps to it.
    Pointer(Vec<String>),
    /// Feeds, by their name: of one design, or of all.
    Feed { of: Option<String>, name: String },
    /// An audience, by its name.
    Audience(String),
    /// A metric, which may name a feed or an audit: of one design, or of all.
    Metric { of: Option<String>, path: String },
}

/// Everything that a scenario names.
pub(super) fn named(own: &Node) -> Vec<Named> {
    let mut found = Vec::new();
    names_within(own, &mut Vec::new(), &mut found);
    found
}

/// `at`: the steps to the node; of what a talk or a sweep sets, to where it is set.
fn names_within(node: &Node, at: &mut Vec<String>, found: &mut Vec<Named>) {
    let steps: Vec<&str> = at.iter().map(String::as_str).collect();
    let mut push = |span: &Span, what: What| {
        found.push(Named {
            span: span.clone(),
            what,
        })
    };
    match (&node.value, &steps[..]) {
        (
            Value::Text(name),
            [DESIGNS, _, LIKE]
            | [FAULTS, _, _, "design"]
            | ["expect", _, "design" | "versus"]
            | ["story", _, "design"],
        ) => push(&node.span, What::Name(name.clone())),
        (Value::Text(to), ["sweep", "over"] | ["sweep" | "assumptions", _, "over"]) => {
            push(
                &node.span,
                What::Pointer(pointer::steps(to).unwrap_or_default()),
            );
        }
        (Value::Object(set), ["story", _, "set"]) => {
            for (to, member) in &set.members {
                let mut to = pointer::steps(to).unwrap_or_default();
                let span = member.key.clone();
                found.push(Named {
                    span,
                    what: What::Pointer(to.clone()),
                });
                names_within(&member.node, &mut to, found);
            }
        }
        (Value::Text(name), ["expect", _, "audience"]) => {
            push(&node.span, What::Audience(name.clone()));
        }
        (Value::Text(path), ["story", _, "metrics", _]) => push(
            &node.span,
            What::Metric {
                of: None,
                path: path.clone(),
            },
        ),
        (Value::Object(object), _) => {
            let of = object.text("design").map(str::to_owned);
            let text = |key: &str| match &object.members.get(key)?.node {
                Node {
                    value: Value::Text(text),
                    span,
                    ..
                } => Some((span, text.clone())),
                _ => None,
            };
            if let [FAULTS, _, _] = steps[..]
                && let Some((span, name)) = text("feed")
            {
                push(
                    span,
                    What::Feed {
                        of: of.clone(),
                        name,
                    },
                );
            }
            if let ["expect", _] | ["audiences", _, "needs", _] = steps[..]
                && let Some((span, path)) = text("metric")
            {
                push(span, What::Metric { of, path });
            }
            let varied = matches!(steps[..], ["sweep"] | ["sweep" | "assumptions", _]);
            let to = object
                .text("over")
                .filter(|_| varied)
                .and_then(pointer::steps);
            for (key, member) in &object.members {
                match (&to, key.as_str(), &member.node.value) {
                    (Some(to), "values", Value::Array(values)) => {
                        for value in values {
                            names_within(value, &mut to.clone(), found);
                        }
                    }
                    (Some(to), "low" | "high", _) => {
                        names_within(&member.node, &mut to.clone(), found)
                    }
                    _ => {
                        at.push(key.clone());
                        names_within(&member.node, at, found);
                        at.pop();
                    }
                }
            }
        }
        (Value::Array(items), _) => {
            for (index, item) in items.iter().enumerate() {
                at.push(index.to_string());
                names_within(item, at, found);
                at.pop();
            }
        }
        _ => {}
    }
}

/// Whether steps lead to or into an item of an array.
fn is_in(steps: &[String], array: &str) -> bool {
    steps.len() > 1 && steps[0] == array
}

pub(super) fn written(steps: &[String]) -> String {
    steps
        .iter()
        .fold(String::new(), |pointer, step| pointer::join(&pointer, step))
}

pub(super) fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

/// The text with other words at these places, which do not overlap.
pub(super) fn spliced(text: &str, mut edits: Vec<(Span, String)>) -> String {
    edits.sort_by_key(|(span, _)| span.start);
    let mut now = String::with_capacity(text.len());
    let mut from = 0;
    for (span, word) in edits {
        now.push_str(text.get(from..span.start).unwrap_or_default());
        now.push_str(&word);
        from = span.end;
    }
    now.push_str(text.get(from..).unwrap_or_default());
    now
}

/// What is written of a node, with other words at some places in it.
fn replaced_in(text: &str, node: &Node, edits: &[(Span, String)]) -> String {
    let Span { start, end } = node.span.clone();
    let within = edits
        .iter()
        .map(|(span, word)| (span.start - start..span.end - start, word.clone()));
    spliced(text.get(start..end).unwrap_or_default(), within.collect())
}

/// The text with an item more in an array, as it is written.
fn inserted(text: &str, array: &str, index: usize, raw: &str) -> Result<String, Problems> {
    let mut holder = "stayfresh: a copy".to_owned();
    while text.contains(&holder) {
        holder.push('.');
    }
    let now = edit::changed(text, |root| {
        let array = root.object_value()?.array_value(array)?;
        array.insert(index, CstInputValue::String(holder.clone()));
        Some(())
    })?;
    Ok(now.replacen(&quoted(&holder), raw, 1))
}

/// The text without an item of an array that others are counted in.
fn without(text: &str, array: &str, index: usize) -> Result<String, Problems> {
    let list = List::of(text)?;
    let now_at = |old: usize| (old != index).then(|| old - usize::from(old > index));
    let now = list.counted(text, array, now_at)?;
    without_item(&now, array, &index.to_string())
}

/// The text without an item of the array at these steps, and without the comments about it.
pub(super) fn without_item(text: &str, array: &str, index: &str) -> Result<String, Problems> {
    edit::changed(text, |root| {
        let mut here: CstNode = root.value()?;
        for step in array.split('/') {
            here = match (here.as_object(), here.as_array()) {
                (Some(object), _) => object.get(step)?.value()?,
                (_, Some(array)) => array.elements().get(step.parse::<usize>().ok()?)?.clone(),
                _ => return None,
            };
        }
        let array = here.as_array()?;
        let element = array.elements().get(index.parse::<usize>().ok()?)?.clone();
        about(&element).into_iter().for_each(CstNode::remove);
        element.remove();
        Some(())
    })
}

/// The text without a key of the object at these steps. Where it is the only one, without the object.
fn without_key(text: &str, at: &str, key: &str) -> Result<String, Problems> {
    edit::changed(text, |root| {
        let mut here: CstNode = root.value()?;
        let mut holder = None;
        for step in pointer::steps(at)? {
            here = match (here.as_object(), here.as_array()) {
                (Some(object), _) => {
                    let property = object.get(&step)?;
                    holder = Some(property.clone());
                    property.value()?
                }
                (_, Some(array)) => array.elements().get(step.parse::<usize>().ok()?)?.clone(),
                _ => return None,
            };
        }
        let object = here.as_object()?;
        // Keys are compared as they are read: pointers may be written with escapes.
        let property = object.properties().into_iter();
        let mut property = property.filter(|property| {
            let name = property.decoded_name().unwrap_or_default();
            name == key
                || pointer::steps(&name).is_some_and(|steps| Some(steps) == pointer::steps(key))
        });
        let property = property.next()?;
        match holder.filter(|_| object.properties().len() == 1) {
            Some(holder) => holder.remove(),
            None => property.remove(),
        }
        Some(())
    })
}

/// The comments about an element: those right above it, on lines of their own, and behind it on its line.
fn about(element: &CstNode) -> Vec<CstNode> {
    let mut above = Vec::new();
    let mut on_this_line = Vec::new();
    let mut breaks = 0;
    for node in element.previous_siblings() {
        if node.is_newline() {
            breaks += 1;
            above.append(&mut on_this_line);
            if breaks > 1 {
                break;
            }
        } else if node.is_comment() {
            breaks = 0;
            on_this_line.push(node);
        } else if !node.is_whitespace() {
            break;
        }
    }
    let behind = element.next_siblings();
    let behind =
        behind.take_while(|node| !node.is_newline() && (node.is_trivia() || node.is_comma()));
    above.extend(behind.filter(CstNode::is_comment));
    above
}

/// Whether two nodes are one.
fn same(one: &CstNode, other: &CstNode) -> bool {
    one.child_index() == other.child_index()
}

#[cfg(test)]
mod tests;
