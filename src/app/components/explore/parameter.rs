//! What moves: a parameter that has a name, or any by its JSON pointer.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::components::select::Select;
use crate::app::parameters::{self, Group};

/// What was chosen to move.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Over {
    /// A pointer.
    pub(super) pointer: String,
    /// Whether it is typed: then it may be any.
    pub(super) by_hand: bool,
}

impl Over {
    /// What is to move: what was chosen, unless it belonged to another scenario; else what usually does.
    pub(super) fn settled(chosen: Option<&Self>, usual: &str, groups: &[Group]) -> Self {
        let is_here =
            |over: &&Self| over.by_hand || parameters::at(groups, &over.pointer).is_some();
        chosen.filter(is_here).cloned().unwrap_or_else(|| Self {
            pointer: usual.to_owned(),
            by_hand: false,
        })
    }

    /// The pointer, if it is one.
    pub(super) fn checked(&self) -> Result<String, String> {
        if self.pointer.starts_with('/') {
            Ok(self.pointer.clone())
        } else {
            Err("expected a JSON pointer, which starts with /".to_owned())
        }
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) parameters: Rc<Vec<Group>>,
    pub(super) over: Over,
    pub(super) set: Callback<Over>,
}

/// What is chosen for a pointer that is typed.
const OTHER: &str = "/";

#[component]
pub(super) fn ParameterField(props: &Props) -> Html {
    let Over { pointer, by_hand } = props.over.clone();
    let groups = props.parameters.iter().map(|group| {
        let options = group.parameters.iter().map(|parameter| {
            let name = format!("{} ({})", parameter.name, parameter.now);
            (
                AttrValue::from(parameter.pointer.clone()),
                AttrValue::from(name),
            )
        });
        (AttrValue::from(group.title.clone()), options.collect())
    });
    let choose = {
        let (before, set) = (pointer.clone(), props.set.clone());
        Callback::from(move |chosen: String| {
            let by_hand = chosen == OTHER;
            // What is typed begins as what was chosen.
            let pointer = if by_hand { before.clone() } else { chosen };
            set.emit(Over { pointer, by_hand });
        })
    };
    let write = props.set.reform(|text: String| Over {
        pointer: text.trim().to_owned(),
        by_hand: true,
    });
    html! {
        <>
            <Select label="As this moves" testid="explore-over"
                value={if by_hand { OTHER.to_owned() } else { pointer.clone() }}
                options={vec![(OTHER.into(), "By its JSON pointer …".into())]}
                groups={groups.collect::<Vec<_>>()} set={choose} />
            if by_hand {
                <TextField label="JSON pointer" testid="explore-pointer" value={pointer} placeholder="/world/…" set={write} />
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct TextProps {
    pub(super) label: AttrValue,
    pub(super) testid: AttrValue,
    pub(super) value: AttrValue,
    #[prop_or_default]
    pub(super) placeholder: AttrValue,
    pub(super) set: Callback<String>,
}

/// A labelled field to type in.
#[component]
pub(super) fn TextField(props: &TextProps) -> Html {
    let write = props.set.reform(|event: InputEvent| {
        let field: HtmlInputElement = event.target_unchecked_into();
        field.value()
    });
    html! {
        <label class="choose">
            <span>{ &props.label }</span>
            <input data-testid={props.testid.clone()} value={props.value.clone()} oninput={write}
                placeholder={props.placeholder.clone()} autocomplete="off" spellcheck="false" />
        </label>
    }
}
