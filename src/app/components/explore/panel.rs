//! A question's frame: its form on one side, how it is doing and what was found on the other.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::components::icons;
use crate::app::explore::{Event, Running, Slot, comparable};
use crate::app::state::{Action, State};
use crate::report::charts::ticks::short_seconds;
use crate::study::question::{Kind, Question};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) kind: Kind,
    pub(super) title: AttrValue,
    /// What it answers.
    pub(super) says: AttrValue,
    pub(super) state: State,
    pub(super) act: Callback<Action>,
    /// The question as the form has it, or what is wrong with the form.
    pub(super) question: Callback<(), Result<Question, String>>,
    /// The fields.
    pub(super) children: Html,
    /// What was found.
    pub(super) found: Html,
}

/// A kind's name for scripts.
pub(super) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::BreakEven => "break-even",
        Kind::Sensitivity => "sensitivity",
        Kind::Sweep => "sweep",
    }
}

#[component]
pub(super) fn Panel(props: &Props) -> Html {
    let (kind, state) = (props.kind, &props.state);
    let wrong = use_state(|| None::<String>);
    let running = state.explored.running(kind);
    let Slot { shown, failed } = state.explored.of(kind);
    let ask = {
        let (question, act, wrong) = (props.question.clone(), props.act.clone(), wrong.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match question.emit(()) {
                Ok(question) => {
                    wrong.set(None);
                    act.emit(Action::Explore(Event::Ask(question)));
                }
                Err(message) => wrong.set(Some(message)),
            }
        })
    };
    let stop = props
        .act
        .reform(|_: MouseEvent| Action::Explore(Event::Stop));
    let other = state.explored.running.is_some() && running.is_none();
    let missing = state.missing();
    let barred = if state.problems.is_some() {
        Some("Mend the scenario’s text first.".to_owned())
    } else if let Some(first) = missing.first() {
        Some(format!(
            "The scenario reads the file {first:?}: choose it first."
        ))
    } else if other {
        Some("One question at a time: another is being answered.".to_owned())
    } else {
        None
    };
    let is_partial = shown.as_ref().is_some_and(|shown| !shown.found.is_whole());
    let is_old = shown.as_ref().is_some_and(|shown| shown.text != state.text);
    let word = match (running, failed, shown) {
        (Some(_), ..) => "running",
        (None, Some(_), _) => "failed",
        (None, None, Some(_)) if is_partial => "stopped",
        (None, None, Some(_)) => "done",
        (None, None, None) => "idle",
    };
    let said = (*wrong)
        .clone()
        .or_else(|| failed.as_deref().map(str::to_owned));
    let id = format!("explore-{}", name(kind));
    html! {
        <article class={classes!("ask", is_old.then_some("stale"))} aria-labelledby={id.clone()}
            data-testid="explore" data-kind={name(kind)} data-state={word}>
            <form onsubmit={ask} novalidate={true}>
                <h3 id={id}>{ &props.title }</h3>
                <p>{ &props.says }</p>
                <div class="fields">{ props.children.clone() }</div>
                <div class="go">
                    if running.is_some() {
                        <button type="button" class="secondary" data-testid="explore-stop" key="stop" onclick={stop}>
                            { icons::stop() }{ "Stop" }
                        </button>
                    } else {
                        <button type="submit" class="primary" data-testid="explore-ask" key="ask" disabled={barred.is_some()}>
                            { "Find out" }
                        </button>
                    }
                    if let Some(barred) = barred.filter(|_| running.is_none()) { <small>{ barred }</small> }
                </div>
                if let Some(said) = said.filter(|_| running.is_none()) {
                    <p class="problem" role="alert" data-testid="explore-problem">{ said }</p>
                }
            </form>
            <div class="answer" aria-live="polite" aria-busy={running.is_some().to_string()}>
                if let Some(running) = running { <Pace running={running.clone()} /> }
                if is_old && shown.is_some() && running.is_none() {
                    <p class="old" data-testid="explore-old">
                        { "Of the scenario before it was changed. Ask again for what it is now." }
                    </p>
                }
                { props.found.clone() }
            </div>
        </article>
    }
}

#[derive(PartialEq, Properties)]
struct PaceProps {
    running: Running,
}

/// How far it has come, and how long it will take yet.
#[component]
fn Pace(props: &PaceProps) -> Html {
    let pace = &props.running.pace;
    let is_sweep = props.running.question.kind() == Kind::Sweep;
    let what = if is_sweep { "points" } else { "runs" };
    let done = libm::floor(pace.done);
    let words = match (pace.of, pace.left_s) {
        (Some(of), Some(left)) if left >= 0.5 => {
            format!(
                "{done} of {of} {what}, about {} left",
                short_seconds(libm::ceil(left))
            )
        }
        (Some(of), _) => format!("{done} of {of} {what}"),
        (None, _) if pace.done > 0.0 => format!("{done} values tried"),
        (None, _) => "Starting".to_owned(),
    };
    html! {
        <p class="pace" data-testid="explore-pace" aria-live="off">
            <progress aria-label="Progress of the answer" value={pace.of.map(|_| pace.done.to_string())}
                max={pace.of.unwrap_or(1).to_string()} />
            <span>{ words }</span>
        </p>
    }
}

/// What stands where nothing was asked yet.
pub(super) fn nothing(says: &str) -> Html {
    html! { <p class="empty">{ says }</p> }
}

/// The names of the designs that can be compared.
pub(super) fn designs(state: &State) -> Rc<Vec<AttrValue>> {
    let all = comparable(&state.scenario).into_iter();
    Rc::new(all.map(AttrValue::from).collect())
}
