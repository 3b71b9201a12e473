//! What is done to the lists within a scenario (feeds, audits, faults, audiences, needs, expectations) and to its
//! world, as edits of the text: everything else that is written there stays as it is, and what names a part goes
//! with it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::designs::{
    GONE, What, can_be_called, mend, named, needed, pointer_to, quoted, sound, spliced,
    without_item, written,
};
use super::edit::{self, DESIGNS};
use super::like::LIKE;
use super::pointer;
use super::problem::{Problem, Problems, shorten};
use super::tree::{Node, Value};

/// A change of a list, which is named by its JSON pointer with indices in it, or of the world. Places count from 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// One more item at the end. A name that is taken gets a number.
    Add {
        /// The list.
        list: String,
        /// The item.
        item: Json,
    },
    /// An item goes, with what cannot be meant without it.
    Remove {
        /// The list.
        list: String,
        /// Its place.
        at: usize,
    },
    /// Another name, wherever it is named.
    Rename {
        /// The list.
        list: String,
        /// Its place.
        at: usize,
        /// The name.
        name: String,
    },
    /// Another world, without what cannot be meant in it.
    World(Json),
}

impl Change {
    /// Where it is made, and where it is said that it cannot be: a JSON pointer.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Add { list, .. } => list.clone(),
            Self::Remove { list, at } => format!("{list}/{at}"),
            Self::Rename { list, at, .. } => format!("{list}/{at}/name"),
            Self::World(_) => "/world".to_owned(),
        }
    }
}

/// A text after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The text.
    pub text: String,
    /// Where what was added or renamed is now: a JSON pointer; the list that something was removed from.
    pub at: String,
    /// What had to go, in words.
    pub with: Vec<String>,
}

/// The text after a change of a part.
///
/// # Errors
/// Why it cannot be made, as the first problem; the text stays as it is.
pub fn change(text: &str, change: &Change) -> Result<Changed, Problems> {
    match change {
        Change::Add { list, item } => add(text, list, item.clone()),
        Change::Remove { list, at } => remove(text, list, *at),
        Change::Rename { list, at, name } => rename(text, list, *at, name),
        Change::World(world) => {
            let mut with = Vec::new();
            let text = edit::set(text, "/world", &world.to_string())?;
            Ok(Changed {
                text: mend(text, &mut with)?,
                at: "/world".to_owned(),
                with,
            })
        }
    }
}

/// The world of a text, as it is written.
///
/// # Errors
/// When the text cannot be read.
pub fn world_of(text: &str) -> Result<Json, Problems> {
    let (_, merged) = edit::trees(text)?;
    Ok(merged.child("world").map(edit::json).unwrap_or_default())
}

fn add(text: &str, list: &str, mut item: Json) -> Result<Changed, Problems> {
    let place = List::of(text, list)?;
    if let Some(name) = item.get("name").and_then(Json::as_str) {
        let taken = |name: &str| place.names.iter().flatten().any(|other| other == name);
        let numbered = (2..).map(|number| format!("{name} {number}"));
        let mut all = std::iter::once(name.to_owned()).chain(numbered);
        let free = all.find(|name| !taken(name)).unwrap_or_default();
        item["name"] = Json::from(free);
    }
    let at = place.names.len();
    // What a talk adds by itself comes after it.
    let now = place.counted(text, |old| Some(old + usize::from(old >= at)));
    Ok(Changed {
        text: sound(edit::set(&now, &format!("{list}/-"), &item.to_string())?)?,
        at: format!("{list}/{at}"),
        with: Vec::new(),
    })
}

fn remove(text: &str, list: &str, at: usize) -> Result<Changed, Problems> {
    let place = List::of(text, list)?;
    let name = place.name(at)?;
    let now = place.counted(text, |old| (old != at).then(|| old - usize::from(old > at)));
    let now = match &place.inherited {
        None => without_item(&now, list.trim_start_matches('/'), &at.to_string())?,
        // What is inherited is overridden as a whole.
        Some(items) => {
            let left = items.iter().enumerate().filter(|(index, _)| *index != at);
            let left: Vec<&Json> = left.map(|(_, item)| item).collect();
            edit::set(
                &now,
                list,
                &serde_json::to_string(&left).unwrap_or_default(),
            )?
        }
    };
    let mut with = Vec::new();
    let text = mend(now, &mut with).map_err(|problems| needed(&name, problems))?;
    Ok(Changed {
        text,
        at: list.to_owned(),
        with,
    })
}

