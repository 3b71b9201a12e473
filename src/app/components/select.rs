//! A labelled list to choose from.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// A value, and what it is called.
pub(super) type Options = Vec<(AttrValue, AttrValue)>;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) label: AttrValue,
    /// Within a sentence, which says what the label says to screen readers.
    #[prop_or_default]
    pub(super) within: bool,
    /// Its name for scripts.
    pub(super) testid: AttrValue,
    pub(super) value: AttrValue,
    #[prop_or_default]
    pub(super) options: Options,
    /// Options that belong together, below the others.
    #[prop_or_default]
    pub(super) groups: Vec<(AttrValue, Options)>,
    pub(super) set: Callback<String>,
}

/// Keeps a list at the value that is set, by its reference: what was once chosen by hand no longer follows the
/// attributes of the options.
#[hook]
pub(super) fn use_chosen(value: AttrValue) -> NodeRef {
    let list = use_node_ref();
    let at = list.clone();
    use_effect(move || {
        let at = at.cast::<HtmlSelectElement>();
        if let Some(list) = at.filter(|list| list.value() != value) {
            list.set_value(&value);
        }
    });
    list
}

#[component]
pub(super) fn Select(props: &Props) -> Html {
    let list = use_chosen(props.value.clone());
    let choose = props.set.reform(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        select.value()
    });
    let option = |(value, name): &(AttrValue, AttrValue)| {
        html! { <option value={value.clone()} selected={*value == props.value}>{ name }</option> }
    };
    let groups = props.groups.iter().map(|(label, options)| {
        html! { <optgroup label={label.clone()}>{ for options.iter().map(option) }</optgroup> }
    });
    let hidden = props.within.then(|| props.label.clone());
    let select = html! {
        <select ref={list} aria-label={hidden} data-testid={props.testid.clone()} onchange={choose}>
            { for props.options.iter().map(option) }
            { for groups }
        </select>
    };
    if props.within {
        return select;
    }
    html! { <label class="choose"><span>{ &props.label }</span>{ select }</label> }
}
