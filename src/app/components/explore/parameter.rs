//! What moves: a parameter that has a name, or any by its JSON pointer.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::components::select::Select;
use crate::app::parameters::{self, Group};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) parameters: Rc<Vec<Group>>,
    pub(super) label: AttrValue,
    /// The pointer.
    pub(super) over: AttrValue,
    pub(super) set: Callback<String>,
}

/// What is chosen for a pointer that is typed.
const OTHER: &str = "/";

#[component]
pub(super) fn ParameterField(props: &Props) -> Html {
    let by_hand = use_state(|| false);
    let known = parameters::at(&props.parameters, &props.over).is_some();
    let typed = *by_hand || !known;
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
        let (by_hand, set) = (by_hand.clone(), props.set.clone());
        Callback::from(move |chosen: String| {
            by_hand.set(chosen == OTHER);
            if chosen != OTHER {
                set.emit(chosen);
            }
        })
    };
    let write = props.set.reform(|event: Event| {
        let field: HtmlInputElement = event.target_unchecked_into();
        field.value().trim().to_owned()
    });
    html! {
        <>
            <Select label={props.label.clone()} testid="explore-over"
                value={if typed { OTHER.into() } else { props.over.clone() }}
                options={vec![(OTHER.into(), "By its JSON pointer …".into())]}
                groups={groups.collect::<Vec<_>>()} set={choose} />
            if typed {
                <label class="choose">
                    <span>{ "JSON pointer" }</span>
                    <input data-testid="explore-pointer" value={props.over.clone()} onchange={write} placeholder="/world/…"
                        autocomplete="off" spellcheck="false" />
                </label>
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
