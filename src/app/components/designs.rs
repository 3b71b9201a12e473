//! The board by hand: what stands above a card and below the board to add, name, order and remove designs.

use web_sys::{FocusEvent, HtmlInputElement, HtmlSelectElement, KeyboardEvent};
use yew::prelude::*;

use super::menu::{Item, Menu};
use super::modal::Modal;
use super::{dock, icons};
use crate::app::about;
use crate::app::state::{Action, Removing};
use crate::scenario::designs::{Change, LONGEST_NAME, MOST_DESIGNS};
use crate::scenario::parts;

/// How the board is edited.
#[derive(Clone, PartialEq)]
pub(super) struct Hand {
    pub(super) act: Callback<Action>,
    /// Where the last change of a design was refused, and why.
    pub(super) refused: Option<(String, AttrValue)>,
    /// The design that was changed last: it has the focus.
    pub(super) placed: Option<usize>,
    /// Whether the text cannot be read, so that nothing can edit it.
    pub(super) broken: bool,
}

impl Hand {
    /// Why what was asked at this place was refused.
    fn refused_at(&self, at: &str) -> Option<AttrValue> {
        let refused = self.refused.as_ref();
        refused
            .filter(|(of, _)| of == at)
            .map(|(_, why)| why.clone())
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct TitleProps {
    pub(super) index: usize,
    /// How many designs there are that can be edited.
    pub(super) count: usize,
    pub(super) name: AttrValue,
    pub(super) tag: Html,
    pub(super) hand: Option<Hand>,
}

/// A design's name, which can be changed in its place, and what else can be done with the design.
#[component]
pub(super) fn Title(props: &TitleProps) -> Html {
    let TitleProps {
        index,
        count,
        name,
        tag,
        hand,
    } = props;
    let index = *index;
    let renaming = use_state(|| false);
    // Kept here: the card is drawn anew whenever numbers come in.
    let typed = use_state(|| name.clone());
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with(*renaming, move |renaming| {
            if let Some(field) = field.cast::<HtmlInputElement>().filter(|_| *renaming) {
                let _ = field.focus();
                field.select();
            }
        });
    }
    let marker = icons::marker(index);
    let Some(hand) = hand.as_ref().filter(|_| index < *count) else {
        return html! { <header>{ marker }<h3>{ name }</h3>{ tag.clone() }</header> };
    };
    let change = |change: Change| {
        let act = hand.act.clone();
        Callback::from(move |()| act.emit(Action::design(change.clone())))
    };
    let item = |label, can: bool, act: Callback<()>| Item {
        label,
        says: "",
        can: can && !hand.broken,
        act,
    };
    let rename = {
        let (renaming, typed, name) = (renaming.setter(), typed.setter(), name.clone());
        Callback::from(move |()| {
            typed.set(name.clone());
            renaming.set(true);
        })
    };
    let to = |to: usize| change(Change::Move { design: index, to });
    let edit = Callback::from(move |()| dock::go_to_design(index));
    let items = vec![
        item("Edit its assumptions", true, edit),
        item("Rename", true, rename),
        item(
            "Duplicate",
            *count < MOST_DESIGNS,
            change(Change::Duplicate(index)),
        ),
        item("Make baseline", index > 0, to(0)),
        item("Move left", index > 0, to(index.saturating_sub(1))),
        item("Move right", index + 1 < *count, to(index + 1)),
        item("Remove", *count > 1, change(Change::Remove(index))),
    ];
    if *renaming {
        let commit = {
            let (act, renaming, name) = (hand.act.clone(), renaming.setter(), name.clone());
            move |typed: String| {
                if typed.trim() == &*name {
                    renaming.set(false);
                } else {
                    act.emit(Action::design(Change::Rename(index, typed)));
                }
            }
        };
        let key = {
            let (renaming, commit) = (renaming.setter(), commit.clone());
            Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
                "Enter" => commit(event.target_unchecked_into::<HtmlInputElement>().value()),
                "Escape" => {
                    event.stop_propagation();
                    renaming.set(false);
                }
                _ => {}
            })
        };
        let leave = Callback::from(move |event: FocusEvent| {
            commit(event.target_unchecked_into::<HtmlInputElement>().value());
        });
        let write = {
            let typed = typed.setter();
            Callback::from(move |event: InputEvent| {
                typed.set(
                    event
                        .target_unchecked_into::<HtmlInputElement>()
                        .value()
                        .into(),
                );
            })
        };
        let refused = hand.refused_at(&format!("/designs/{index}/name"));
        let id = format!("name-of-{index}");
        return html! {
            <header class="renaming">
                { marker }
                <input ref={field} data-testid="design-name" value={(*typed).clone()} maxlength={(LONGEST_NAME * 2).to_string()}
                    aria-label={format!("Name of {name}")} autocomplete="off" spellcheck="false"
                    aria-invalid={refused.is_some().to_string()}
                    aria-describedby={refused.as_ref().map(|_| id.clone())}
                    oninput={write} onkeydown={key} onblur={leave} />
                // A place of its own, so that the field before it stays the same one, and keeps the focus.
                if let Some(why) = refused { <p class="problem" id={id} role="alert">{ why }</p> }
            </header>
        };
    }
    let refused = hand.refused_at(&format!("/designs/{index}"));
    html! {
        <header>
            { marker }
            <h3>{ name }</h3>
            { tag.clone() }
            <Menu label={format!("What to do with {name}")} testid="design-menu" {items} />
            if let Some(why) = refused { <p class="problem" role="alert">{ why }</p> }
        </header>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct AddProps {
    pub(super) hand: Hand,
    pub(super) count: usize,
}

/// Adds a design: one to begin with, or one of any preset.
#[component]
pub(super) fn Add(props: &AddProps) -> Html {
    let Hand { act, broken, .. } = &props.hand;
    let all = about::presets();
    let blank = act.reform(|_: MouseEvent| Action::design(Change::Blank));
    let take = {
        let act = act.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let chosen = select.value();
            // It is a list of things to do, not a setting.
            select.set_value("");
            let mut steps = chosen
                .split('/')
                .filter_map(|step| step.parse::<usize>().ok());
            if let (Some(preset), Some(design)) = (steps.next(), steps.next())
                && let Some(about) = all.get(preset)
            {
                let from = about.preset.text;
                act.emit(Action::design(Change::Take { from, design }));
            }
        })
    };
    let groups = all.iter().enumerate().map(|(preset, about)| {
        let options = about.designs.iter().enumerate().map(|(design, name)| {
            html! { <option value={format!("{preset}/{design}")}>{ name }</option> }
        });
        html! { <optgroup label={about.title.clone()}>{ for options }</optgroup> }
    });
    let full = props.count >= MOST_DESIGNS;
    let disabled = full || *broken;
    let refused = props.hand.refused_at("/designs");
    html! {
        <div class="add-design" role="group" aria-label="Add a design">
            <button type="button" class="secondary" data-testid="add-design" {disabled} onclick={blank}>
                { icons::plus() }{ "Add a design" }
            </button>
            <select data-testid="take-design" aria-label="Add a design of another scenario" {disabled} onchange={take}>
                <option value="" selected=true>{ "or one of another scenario…" }</option>
                { for groups }
            </select>
            if full { <span class="hint">{ format!("{MOST_DESIGNS} designs are as many as can be told apart.") }</span> }
            if let Some(why) = refused { <p class="problem" role="alert">{ why }</p> }
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct SureProps {
    pub(super) removing: Removing,
    pub(super) act: Callback<Action>,
}

/// Says what goes with what is about to be removed or replaced.
#[component]
pub(super) fn Sure(props: &SureProps) -> Html {
    let Removing { name, with, sure } = &props.removing;
    let keep = props.act.reform(|()| Action::Keep);
    let keep_it = keep.reform(|_: MouseEvent| ());
    let is_world = matches!(
        &**sure,
        Action::Part {
            change: parts::Change::World(_),
            ..
        }
    );
    let (title, why, go, stay) = if is_world {
        (
            "Take another world?".to_owned(),
            "These go, because they mean nothing in it:",
            "Take it without them",
            "Keep this one",
        )
    } else {
        (
            format!("Remove “{name}”?"),
            "These go with it, because they mean nothing without it:",
            "Remove all of it",
            "Keep it",
        )
    };
    let sure = (**sure).clone();
    let remove = props.act.reform(move |_: MouseEvent| sure.clone());
    let with = with.iter().map(|with| html! { <li>{ with }</li> });
    html! {
        <Modal class="window" testid="removing" label={title.clone()} close={keep}>
            <header><h2>{ title }</h2></header>
            <p>{ why }</p>
            <ul>{ for with }</ul>
            <div class="go">
                <button type="button" class="primary" data-testid="remove-all" onclick={remove}>{ go }</button>
                // The focus begins at what does no harm.
                <button type="button" class="secondary" autofocus=true onclick={keep_it}>{ stay }</button>
            </div>
            <p class="fine">{ "One undo brings all of it back." }</p>
        </Modal>
    }
}
