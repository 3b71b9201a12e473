//! Runs of earlier: what lies behind the charts, and what is kept.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icons;
use crate::app::runs::{Behind, Event, KEY, MOST, Shelf, Stored, differs};
use crate::app::state::{Action, State};
use crate::app::storage;
use crate::measure::estimate::Estimate;
use crate::measure::path::MetricPath;
use crate::report::readable;
use crate::report::results::Results;

/// The runs that lie behind the charts, found anew only when other results or other runs are there.
#[hook]
pub(super) fn use_behind(state: &State) -> Rc<[Behind]> {
    let of = (state.shown.clone(), state.runs.clone());
    let behind = use_memo(of, |(shown, runs)| {
        let behind = shown.as_ref().map(|shown| runs.behind(shown));
        Rc::from(behind.unwrap_or_default())
    });
    Rc::clone(&behind)
}

/// The run before the last change, of those.
pub(super) fn before(behind: &[Behind]) -> Option<&Behind> {
    behind.iter().find(|run| run.slot == 0)
}

/// What a number of a card was before the last change; nothing where it reads the same.
pub(super) fn was(
    before: &Results,
    design: &str,
    path: &MetricPath,
    now: Option<Estimate>,
) -> Option<Html> {
    let then = before.design(design)?;
    let read = |estimate| readable::show(&estimate, path.unit()).mean;
    let shown = read(then.estimate(path)?);
    if now.is_some_and(|now| read(now) == shown) {
        return None;
    }
    Some(html! { <dd class="chart-was" data-testid="was">{ format!("was {shown}") }</dd> })
}

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) behind: Rc<[Behind]>,
    pub(super) act: Callback<Action>,
}

/// What lies behind the charts, what is kept, and what can be.
#[component]
pub(super) fn Runs(props: &Props) -> Html {
    let Props { state, act, .. } = props;
    let runs = &state.runs;
    let Some(shown) = &state.shown else {
        return Html::default();
    };
    let on = |event: Event| act.reform(move |_: MouseEvent| Action::Runs(event.clone()));
    let before = before(&props.behind).map(|before| {
        html! {
            <p class="runs-before" data-testid="before">
                { icons::earlier(0) }<span><b>{ "Before:" }</b>{ " " }{ &*before.about }</span>
                <button type="button" class="quiet" data-testid="before-dismiss" onclick={on(Event::Dismiss)}>{ "Dismiss" }</button>
            </p>
        }
    });
    let why = if runs.has(shown) {
        "These results are kept"
    } else if runs.kept.len() >= MOST {
        "Six are kept: remove one first"
    } else if shown.done < shown.parts {
        "When the run is done"
    } else {
        "Keeps these results, to compare others with them"
    };
    let kept = runs.kept.iter().map(|kept| {
        let id = kept.id;
        let is_now = shown.text == kept.shown.text;
        let is_behind = kept.slot.is_some();
        let name = act.reform(move |event: yew::Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let name = input.value();
            Action::Runs(Event::Name(id, name.trim().into()))
        });
        let about = if is_now {
            "what is shown".to_owned()
        } else {
            differs(&shown.scenario, &kept.shown.scenario)
        };
        html! {
            <li key={id} data-testid="kept-run">
                <button type="button" class="entry" aria-pressed={is_behind.to_string()} data-testid="kept-show"
                    title={if is_behind { "Behind the charts. Take it away" } else { "Show it behind the charts" }}
                    aria-label={format!("{} behind the charts", kept.name)}
                    disabled={!is_behind && !runs.has_room_behind()} onclick={on(Event::Show(id))}>
                    { icons::earlier(kept.slot.unwrap_or(0)) }<span>{ if is_behind { "shown" } else { "show" } }</span>
                </button>
                <input class="runs-name" type="text" maxlength="60" aria-label="What this run is called" data-testid="kept-name"
                    value={kept.name.to_string()} onchange={name} />
                <span class="runs-about">{ about }</span>
                <button type="button" class="quiet" data-testid="kept-return" disabled={*kept.shown.text == *state.text}
                    title="Loads its scenario; undo brings this one back" onclick={on(Event::Return(id))}>{ "Go back to it" }</button>
                <button type="button" class="quiet" data-testid="kept-remove"
                    aria-label={format!("Remove {}", kept.name)} onclick={on(Event::Remove(id))}>{ "Remove" }</button>
            </li>
        }
    });
    html! {
        <section class="runs" aria-labelledby="runs">
            <header>
                <h2 id="runs">{ "Compare with earlier runs" }</h2>
                { for before }
                <button type="button" class="secondary small" data-testid="keep-run" title={why}
                    disabled={!runs.can_keep(shown)} onclick={on(Event::Keep)}>{ icons::pin() }{ "Keep this run" }</button>
            </header>
            if !runs.kept.is_empty() { <ul>{ for kept }</ul> }
            if !runs.are_stored { <p class="notice" role="status">{ "The browser has no room for these runs: they are kept until this page is closed." }</p> }
        </section>
    }
}

/// Takes up the runs that were kept at an earlier visit, and stores those that are kept.
#[hook]
pub(super) fn use_stored(state: &State, is_on: bool, act: &Callback<Action>) {
    let is_ready = use_state(|| false);
    let shelf = use_mut_ref(Shelf::default);
    let there = || storage::get::<Vec<serde_json::Value>>(KEY).unwrap_or_default();
    {
        let (act, is_ready, shelf) = (act.clone(), is_ready.setter(), Rc::clone(&shelf));
        use_effect_with((), move |()| {
            let kept = shelf
                .borrow_mut()
                .take(&if is_on { there() } else { Vec::new() });
            if !kept.is_empty() {
                act.emit(Action::Runs(Event::Restore(kept)));
            }
            is_ready.set(true);
        });
    }
    let act = act.clone();
    let now = (state.runs.kept.clone(), *is_ready && is_on);
    let known = use_mut_ref(|| None::<usize>);
    use_effect_with(now, move |(kept, is_on)| {
        // Nothing was kept and nothing is: nothing is stored.
        let was = known.borrow_mut().replace(kept.len());
        if !is_on || (kept.is_empty() && was.unwrap_or_default() == 0) {
            return;
        }
        // Where there is no room, what was there stays.
        let stored: Option<Vec<Stored>> = kept.iter().map(Stored::of).collect();
        let is_stored = stored.is_some_and(|stored| {
            let all = shelf.borrow_mut().with(&stored, there());
            storage::set(KEY, &all)
        });
        act.emit(Action::Runs(Event::AreStored(is_stored)));
    });
}
