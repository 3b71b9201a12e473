//! What is seen. A component shows a part of the state and says what the reader wants.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use gloo::utils::{body, document, document_element, window};
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::crew::Crew;
use super::engine::{Engine, Heard};
use super::explore::Event;
use super::kept::{self, KEY};
use super::protocol::Task;
use super::runs::Moved;
use super::share::Unreadable;
use super::state::{Action, Due, Run, State};
use super::storage;
use super::theme::{self, Theme};

mod arrived;
mod board;
mod chart;
mod charts;
mod compared;
mod copy;
mod designs;
mod dock;
mod download;
mod editor;
mod embed;
mod explore;
mod figure;
mod files;
mod footer;
mod found;
mod frontier;
mod glance;
mod header;
mod help;
mod icons;
mod incoming;
mod keeping;
mod knobs;
mod late;
mod live;
mod menu;
mod modal;
mod near;
mod numbers;
mod pipeline;
mod question;
mod reading;
mod record;
mod runs;
mod scenarios;
mod sections;
mod select;
mod share;
mod stage;
mod talk;
mod talks;
mod tips;
mod tour;
mod verdict;

/// A text that is typed runs after this pause, in milliseconds.
const PAUSE: u32 = 450;

/// The state, where yew wants it.
#[derive(PartialEq)]
struct Page(State);

impl Reducible for Page {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let after = self.0.after(action);
        // At once: to say so after the page is drawn would have it drawn twice.
        let runs = self.0.due != Due::Now && after.due == Due::Now;
        Rc::new(Self(if runs {
            after.after(Action::Run)
        } else {
            after
        }))
    }
}

/// The page.
#[component]
pub(super) fn App() -> Html {
    // Presets are part of the program, and a test reads each.
    let begun = use_memo((), |()| {
        let asked = keeping::address();
        // A page within another is not the reader's own.
        let kept = if asked.is_embedded {
            None
        } else {
            storage::get_own(KEY)
        };
        let begun = kept::begin(kept, &asked);
        begun.map(|(first, unreadable)| (Rc::new(first), unreadable, asked.is_embedded))
    });
    match &*begun {
        Ok((first, unreadable, embedded)) => {
            html! { <Playground first={first.clone()} unreadable={*unreadable} embedded={*embedded} /> }
        }
        _ => html! { <main><p>{ "This build has no scenario to start from." }</p></main> },
    }
}

#[derive(PartialEq, Properties)]
struct PlaygroundProps {
    first: Rc<State>,
    /// Why the address could not be followed, if it could not.
    unreadable: Option<Unreadable>,
    /// Whether the page stands within another.
    embedded: bool,
}

