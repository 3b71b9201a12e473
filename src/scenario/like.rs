//! `{"name": …, "like": "other design", …}`: the other's value, merged with what is given (RFC 7396: objects
//! are merged, `null` takes out, everything else, arrays too, replaces).

use super::pointer;
use super::problem::{Problem, Span, nearest, shorten};
use super::tree::{Member, Node, Object, Value};

pub(super) const LIKE: &str = "like";
/// The most values that `like` may make of a scenario.
const MOST_VALUES: usize = 1 << 20;

/// Replaces every design that has a `like` by what it stands for.
pub(super) fn resolve(text: &str, root: &mut Node, problems: &mut Vec<Problem>) {
    let Some(Value::Array(designs)) = root.child_mut("designs").map(|node| &mut node.value) else {
        return;
    };
    let names: Vec<Option<String>> = designs
        .iter()
        .map(|design| design.object()?.text("name").map(str::to_owned))
        .collect();
    let mut parents: Vec<Option<Parent>> = Vec::with_capacity(designs.len());
    for (index, design) in designs.iter_mut().enumerate() {
        parents.push(take_like(text, index, design, &names, problems));
    }
    let mut budget = MOST_VALUES;
    for index in order(text, &parents, &names, problems) {
        let Some(Parent { index: parent, .. }) = parents[index] else {
            continue;
        };
        let size = designs[parent].size();
        let Some(rest) = budget.checked_sub(size) else {
            problems.push(
                Problem::new(design_path(index), "`like` copies too much")
                    .at(text, &designs[index].span)
                    .expected(format!("at most {MOST_VALUES} values in all designs"))
                    .suggest("use fewer or smaller designs"),
            );
            return;
        };
        budget = rest;
        let mut base = designs[parent].clone();
        if let Some(object) = base.object_mut() {
            object.members.shift_remove("name");
        }
        let own = std::mem::replace(&mut designs[index].value, Value::Null);
        let span = designs[index].span.clone();
        let own = Node { span, value: own };
        designs[index] = merge(Some(base), own);
    }
}

/// The design that another is like.
struct Parent {
    index: usize,
    /// Where it is named.
    span: Span,
}

fn design_path(index: usize) -> String {
    format!("/designs/{index}")
}

/// Takes the `like` out of a design and finds the design that it names.
fn take_like(
    text: &str,
    index: usize,
    design: &mut Node,
    names: &[Option<String>],
    problems: &mut Vec<Problem>,
) -> Option<Parent> {
    let Member { node, .. } = design.object_mut()?.members.shift_remove(LIKE)?;
    let path = pointer::join(&design_path(index), LIKE);
    let Value::Text(name) = &node.value else {
        problems.push(
            Problem::new(path, format!("`like` is {}", node.value.describe()))
                .at(text, &node.span)
                .expected("the name of another design"),
        );
        return None;
    };
    let found = names.iter().position(|known| known.as_ref() == Some(name));
    if found.is_none() {
        let known = names.iter().flatten().map(String::as_str);
        let mut problem = Problem::new(path, format!("there is no design {:?}", shorten(name)))
            .at(text, &node.span)
            .expected("the name of another design of this scenario");
        if let Some(near) = nearest(name, known) {
            problem = problem.suggest(format!("did you mean {near:?}?"));
        }
        problems.push(problem);
    }
    let span = node.span;
    found.map(|index| Parent { index, span })
}

/// The designs in an order in which each comes after the one it is like. Those in a circle are left out.
fn order(
    text: &str,
    parents: &[Option<Parent>],
    names: &[Option<String>],
    problems: &mut Vec<Problem>,
) -> Vec<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        OnTheWay,
        Done,
    }
    let mut state = vec![State::New; parents.len()];
    let mut order = Vec::with_capacity(parents.len());
    for start in 0..parents.len() {
        let mut chain = Vec::new();
        let mut next = Some(start);
        while let Some(index) = next {
            match state[index] {
                State::New => {
                    state[index] = State::OnTheWay;
                    chain.push(index);
                    next = parents[index].as_ref().map(|parent| parent.index);
                }
                State::OnTheWay => {
                    let from = chain.iter().position(|&link| link == index).unwrap_or(0);
                    let circle = chain[from..].iter().chain([&index]);
                    let circle: Vec<String> = circle
                        .map(|&link| format!("{:?}", shorten(names[link].as_deref().unwrap_or(""))))
                        .collect();
                    let span = parents[index].as_ref().map(|parent| &parent.span);
                    problems.push(
                        Problem::new(
                            pointer::join(&design_path(index), LIKE),
                            format!(
                                "designs are like each other in a circle: {}",
                                circle.join(" → ")
                            ),
                        )
                        .at(text, span.unwrap_or(&(0..0)))
                        .expected("a chain of `like` that ends at a design written in full"),
                    );
                    break;
                }
                State::Done => break,
            }
        }
        for index in chain.into_iter().rev() {
            state[index] = State::Done;
            order.push(index);
        }
    }
    order
}

/// RFC 7396. An object's notes are inherited only with an object that is inherited as it stands: what was
/// said about the old numbers need not hold for the new ones.
fn merge(base: Option<Node>, patch: Node) -> Node {
    let Node { span, value } = patch;
    let Value::Object(patch) = value else {
        return Node { span, value };
    };
    let mut merged = match base.map(|base| base.value) {
        Some(Value::Object(base)) => base,
        _ => Object::default(),
    };
    merged.notes = patch.notes;
    for (name, Member { key, node }) in patch.members {
        if matches!(node.value, Value::Null) {
            merged.members.shift_remove(&name);
        } else if let Some(old) = merged.members.get_mut(&name) {
            let base = std::mem::replace(
                old,
                Member {
                    key: key.clone(),
                    node: Node {
                        span: node.span.clone(),
                        value: Value::Null,
                    },
                },
            );
            old.node = merge(Some(base.node), node);
        } else {
            let node = merge(None, node);
            merged.members.insert(name, Member { key, node });
        }
    }
    Node {
        span,
        value: Value::Object(merged),
    }
}
