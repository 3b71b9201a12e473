//! The bar on top: what is run, and how it is doing.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::icons;
use crate::app::about::{self, About};
use crate::app::state::{Action, Run, State};
use crate::app::talk;
use crate::app::theme::Theme;
use crate::scenario::presets::{self, BLANK, Preset};
use crate::scenario::quantity::Seed;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) act: Callback<Action>,
    pub(super) theme: Theme,
    pub(super) set_theme: Callback<Theme>,
    /// The reader wants to share the scenario.
    pub(super) share: Callback<()>,
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
        help,
    } = props;
    let tells = state.problems.is_none() && !state.scenario.story.is_empty();
    let running = matches!(state.run, Run::Running { .. });
    let on = |action: Action| {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| act.emit(action.clone()))
    };
    let open = {
        let act = act.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            if let Some(preset) = presets::by_name(&select.value()) {
                act.emit(Action::Open(preset));
            }
        })
    };
    let option_of = |preset: &'static Preset, title: &str, about: &str| {
        html! {
            <option value={preset.name} selected={preset.name == state.preset.name}>
                <span class="name">{ title }</span><span class="dash">{ " – " }</span><span class="about">{ about }</span>
            </option>
        }
    };
    let option = |about: &About| option_of(about.preset, &about.title, &about.question);
    let groups = about::presets().chunk_by(|a, b| is_textbook(a.preset) == is_textbook(b.preset));
    let groups = groups.map(|group| {
        let label = if is_textbook(group[0].preset) {
            "Textbook: held against theory"
        } else {
            "Questions"
        };
        html! { <optgroup {label}>{ for group.iter().map(option) }</optgroup> }
    });
    html! {
        <header class="bar">
            <a class="brand" href="./" aria-label="stayfresh, start page">
                { icons::logo() }<span>{ "stayfresh" }</span>
            </a>
            <label class="field preset">
                <span>{ "Scenario" }</span>
                // Where lists can be styled, the button shows the title alone.
                <select data-testid="preset" onchange={open}>
                    <button><selectedcontent /></button>
                    { for groups }
                    <optgroup label="From nothing">
                        { option_of(&BLANK, "Blank", "Hotels, and one design that polls them: add your own") }
                    </optgroup>
                </select>
            </label>
            <SeedField seed={state.scenario.seed} act={act.clone()} />
            <span class="pair" role="group" aria-label="History">
                <button class="icon-button" data-testid="undo" title="Undo" aria-label="Undo"
                    disabled={!state.can_undo()} onclick={on(Action::Undo)}>{ icons::undo() }</button>
                <button class="icon-button" data-testid="redo" title="Redo" aria-label="Redo"
                    disabled={!state.can_redo()} onclick={on(Action::Redo)}>{ icons::redo() }</button>
            </span>
            <span class="pair run" role="group" aria-label="Run">
                <button class="primary" data-testid="run" title="Run (Ctrl + Enter)"
                    onclick={on(Action::Run)}>{ icons::play() }{ "Run" }</button>
                <button class="secondary" data-testid="cancel" disabled={!running}
                    onclick={on(Action::Cancel)}>{ icons::stop() }{ "Cancel" }</button>
            </span>
            <span class="pair give" role="group" aria-label="Show">
                <button class="secondary" data-testid="talk" disabled={!tells}
                    title={if tells { "Give this scenario's talk: its story, step by step" } else { "This scenario has no story to tell" }}
                    onclick={on(Action::Talk(talk::Event::Start(0)))}>{ icons::system() }{ "Talk" }</button>
                <button class="secondary" data-testid="share" title="A link that holds this scenario"
                    onclick={share.reform(|_: MouseEvent| ())}>{ icons::link() }{ "Share" }</button>
            </span>
            <ThemeChoice theme={*theme} set={set_theme.clone()} />
            <button class="icon-button help-button" id="help-button" data-testid="help" title="Help (?)" aria-label="Help"
                aria-keyshortcuts="?" onclick={help.reform(|_: MouseEvent| ())}>{ icons::question() }</button>
            <Progress run={state.run.clone()} />
        </header>
    }
}

/// Whether a preset is there to be held against a closed form.
fn is_textbook(preset: &Preset) -> bool {
    preset.name.starts_with("textbook")
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