#[component]
fn Playground(props: &PlaygroundProps) -> Html {
    let page = use_reducer(|| Page((*props.first).clone()));
    let act = {
        let dispatcher = page.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let theme = use_state(Theme::kept);
    let state = &page.0;
    use_auto_run(state, act.clone());
    {
        // After each drawing, as it may have begun and ended since the last one.
        let run = state.run.clone();
        use_effect(move || say_run(&run));
    }
    use_engine(state, act.clone());
    use_warm(state);
    use_explorer(state, act.clone());
    keeping::use_address(state);
    let keeps = keeping::use_autosave(state, !props.embedded);
    use_entrance(state);
    let sharing = use_state(|| false);
    let (open, incoming) = incoming::use_incoming(state, act.clone());
    let helping = use_state(|| false);
    let help = {
        let helping = helping.setter();
        use_callback((), move |on: bool, ()| helping.set(on))
    };
    let tour = tour::use_tour(state, !props.embedded);
    let (sheet, listing) = (use_state(|| false), use_state(|| false));
    let slide = {
        let sheet = sheet.setter();
        use_callback((), move |open: bool, ()| sheet.set(open))
    };
    let list = {
        let listing = listing.setter();
        use_callback((), move |on: bool, ()| listing.set(on))
    };
    use_shortcuts(act.clone(), help.clone(), state.talk.is_some());

    let dark = use_dark(*theme);
    let stale = late::use_late(state.stale());
    let shown = state.shown.as_ref();
    let partial = late::use_late(shown.is_some_and(|shown| shown.done < shown.parts));
    let behind = runs::use_behind(state);
    // Numbers of a part of a run differ for that alone.
    let is_done = state.run == Run::Done && !state.stale();
    let before = runs::before(&behind).filter(|_| is_done);
    let moved = before.zip(state.shown.as_ref());
    // Found once for two runs.
    let jobs = moved.map(|(before, now)| (before.shown.job, now.job));
    let moved = use_memo(jobs, |_| {
        moved.and_then(|(before, now)| Moved::between(&before.shown, now))
    });
    let moved = (*moved).clone();
    let before = before.map(|run| run.shown.results.clone());
    runs::use_stored(state, !props.embedded, &act);

    let set_theme = {
        let theme = theme.clone();
        Callback::from(move |chosen: Theme| theme.set(chosen))
    };
    if props.embedded {
        return html! { <embed::Embedded state={state.clone()} {dark} /> };
    }
    let share = {
        let sharing = sharing.setter();
        Callback::from(move |()| sharing.set(true))
    };
    let shared = {
        let sharing = sharing.setter();
        Callback::from(move |()| sharing.set(false))
    };
    // As the part of this very text: the next change of the same list is another.
    let text = Rc::as_ptr(&state.text).cast::<u8>() as usize;
    let called = state.part.clone().map(|part| (part, text));
    // Not by the address: what follows # there is a scenario, or a step of a talk.
    let to_text = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        editor::go_there();
    });
    let to_form = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        dock::go_to_form();
    });
    html! {
        <>
            <a class="skip" href="#results">{ "Skip to the results" }</a>
            <a class="skip" href={format!("#{}", knobs::FORM)} onclick={to_form}>{ "Skip to the assumptions" }</a>
            <a class="skip" href="#scenario-text" onclick={to_text}>{ "Skip to the scenario’s text" }</a>
            <header::Header state={state.clone()} act={act.clone()} theme={*theme} {set_theme} {share}
                talks={list.reform(|()| true)} help={help.reform(|()| true)} />
            <div class="page">
                <knobs::Knobs scenario={state.scenario.clone()} refused={state.refused.clone()} {called}
                    broken={state.problems.is_some()} of={(state.preset.name, AttrValue::from(state.scenario.title.clone()))}
                    open={*sheet} close={slide.reform(|()| false)} act={act.clone()} />
                <main id="results" tabindex="-1">
                    <question::Question state={state.clone()} {moved} act={act.clone()} invite={tour.invitation()} />
                    if let Some(unreadable) = props.unreadable {
                        <p class="notice bad" role="alert" data-testid="unreadable">{ unreadable.to_string() }{ " What was here is kept." }</p>
                    }
                    <arrived::Arrived state={state.clone()} />
                    <files::FilesOf scenario={state.scenario.clone()} files={state.files.clone()}
                        reports={state.reports.clone()} act={act.clone()} />
                    <board::Board scenario={state.scenario.clone()}
                        results={state.shown.as_ref().map(|shown| shown.results.clone())}
                        before={before.clone()} busy={state.stale()} {stale} {partial} hand={hand_of(state, &act)} />
                    <verdict::Verdict {stale} before={before.clone()} has_glance=true
                        replicate={act.reform(|many: usize| Action::set("/run/replicates", many.into()))}
                        results={state.shown.as_ref().map(|shown| shown.results.clone())} />
                    <runs::Runs state={state.clone()} behind={behind.clone()} act={act.clone()} />
                    <charts::Charts {dark} {stale} shown={state.shown.clone()} {behind} />
                    <live::Live state={state.clone()} act={act.clone()} {dark} />
                    <explore::Explore state={state.clone()} act={act.clone()} {dark} />
                    <numbers::Numbers {stale} is_final={!matches!(state.run, Run::Running { .. })}
                        results={state.shown.as_ref().map(|shown| shown.results.clone())} />
                    <record::Downloads state={state.clone()} />
                    <editor::Editor text={state.text.clone()} title={state.scenario.title.clone()}
                        problems={state.problems.clone()} act={act.clone()} {open}
                        is_calm={state.shown.is_some() || state.problems.is_some()} />
                </main>
            </div>
            <footer::Footer state={state.clone()} {keeps} act={act.clone()} />
            <dock::Dock open={*sheet} set={slide} scenario={state.scenario.clone()} stale={state.stale()} toured={tour.is_on()}
                results={state.shown.as_ref().map(|shown| shown.results.clone())} />
            { incoming }
            if let Some(removing) = &state.removing {
                <designs::Sure removing={removing.clone()} act={act.clone()} />
            }
            if *sharing {
                <share::Share state={state.clone()} close={shared} />
            }
            if *listing {
                <talks::Talks state={state.clone()} act={act.clone()} close={list.reform(|()| false)} />
            }
            if let Some(talk) = &state.talk {
                <talk::Talking talk={talk.clone()} state={state.clone()} act={act.clone()} {dark} />
            } else if tour.is_on() {
                <tour::Guide state={state.clone()} tour={tour.clone()} />
            }
            if *helping {
                <help::Help scenario={state.scenario.clone()} close={help.reform(|()| false)} tour={tour.begin()} />
            }
            <tips::Tips />
        </>
    }
}