fn rename(text: &str, list: &str, at: usize, name: &str) -> Result<Changed, Problems> {
    let place = List::of(text, list)?;
    let old = place.name(at)?;
    let name = name.trim();
    let field = format!("{list}/{at}/name");
    let kind = place.kind();
    can_be_called(name, at, &place.names, kind.noun(), &field)?;
    let mut edits = Vec::new();
    for found in named(&place.own) {
        let word = match found.what {
            What::Pointer(mut steps) => place.item(&steps).and_then(|at| {
                let is_it = steps[at] == old;
                name.clone_into(&mut steps[at]);
                is_it.then(|| written(&steps))
            }),
            What::Feed { of, name: feed } if kind == Kind::Feed && feed == old => {
                if of.is_none() && place.has_namesakes(&old) {
                    return Err(Problem::new(
                        &field,
                        format!(
                            "a fault strikes the feeds {:?} of all designs",
                            shorten(&old)
                        ),
                    )
                    .expected("a fault that names its design, before one of the feeds is renamed")
                    .into());
                }
                place.has(of.as_deref()).then(|| name.to_owned())
            }
            What::Audience(audience) if kind == Kind::Audience && audience == old => {
                Some(name.to_owned())
            }
            What::Metric { of, path } => {
                let rest = kind.path().and_then(|of| path.strip_prefix(of));
                let rest = rest.and_then(|rest| rest.strip_prefix(&*old));
                // What others have by that name, too, is still theirs.
                let is_its = match of {
                    _ if kind == Kind::Audience => true,
                    Some(of) => place.has(Some(&of)),
                    None => !place.has_namesakes(&old),
                };
                rest.filter(|rest| rest.starts_with('/') && is_its)
                    .map(|rest| format!("{}{name}{rest}", kind.path().unwrap_or_default()))
            }
            _ => None,
        };
        edits.extend(word.map(|word| (found.span, quoted(&word))));
    }
    let text = spliced(text, edits);
    Ok(Changed {
        text: sound(edit::set(&text, &field, &quoted(name))?)?,
        at: format!("{list}/{at}"),
        with: Vec::new(),
    })
}

/// What a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Feed,
    Audit,
    Audience,
    Other,
}

impl Kind {
    fn noun(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Audit => "audit",
            Self::Audience => "audience",
            Self::Other => "part",
        }
    }

    /// How the path of a metric begins that names one.
    fn path(self) -> Option<&'static str> {
        match self {
            Self::Feed => Some("feeds/"),
            Self::Audit => Some("audits/"),
            Self::Audience => Some("audiences/"),
            Self::Other => None,
        }
    }
}

/// A list of a text.
struct List {
    /// The scenario as written.
    own: Node,
    /// The steps to it.
    steps: Vec<String>,
    /// What its items are called.
    names: Vec<Option<String>>,
    /// Its items, where it is not written in its design, but in the one that this is like.
    inherited: Option<Vec<Json>>,
    /// The design that has it, by place, and those that are like it and say nothing of it.
    owners: BTreeSet<usize>,
}

impl List {
    fn of(text: &str, list: &str) -> Result<Self, Problems> {
        let (own, merged) = edit::trees(text)?;
        let steps = pointer::steps(list).unwrap_or_default();
        let at = |root: &Node| {
            steps
                .iter()
                .try_fold(root.clone(), |node, step| node.child(step).cloned())
        };
        let items = match at(&merged).map(|node| node.value) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        let name = |item: &Node| item.object()?.text("name").map(str::to_owned);
        let names = items.iter().map(name).collect();
        let inherited = at(&own)
            .is_none()
            .then(|| items.iter().map(edit::json).collect());
        let mut owners = BTreeSet::new();
        if let [first, design, key, ..] = &steps[..]
            && first == DESIGNS
        {
            owners.extend(design.parse::<usize>());
            let all = designs(&own);
            // As long as there is one more.
            while let Some(heir) = (0..all.len()).find(|heir| {
                let says_nothing = all[*heir].child(key).is_none();
                let base = all[*heir].object().and_then(|of| of.text(LIKE));
                let base = base
                    .and_then(|base| all.iter().position(|of| name(of).as_deref() == Some(base)));
                !owners.contains(heir)
                    && says_nothing
                    && base.is_some_and(|base| owners.contains(&base))
            }) {
                owners.insert(heir);
            }
        }
        Ok(Self {
            own,
            steps,
            names,
            inherited,
            owners,
        })
    }

