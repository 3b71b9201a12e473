//! What a difference rests on.

use std::rc::Rc;

use yew::prelude::*;

use super::pair::{PairFields, settled};
use super::panel::{Panel, designs, nothing};
use super::{FormProps, found};
use crate::app::components::figure::Drawn;
use crate::app::explore::{Found, Shown};
use crate::app::parameters;
use crate::report::figures;
use crate::report::human::unbroken;
use crate::study::question::{Kind, Pair, Question};

#[component]
pub(super) fn Rests(props: &FormProps) -> Html {
    let state = &props.state;
    let pair = use_state(Pair::default);
    let designs = designs(state);
    let question = {
        let pair = settled(&pair, &designs);
        Callback::from(move |()| {
            Ok(Question::Sensitivity {
                pair: pair.clone(),
                assumptions: Vec::new(),
            })
        })
    };
    let stated = match state.scenario.assumptions.len() {
        0 => {
            "Prices and the world’s rates, each halved and doubled: the scenario states no ranges."
                .to_owned()
        }
        1 => "The one range that the scenario states, at both its ends.".to_owned(),
        count => format!("The {count} ranges that the scenario states, at both their ends."),
    };
    let set_pair = {
        let pair = pair.clone();
        Callback::from(move |chosen: Pair| pair.set(chosen))
    };
    let shown = state.explored.of(Kind::Sensitivity).shown.as_ref();
    let found = shown.map_or_else(
        || {
            nothing(
                "Which assumption moves the difference most, and does any of them turn it round?",
            )
        },
        |shown| html! { <Answer shown={shown.clone()} dark={props.dark} /> },
    );
    html! {
        <Panel kind={Kind::Sensitivity} title="What it rests on" says={stated}
            state={state.clone()} act={props.act.clone()} {question} {found}>
            <PairFields {designs} pair={(*pair).clone()} set={set_pair} />
        </Panel>
    }
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
        let Found::Sensitivity(found) = found else {
            return None;
        };
        let groups = parameters::all(scenario);
        Some(Rc::new(figures::tornado(found, &|over| {
            parameters::name(&groups, over)
        })))
    });
    let (Found::Sensitivity(result), Some(figure)) = (found, &*figure) else {
        return Html::default();
    };
    let groups = parameters::all(scenario);
    let says = result.says().into_iter().map(|sentence| {
        let effects = result.effects.iter().map(|effect| effect.over.as_str());
        let pointers = effects.chain(result.left_out.iter().map(String::as_str));
        let named = found::named(&sentence, pointers, &groups);
        html! { <li data-testid="explore-says">{ unbroken(&named) }</li> }
    });
    html! {
        <>
            <ul class="says">
                <li><b>{ unbroken(&format!("{}.", result.heading())) }</b></li>
                { for says }
            </ul>
            <Drawn figure={Rc::clone(figure)} dark={props.dark} about={scenario.title.clone()} />
            <footer><small>{ result.ranges.says() }</small><found::Files shown={props.shown.clone()} /></footer>
        </>
    }
}
