//! The bar on top: what is run, and how it is doing.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icons;
use super::scenarios::Scenarios;
use crate::app::state::{Action, Run, State};
use crate::app::talk;
use crate::app::theme::Theme;
use crate::scenario::quantity::Seed;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) act: Callback<Action>,
    pub(super) theme: Theme,
    pub(super) set_theme: Callback<Theme>,
    /// The reader wants to share the scenario.
    pub(super) share: Callback<()>,
    /// The reader wants to see which scenarios have a talk.
    pub(super) talks: Callback<()>,
    /// The reader wants help.
    pub(super) help: Callback<()>,
}

#[component]
pub(super) fn Header(props: &Props) -> Html {
    let Props {
        state,
        act,
        theme,
        set_theme,
        share,
        talks,
        help,
    } = props;
    let tells = state.problems.is_none() && !state.scenario.story.is_empty();
    let running = matches!(state.run, Run::Running { .. });
    let on = |action: Action| {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| act.emit(action.clone()))
    };
    html! {
        <header class="bar">
            <a class="brand" href="./" aria-label="stayfresh, start page">
                { icons::logo() }<span>{ "stayfresh" }</span>
            </a>
            <Scenarios preset={state.preset} act={act.clone()} />
            <SeedField seed={state.scenario.seed} act={act.clone()} />
            <span class="pair" role="group" aria-label="History">
                <button class="icon-button" data-testid="undo" title="Undo (Ctrl + Z)" aria-label="Undo" aria-keyshortcuts="Control+Z"
                    disabled={!state.can_undo()} onclick={on(Action::Undo)}>{ icons::undo() }</button>
                <button class="icon-button" data-testid="redo" title="Redo (Ctrl + Y)" aria-label="Redo" aria-keyshortcuts="Control+Y"
                    disabled={!state.can_redo()} onclick={on(Action::Redo)}>{ icons::redo() }</button>
            </span>
            <span class="pair run" role="group" aria-label="Run">
                <button class="primary" data-testid="run" title="Run (Ctrl + Enter)"
                    onclick={on(Action::Run)}>{ icons::play() }<span class="word">{ "Run" }</span></button>
                <button class="secondary" data-testid="cancel" disabled={!running}
                    onclick={on(Action::Cancel)}>{ icons::stop() }<span class="word">{ "Cancel" }</span></button>
            </span>
            <span class="pair give" role="group" aria-label="Show">
                if tells {
                    <button class="secondary" key="talk" data-testid="talk" title="Give this scenario’s talk: its story, step by step"
                        onclick={on(Action::Talk(talk::Event::Start(0)))}>{ icons::talk() }<span class="word">{ "Talk" }</span></button>
                } else {
                    <button class="secondary" key="talks" data-testid="talk" aria-haspopup="dialog"
                        title={if state.problems.is_some() { "No talk while the text has problems: see which scenarios have one" } else { "No talk in this scenario: see which have one" }}
                        onclick={talks.reform(|_: MouseEvent| ())}>{ icons::talk() }<span class="word">{ "Talk" }</span></button>
                }
                if tells {
                    <button class="icon-button more-talks" key="all-talks" data-testid="all-talks" aria-haspopup="dialog" aria-label="All talks"
                        title="All talks" onclick={talks.reform(|_: MouseEvent| ())}>{ icons::down() }</button>
                }
                <button class="secondary" data-testid="share" title="A link that holds this scenario"
                    onclick={share.reform(|_: MouseEvent| ())}>{ icons::link() }<span class="word">{ "Share" }</span></button>
            </span>
            <ThemeChoice theme={*theme} set={set_theme.clone()} />
            <button class="icon-button help-button" id="help-button" data-testid="help" title="Help (?)" aria-label="Help"
                aria-keyshortcuts="?" onclick={help.reform(|_: MouseEvent| ())}>{ icons::question() }</button>
            <Progress run={state.run.clone()} />
        </header>
    }
}

#[derive(PartialEq, Properties)]
struct SeedProps {
    seed: Seed,
    act: Callback<Action>,
}

#[component]
fn SeedField(props: &SeedProps) -> Html {
    let problem = use_state(|| false);
    let set = {
        let (act, problem) = (props.act.clone(), problem.clone());
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let seed = input
                .value()
                .trim()
                .parse::<u64>()
                .ok()
                .filter(|seed| *seed <= Seed::MAX);
            problem.set(seed.is_none());
            if let Some(seed) = seed {
                act.emit(Action::set("/seed", seed.into()));
            }
        })
    };
    let settle = props.act.reform(|_: FocusEvent| Action::Settle);
    // Another seed of 32 bits: short enough to read out.
    let roll = props.act.reform(|_: MouseEvent| {
        let seed = (js_sys::Math::random() * f64::from(u32::MAX)) as u64;
        Action::set("/seed", seed.into())
    });
    html! {
        <span class="seed">
            <label class="field">
                <span>{ "Seed" }</span>
                <input data-testid="seed" inputmode="numeric" autocomplete="off" spellcheck="false"
                    size="8" value={props.seed.get().to_string()} oninput={set} onblur={settle}
                    aria-invalid={problem.to_string()}
                    title="All randomness comes from it: a whole number from 0 to 2^53 − 1" />
            </label>
            <button class="quiet" onclick={roll} title="Another seed: how much is luck?">{ "Roll" }</button>
        </span>
    }
}

#[derive(PartialEq, Properties)]
struct ThemeProps {
    theme: Theme,
    set: Callback<Theme>,
}

#[component]
fn ThemeChoice(props: &ThemeProps) -> Html {
    let option = |theme: Theme| {
        let (icon, label) = match theme {
            Theme::Auto => (icons::system(), "Colours as the system"),
            Theme::Light => (icons::sun(), "Light colours"),
            Theme::Dark => (icons::moon(), "Dark colours"),
        };
        let choose = props.set.reform(move |_: Event| theme);
        html! {
            <label title={label}>
                <input type="radio" name="theme" value={theme.name()} aria-label={label}
                    checked={theme == props.theme} onchange={choose} />
                { icon }
            </label>
        }
    };
    html! {
        <span class="segments" role="radiogroup" aria-label="Colours">
            { for Theme::ALL.into_iter().map(option) }
        </span>
    }
}

#[derive(PartialEq, Properties)]
struct ProgressProps {
    run: Run,
}

#[component]
fn Progress(props: &ProgressProps) -> Html {
    let (value, max) = match props.run {
        Run::Running { parts: 0, .. } => (None, 1),
        Run::Running { done, parts } => (Some(done.to_string()), parts),
        Run::Done => (Some("1".to_owned()), 1),
        Run::Idle | Run::Failed(_) => (Some("0".to_owned()), 1),
    };
    let rests = !matches!(props.run, Run::Running { .. });
    html! {
        <progress data-testid="progress" class={classes!(rests.then_some("rests"))}
            aria-label="Progress of the run" {value} max={max.to_string()} />
    }
}

/// Moves the focus to the element with this id.
pub(super) fn focus(id: &str) {
    let element = window()
        .document()
        .and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