/// Says for scripts and styles how the run is doing.
fn say_run(run: &Run) {
    let name = match run {
        Run::Idle => "idle",
        Run::Running { .. } => "running",
        Run::Done => "done",
        Run::Failed(_) => "failed",
    };
    if body().get_attribute("data-run").as_deref() != Some(name) {
        let _ = body().set_attribute("data-run", name);
    }
}

/// Takes the place of the page as it was drawn when it was built, once there is as much to see.
#[hook]
fn use_entrance(state: &State) {
    let is_ready = state.shown.is_some()
        || state.problems.is_some()
        || state.talk.is_some()
        || matches!(state.run, Run::Failed(_));
    use_effect_with(is_ready, |is_ready| {
        if *is_ready {
            let _ = document_element().remove_attribute("data-first");
            if let Some(first) = document().get_element_by_id("first") {
                first.remove();
            }
        }
    });
}

/// How the board is edited.
fn hand_of(state: &State, act: &Callback<Action>) -> designs::Hand {
    let refused = state.refused.as_ref();
    let refused = refused.filter(|(at, _)| at.starts_with("/designs"));
    designs::Hand {
        act: act.clone(),
        refused: refused.map(|(at, why)| (at.clone(), AttrValue::from(why.to_string()))),
        placed: state.placed,
        broken: state.problems.is_some(),
    }
}

/// Runs a changed text when it is due.
#[hook]
fn use_auto_run(state: &State, act: Callback<Action>) {
    use_effect_with((state.text.clone(), state.due), move |(_, due)| {
        let timer = match due {
            Due::Never => None,
            // Before the page is drawn: the engine is at work meanwhile.
            Due::Now => {
                act.emit(Action::Run);
                None
            }
            Due::Soon => Some(Timeout::new(PAUSE, move || act.emit(Action::Run))),
        };
        move || drop(timer)
    });
}

/// Goes through an edit once, for nothing, when the first results are there and nobody has touched a knob yet: browsers
/// compile what a program does when it first does it.
#[hook]
fn use_warm(state: &State) {
    let is_first = !state.can_undo() && state.run == Run::Done;
    let state = is_first.then(|| state.clone());
    use_effect_with(is_first, move |_| {
        let timer = state.map(|state| {
            Timeout::new(PAUSE, move || {
                let seed = state.scenario.seed.get() / 2 + 1;
                drop(state.after(Action::set("/seed", seed.into())));
            })
        });
        move || drop(timer)
    });
}

/// Keeps a worker and hands it the job that is wanted.
#[hook]
fn use_engine(state: &State, act: Callback<Action>) {
    let crew = use_mut_ref(|| None::<(u32, Crew)>);
    let given = use_mut_ref(|| None::<(u32, u32)>);
    let hand_over = {
        let (crew, files, worker) = (crew.clone(), state.files.clone(), state.worker);
        let (wanted, run) = (state.wanted(), state.run.clone());
        move || {
            if let (Some((job, text)), Some((number, crew))) = (&wanted, &*crew.borrow())
                && *number == worker
                && given.replace(Some((worker, *job))) != Some((worker, *job))
            {
                crew.run(*job, text, files.clone());
                // It may be done before the page is drawn.
                say_run(&run);
            }
        }
    };
    // Before the page is drawn: the engine is at work meanwhile.
    hand_over();
    let slot = crew.clone();
    use_effect_with(state.worker, move |&worker| {
        let report = act.clone();
        // The old worker ends before the new one starts.
        drop(slot.borrow_mut().take());
        let hear = move |heard: Heard| {
            heard
                .of_run()
                .into_iter()
                .for_each(|action| report.emit(action))
        };
        match Crew::start(hear) {
            Ok(started) => *slot.borrow_mut() = Some((worker, started)),
            Err(message) => act.emit(Action::Unable(message.into())),
        }
    });
    // Or as soon as there is one.
    use_effect_with(state.worker, move |_| hand_over());
}

