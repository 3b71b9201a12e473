//! The frontier, by the two numbers that are chosen.

use std::rc::Rc;

use yew::prelude::*;

use super::figure::{Drawn, before};
use super::select::Select;
use crate::app::runs::Behind;
use crate::app::state::Shown;
use crate::measure::path::MetricPath;
use crate::report::figures::{self, COSTS, QUALITIES};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) shown: Shown,
    /// The runs that lie behind it.
    pub(super) behind: Rc<[Behind]>,
    pub(super) dark: bool,
}

#[component]
pub(super) fn Frontier(props: &Props) -> Html {
    let cost = use_state(|| COSTS[0].to_owned());
    let quality = use_state(|| QUALITIES[0].to_owned());
    let figure = use_memo(
        (
            props.shown.clone(),
            props.behind.clone(),
            (*cost).clone(),
            (*quality).clone(),
        ),
        |(shown, behind, cost, quality)| {
            let of =
                |shown: &Shown| figures::frontier(&shown.results, &shown.scenario, (cost, quality));
            let own = of(shown)?;
            let behind = behind
                .iter()
                .filter_map(|run| Some((run, vec![of(&run.shown)?])));
            Some(Rc::new(before(own, behind)))
        },
    );
    let options = |keys: &[&str], of: &str| -> Vec<(AttrValue, AttrValue)> {
        let title = |key: &str| {
            let path = format!("{of}{key}").parse::<MetricPath>();
            path.map_or_else(|_| key.to_owned(), |path| path.title())
        };
        let keys = keys.iter();
        keys.map(|key| (AttrValue::from((*key).to_owned()), title(key).into()))
            .collect()
    };
    let controls = html! {
        <div class="controls">
            <Select label="x axis" testid="frontier-x" value={(*cost).clone()} options={options(&COSTS, "costs/")}
                set={let cost = cost.clone(); Callback::from(move |chosen| cost.set(chosen))} />
            <Select label="y axis" testid="frontier-y" value={(*quality).clone()} options={options(&QUALITIES, "")}
                set={let quality = quality.clone(); Callback::from(move |chosen| quality.set(chosen))} />
        </div>
    };
    match &*figure {
        Some(figure) => html! {
            <Drawn figure={Rc::clone(figure)} dark={props.dark} about={props.shown.scenario.title.clone()} {controls} />
        },
        None => {
            html! { <div class="chart wide">{ controls }<p>{ "Fewer than two designs have both numbers." }</p></div> }
        }
    }
}
