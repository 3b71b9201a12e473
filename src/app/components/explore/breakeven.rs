//! Where two designs change places.

use std::rc::Rc;

use yew::prelude::*;

use super::pair::{PairFields, settled};
use super::panel::{Panel, designs, nothing};
use super::parameter::{Over, ParameterField, TextField};
use super::{FormProps, found};
use crate::app::components::figure::Drawn;
use crate::app::explore::{Found, Shown};
use crate::app::parameters;
use crate::app::state::State;
use crate::measure::values::{ITEMS, prices_of};
use crate::report::figures;
use crate::report::human::unbroken;
use crate::report::results::DesignResults;
use crate::scenario::pointer;
use crate::study::question::{Kind, Pair, Question};

#[component]
pub(super) fn BreakEven(props: &FormProps) -> Html {
    let state = &props.state;
    let pair = use_state(Pair::default);
    let over = use_state(|| None::<Over>);
    let ends = use_state(|| [String::new(), String::new()]);
    let designs = designs(state);
    let asked = settled(&pair, &designs);
    let moved = Over::settled((*over).as_ref(), &usual(state, &asked), &props.parameters);
    let is_price = pointer::steps(&moved.pointer).is_some_and(|steps| {
        let [prices, name, _] = steps.as_slice() else {
            return false;
        };
        prices == "prices" && state.scenario.prices.by_name(name).is_some()
    });
    let question = {
        let (pair, over, ends) = (asked.clone(), moved.clone(), (*ends).clone());
        Callback::from(move |()| {
            let end = |text: &String| (!text.trim().is_empty()).then(|| parameters::typed(text));
            Ok(Question::BreakEven {
                pair: pair.clone(),
                over: over.checked()?,
                ends: if is_price {
                    [None, None]
                } else {
                    [end(&ends[0]), end(&ends[1])]
                },
            })
        })
    };
    let end = |index: usize| {
        let ends = ends.clone();
        Callback::from(move |text: String| {
            let mut all = (*ends).clone();
            all[index] = text;
            ends.set(all);
        })
    };
    let choose = {
        let (over, ends) = (over.clone(), ends.clone());
        Callback::from(move |chosen: Over| {
            over.set(Some(chosen));
            ends.set([String::new(), String::new()]);
        })
    };
    let set_pair = {
        let pair = pair.clone();
        Callback::from(move |chosen: Pair| pair.set(chosen))
    };
    let shown = state.explored.of(Kind::BreakEven).shown.as_ref();
    let found = shown.map_or_else(
        || nothing("At which price, or at which value of an assumption, does the other design become the better one?"),
        |shown| html! { <Answer shown={shown.clone()} dark={props.dark} /> },
    );
    html! {
        <Panel kind={Kind::BreakEven} title="Break-even" says="Where the two designs change places."
            state={state.clone()} act={props.act.clone()} {question} {found}>
            <PairFields {designs} pair={(*pair).clone()} set={set_pair} />
            <ParameterField parameters={props.parameters.clone()} over={moved} set={choose} />
            if !is_price {
                <div class="two">
                    <TextField label="From" testid="explore-from" value={ends[0].clone()} placeholder="a tenth" set={end(0)} />
                    <TextField label="To" testid="explore-to" value={ends[1].clone()} placeholder="ten times" set={end(1)} />
                </div>
            }
        </Panel>
    }
}

/// The price that has to change least for the two to change places; where none does that, the one on which their
/// difference rests most. A usual one, as long as nothing is known of the two.
fn usual(state: &State, pair: &Pair) -> String {
    let usual = || "false_available".to_owned();
    let known = state.shown.as_ref().and_then(|shown| {
        let results = &shown.results;
        let found = |name: &Option<String>| results.design(name.as_deref()?);
        let (of, versus) = (found(&pair.of)?, found(&pair.versus)?);
        let usd = |design: &DesignResults, item: &str| {
            let cost = design.costs.get(item);
            cost.map_or(0.0, |cost| cost.usd_per_day.mean)
        };
        let gaps = ITEMS
            .iter()
            .map(|item| usd(of, item.key) - usd(versus, item.key));
        let gaps: Vec<f64> = gaps.collect();
        let total: f64 = gaps.iter().sum();
        // An item's cost grows with its price: at so many times the price, the sums are the same.
        let far = |gap: f64| {
            let times = 1.0 - total / gap;
            (times > 0.0).then(|| libm::fabs(libm::log(times)))
        };
        let known = gaps.iter().enumerate().filter(|(_, gap)| **gap != 0.0);
        let nearest = known
            .clone()
            .filter_map(|(index, gap)| Some((index, far(*gap)?)));
        let nearest = nearest.min_by(|(_, a), (_, b)| a.total_cmp(b));
        let largest = || {
            known
                .clone()
                .max_by(|(_, a), (_, b)| a.abs().total_cmp(&b.abs()))
        };
        let index = nearest.map(|(index, _)| index);
        let index = index.or_else(|| Some(largest()?.0))?;
        let design = state
            .scenario
            .designs
            .iter()
            .find(|design| Some(&design.name) == pair.of.as_ref())?;
        let prices = prices_of(design);
        prices.get(index).map(|name| (*name).to_owned())
    });
    let name = known.unwrap_or_else(usual);
    let price = state.scenario.prices.by_name(&name);
    price.map(|price| price.pointer()).unwrap_or_default()
}

#[derive(PartialEq, Properties)]
struct AnswerProps {
    shown: Shown,
    dark: bool,
}

#[component]
fn Answer(props: &AnswerProps) -> Html {
    let Shown {
        found, scenario, ..
    } = &props.shown;
    let figure = use_memo((found.clone(), scenario.clone()), |(found, scenario)| {
        let Found::BreakEven(found) = found else {
            return None;
        };
        let groups = parameters::all(scenario);
        figures::tried(found, &|over| parameters::name(&groups, over)).map(Rc::new)
    });
    let Found::BreakEven(result) = found else {
        return Html::default();
    };
    let groups = parameters::all(scenario);
    let says = result.says.iter().map(|sentence| {
        let named = found::named(sentence, std::iter::once(result.over.as_str()), &groups);
        html! { <li data-testid="explore-says">{ unbroken(&named) }</li> }
    });
    html! {
        <>
            <ul class="says">{ for says }</ul>
            if let Some(figure) = &*figure { <Drawn figure={Rc::clone(figure)} dark={props.dark} about={scenario.title.clone()} /> }
            <footer><small>{ unbroken(&result.how()) }</small><found::Files shown={props.shown.clone()} /></footer>
        </>
    }
}