/// Keeps a worker for questions, from the first on, and hands it the one that is asked.
#[hook]
fn use_explorer(state: &State, act: Callback<Action>) {
    let engine = use_mut_ref(|| None::<Engine>);
    let slot: Rc<RefCell<Option<Engine>>> = engine.clone();
    // What is at work ends when another number is asked for.
    use_effect_with(state.explored.worker, move |_| {
        drop(slot.borrow_mut().take())
    });
    let files = state.files.clone();
    let asked = state.explored.running.as_ref();
    let asked = asked.map(|asked| (asked.job, asked.text.clone(), asked.question.clone()));
    use_effect_with(asked, move |asked| {
        let Some((job, text, question)) = asked else {
            return;
        };
        let mut engine = engine.borrow_mut();
        if engine.is_none() {
            let report = act.clone();
            let hear = move |heard: Heard| {
                heard
                    .of_question()
                    .into_iter()
                    .for_each(|action| report.emit(action));
            };
            match Engine::start(hear) {
                Ok(started) => *engine = Some(started),
                Err(message) => act.emit(Action::Explore(Event::Broken(message.into()))),
            }
        }
        if let Some(engine) = &*engine {
            engine.ask(
                *job,
                text,
                Task::Explore(Box::new((**question).clone())),
                files,
            );
        }
    });
}

/// Keys that work everywhere.
#[hook]
fn use_shortcuts(act: Callback<Action>, help: Callback<bool>, is_talking: bool) {
    use_effect_with(is_talking, move |&is_talking| {
        let typed = Rc::new(RefCell::new(None::<EventTarget>));
        let hears = ["input", "change"].map(|name| {
            let typed = Rc::clone(&typed);
            // Between the two, a field holds what is not yet said.
            EventListener::new(&window(), name, move |event| {
                *typed.borrow_mut() = event.target().filter(|_| name == "input");
            })
        });
        let options = EventListenerOptions::enable_prevent_default();
        let listener =
            EventListener::new_with_options(&window(), "keydown", options, move |event| {
                let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                let has_control = key.ctrl_key() || key.meta_key();
                if has_control && key.key() == "Enter" {
                    act.emit(Action::Run);
                }
                if !has_control && key.key() == "?" && help::is_wanted(event) {
                    help.emit(true);
                }
                let history = match (&*key.key().to_lowercase(), key.shift_key()) {
                    ("z", false) => Action::Undo,
                    ("z", true) | ("y", false) => Action::Redo,
                    _ => return,
                };
                let is_typing = typed.borrow().is_some() && *typed.borrow() == event.target();
                let is_ours = has_control && !key.alt_key() && !key.default_prevented();
                if is_ours && !is_talking && !is_text(event.target()) && !is_typing {
                    key.prevent_default();
                    act.emit(history);
                }
            });
        move || drop((hears, listener))
    });
}

/// Whether a text of lines is written there, which has a history of its own.
fn is_text(target: Option<EventTarget>) -> bool {
    let target = target.and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|target| target.tag_name() == "TEXTAREA" || target.is_content_editable())
}

/// Applies the theme; whether the page is dark now.
#[hook]
fn use_dark(theme: Theme) -> bool {
    let dark = use_state(theme::is_dark);
    // Paper is light.
    let is_printed = chart::use_printed();
    let now = dark.clone();
    use_effect_with(theme, move |theme| {
        theme.apply();
        now.set(theme::is_dark());
        let query = window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten();
        let listener = query.map(|query| {
            EventListener::new(&query, "change", move |_| {
                theme::paint_marks();
                now.set(theme::is_dark());
            })
        });
        move || drop(listener)
    });
    *dark && !is_printed
}
