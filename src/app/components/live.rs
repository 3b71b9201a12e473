//! The live view: a few hotels, moment by moment. It films only once it is opened, and while it is looked at.

use yew::prelude::*;

use crate::app::state::{Action, State};

mod controls;
mod drawing;
mod frames;
mod injector;
mod lane;
mod painter;
mod stay_map;
pub(super) mod theatre;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) act: Callback<Action>,
    pub(super) dark: bool,
}

#[component]
pub(super) fn Live(props: &Props) -> Html {
    let Props { state, act, dark } = props;
    let is_open = use_state(|| false);
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    html! {
        <section class="live" aria-labelledby="live" data-testid="live">
            <header>
                <h2 id="live">{ "Live view" }</h2>
                <p>{ "The run that is measured, for a few hotels of its first replicate: what is true, what is held, what moves." }</p>
                <button type="button" class="secondary" data-testid="live-open" aria-expanded={is_open.to_string()} onclick={toggle}>
                    { if *is_open { "Close" } else { "Watch it" } }
                </button>
            </header>
            if *is_open {
                <theatre::Theatre state={state.clone()} act={act.clone()} dark={*dark} />
            }
        </section>
    }
}