    fn kind(&self) -> Kind {
        let steps: Vec<&str> = self.steps.iter().map(String::as_str).collect();
        match steps[..] {
            [DESIGNS, _, "feeds"] => Kind::Feed,
            [DESIGNS, _, "audits"] => Kind::Audit,
            ["audiences"] => Kind::Audience,
            _ => Kind::Other,
        }
    }

    /// What an item is called.
    fn name(&self, at: usize) -> Result<String, Problems> {
        let name = self.names.get(at).ok_or_else(|| {
            let steps: Vec<&str> = self.steps.iter().map(String::as_str).collect();
            Problem::new(pointer_to(&steps), format!("there is no item {at}"))
        })?;
        Ok(name.clone().unwrap_or_else(|| "it".to_owned()))
    }

    /// Whether a design has this list; one that is not named is any.
    fn has(&self, design: Option<&str>) -> bool {
        let all = designs(&self.own);
        let of = |index: &usize| all.get(*index)?.object()?.text("name");
        design.is_none_or(|name| self.owners.iter().any(|index| of(index) == Some(name)))
    }

    /// Whether other designs have an item of this name in a list of their own.
    fn has_namesakes(&self, name: &str) -> bool {
        let Some(key) = self.steps.get(2) else {
            return false;
        };
        let is_so = |item: &Node| item.object().and_then(|of| of.text("name")) == Some(name);
        designs(&self.own)
            .iter()
            .enumerate()
            .any(|(index, design)| {
                let list = design.child(key).map(|list| &list.value);
                let has = matches!(list, Some(Value::Array(items)) if items.iter().any(is_so));
                has && !self.owners.contains(&index)
            })
    }

    /// Where in steps an item of this list is named, if they lead to one or into one.
    fn item(&self, steps: &[String]) -> Option<usize> {
        let at = self.steps.len();
        let (list, _) = steps
            .split_at_checked(at)
            .filter(|(_, rest)| !rest.is_empty())?;
        let leads = self
            .steps
            .iter()
            .zip(list)
            .enumerate()
            .all(|(place, (own, step))| {
                let is_item = place == 1 && self.steps.len() > 2;
                if !is_item {
                    return own == step;
                }
                let all = self.own.child(&self.steps[0]).map(|all| &all.value);
                let Some(Value::Array(all)) = all else {
                    return false;
                };
                let named = all
                    .iter()
                    .position(|item| item.object().and_then(|of| of.text("name")) == Some(step));
                let named = named.or_else(|| step.parse().ok());
                named.is_some_and(|named| named.to_string() == *own || self.owners.contains(&named))
            });
        leads.then_some(at)
    }

    /// The text with items of this list that are named by their index named by their new one. Without a new one,
    /// by something that is not there: what needs it is then found by reading it.
    fn counted(&self, text: &str, now_at: impl Fn(usize) -> Option<usize>) -> String {
        let mut edits = Vec::new();
        for found in named(&self.own) {
            let What::Pointer(mut steps) = found.what else {
                continue;
            };
            let Some(at) = self.item(&steps) else {
                continue;
            };
            let is_name = self.names.iter().flatten().any(|name| *name == steps[at]);
            let Some(old) = steps[at].parse().ok().filter(|_| !is_name) else {
                continue;
            };
            let now = now_at(old).map_or_else(|| GONE.to_owned(), |now| now.to_string());
            if now != steps[at] {
                steps[at] = now;
                edits.push((found.span, quoted(&written(&steps))));
            }
        }
        spliced(text, edits)
    }
}

fn designs(own: &Node) -> &[Node] {
    match own.child(DESIGNS).map(|all| &all.value) {
        Some(Value::Array(designs)) => designs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests;
