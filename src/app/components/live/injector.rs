//! Makes a fault begin at the clock's moment, as an edit of the scenario.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::app::live::inject::{Kind, usual};
use crate::app::state::Action;
use crate::scenario::Scenario;
use crate::sim::clock::Time;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) scenario: Rc<Scenario>,
    /// Since the end of the warm-up.
    pub(super) at: Time,
    pub(super) refused: Option<(String, Rc<str>)>,
    /// Why nothing can be changed now.
    pub(super) barred: bool,
    pub(super) act: Callback<Action>,
}

/// The field that a refusal is about.
const FIELD: &str = "live/fault";

#[component]
pub(super) fn Injector(props: &Props) -> Html {
    let Props {
        scenario, at, act, ..
    } = props;
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
    let buttons = Kind::ALL.map(|kind| {
        let (at, lasts, feed) = (*at, lasts.clone(), feeds.get(place).cloned());
        let unable = props.barred || (feed.is_none() && !kind.is_of_the_world());
        let go = act.reform(move |_: MouseEvent| {
            let (design, feed) = feed.clone().unwrap_or_default();
            let fault = kind.fault(at, &lasts, &design, Some(&feed));
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
    let refused = props.refused.as_ref().filter(|(field, _)| field == FIELD);
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
            if let Some((_, why)) = refused { <p class="problem" role="alert" data-testid="inject-problem">{ &**why }</p> }
        </div>
    }
}
