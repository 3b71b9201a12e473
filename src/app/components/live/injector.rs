//! Makes a fault begin at the clock's moment, as an edit of the scenario.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::app::components::icons;
use crate::app::faults::{Kind, usual};
use crate::app::state::{Action, Run, State};
use crate::design::Fault;
use crate::report::human::unbroken;
use crate::report::words::{self, Notice, capital};
use crate::sim::clock::Time;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    /// Since the end of the warm-up.
    pub(super) at: Time,
    /// Why nothing can be changed now.
    pub(super) barred: bool,
    pub(super) act: Callback<Action>,
}

/// The field that a refusal is about.
const FIELD: &str = "live/fault";

#[component]
pub(super) fn Injector(props: &Props) -> Html {
    let Props { state, at, act, .. } = props;
    let scenario = &state.scenario;
    // The last fault that was put in, and the text before it.
    let injected = use_state(|| None::<(Fault, Rc<str>)>);
    let chosen = use_state(|| (0_usize, 0_usize));
    let lasts = use_state(|| usual(scenario.run.length.micros()).to_owned());
    let feeds: Vec<(String, String)> = (scenario.designs.iter())
        .flat_map(|design| {
            design
                .feeds
                .iter()
                .map(|feed| (design.name.clone(), feed.name.clone()))
        })
        .collect();
    let place = chosen.0.min(feeds.len().saturating_sub(1));
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            chosen.set((select.selected_index().max(0) as usize, 0));
        })
    };
    let last = {
        let lasts = lasts.clone();
        Callback::from(move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            lasts.set(field.value().trim().to_owned());
        })
    };
    let buttons = Kind::INJECTED.map(|kind| {
        let (at, lasts, feed) = (*at, lasts.clone(), feeds.get(place).cloned());
        let unable = props.barred || (feed.is_none() && !kind.is_of_the_world());
        let (injected, before) = (injected.setter(), state.text.clone());
        let go = act.reform(move |_: MouseEvent| {
            let (design, feed) = feed.clone().unwrap_or_default();
            let fault = kind.fault(at, &lasts, Some(&design), Some(&feed));
            let read = serde_json::from_value(fault.clone());
            injected.set(read.ok().map(|fault| (fault, before.clone())));
            Action::Set { field: FIELD.to_owned(), values: vec![("/faults/-".to_owned(), fault)] }
        });
        // The next fault is a step of its own.
        let settle = act.clone();
        let go = Callback::from(move |event: MouseEvent| {
            go.emit(event);
            settle.emit(Action::Settle);
        });
        html! {
            <button type="button" class="secondary" data-testid="inject" data-fault={kind.key()} disabled={unable} onclick={go} title={kind.says()}>
                { kind.name() }
            </button>
        }
    });
    let refused = state.refused.as_ref().filter(|(field, _)| field == FIELD);
    html! {
        <div class="injector" role="group" aria-label="Inject a fault now">
            <span class="what">{ "Inject now" }</span>
            { for buttons }
            <label class="choose"><span>{ "into" }</span>
                <select data-testid="inject-into" onchange={choose}>
                    { for feeds.iter().enumerate().map(|(index, (design, feed))| html! {
                        <option selected={index == place}>{ format!("{design}: {feed}") }</option>
                    }) }
                </select>
            </label>
            <label class="choose"><span>{ "for" }</span>
                <input type="text" data-testid="inject-lasts" size="4" value={(*lasts).clone()} onchange={last} />
            </label>
            { for injected.as_ref().and_then(|(fault, before)| receipt(state, fault, before, act)) }
            if let Some((_, why)) = refused { <p class="problem" role="alert" data-testid="inject-problem">{ &**why }</p> }
        </div>
    }
}

/// What was put where, and whether anybody noticed; nothing once it is gone from the scenario.
fn receipt(state: &State, fault: &Fault, before: &Rc<str>, act: &Callback<Action>) -> Option<Html> {
    let faults = &state.scenario.faults;
    let place = faults.iter().rposition(|of| of == fault)?;
    let told = words::told(fault)?;
    let what = capital(&told.itself());
    let is_of_the_world = fault.of_design().is_none();
    let put = if is_of_the_world {
        format!(" from {} on, for {}.", told.when, told.place)
    } else {
        format!(" put into {} at {}.", told.place, told.when)
    };
    let undo = (state.before() == Some(before)).then(|| {
        let undo = act.reform(|_: MouseEvent| Action::Undo);
        html! {
            <button type="button" class="secondary" data-testid="inject-undo" onclick={undo}>{ icons::undo() }{ "Undo" }</button>
        }
    });
    // Only what all of a run says of this very fault.
    let shown = state.shown.as_ref().filter(|shown| {
        !state.stale()
            && shown.done == shown.parts
            && shown.scenario.faults.get(place) == Some(fault)
    });
    let said = match (shown, &state.run) {
        _ if is_of_the_world => vec![html! {
            <p data-testid="inject-noticed">{ "It is of the world, not of a design: no alert is about it." }</p>
        }],
        (Some(shown), _) => {
            let notices = words::noticed(&shown.scenario, &shown.results, place);
            let one = notices.len() == 1;
            notices.iter().map(|notice| line(notice, one)).collect()
        }
        (None, Run::Running { .. }) => {
            vec![
                html! { <p class="waits">{ "Running: then it shows whether anybody notices." }</p> },
            ]
        }
        (None, _) => Vec::new(),
    };
    Some(html! {
        <div class="receipt" role="status" data-testid="inject-receipt">
            <p><b>{ what }</b>{ put }</p>
            { undo }
            { for said }
        </div>
    })
}

fn line(notice: &Notice, is_one: bool) -> Html {
    let class = if notice.is_noticed {
        "noticed"
    } else {
        "missed"
    };
    html! {
        <p {class} data-testid="inject-noticed" data-design={notice.design.clone()}>
            if !is_one { { format!("{}: ", notice.design) } }
            { unbroken(&notice.says) }
        </p>
    }
}
