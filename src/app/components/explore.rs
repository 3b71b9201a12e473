//! What would change it: where two designs change places, what a difference rests on, a sweep. Each is asked for
//! by a form, answered in a worker of its own, and stays when the scenario is changed, marked as old.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::parameters;
use crate::app::state::{Action, State};

mod breakeven;
mod found;
mod pair;
mod panel;
mod parameter;
mod rests;
mod sweep;

/// What every form needs.
#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) act: Callback<Action>,
    pub(super) dark: bool,
}

#[component]
pub(super) fn Explore(props: &Props) -> Html {
    let Props { state, act, dark } = props;
    let parameters = use_memo(state.scenario.clone(), |scenario| parameters::all(scenario));
    html! {
        <section class="explore" aria-labelledby="explore">
            <header><h2 id="explore">{ "What would change it" }</h2>
                <p>{ "Asked of the scenario as it stands, with the same random numbers. The page goes on meanwhile." }</p></header>
            <breakeven::BreakEven state={state.clone()} act={act.clone()} dark={*dark} parameters={parameters.clone()} />
            <rests::Rests state={state.clone()} act={act.clone()} dark={*dark} parameters={parameters.clone()} />
            <sweep::Sweep state={state.clone()} act={act.clone()} dark={*dark} {parameters} />
        </section>
    }
}

/// What a form needs.
#[derive(PartialEq, Properties)]
struct FormProps {
    state: State,
    act: Callback<Action>,
    dark: bool,
    /// What can be moved.
    parameters: Rc<Vec<parameters::Group>>,
}
