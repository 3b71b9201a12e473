//! The live view once it is open: asks for films, runs the clock, lays out the lanes.

use std::rc::Rc;

use gloo::timers::callback::{Interval, Timeout};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::controls::{Controls, Mark};
use super::frames::Frames;
use super::injector::Injector;
use super::lane::{Lane, Stages};
use crate::app::components::modal;
use crate::app::components::near::use_near;
use crate::app::components::select::Select;
use crate::app::engine::{Engine, Heard};
use crate::app::live::clock::Clock;
use crate::app::live::films::{Asked, Event, Films};
use crate::app::live::timeline::Class;
use crate::app::protocol::Task;
use crate::app::state::{Action, State};
use crate::app::theme;
use crate::report::words::{self, Pipeline};
use crate::sim::clock::{DAY, HOUR};
use crate::world::World;

/// At most so many hotels are filmed.
const HOTELS: u64 = 10;
/// A changed scenario is filmed after this pause, in milliseconds: a knob may still be moving.
const PAUSE: u32 = 400;
/// Numbers beside what moves are brought up to date this often, in milliseconds.
const NUMBERS: f64 = 120.0;
/// Who does not want motion gets a step this often, in milliseconds.
const STEP: u32 = 1_000;
/// Nights ahead on offer.
const AHEAD: [usize; 3] = [30, 60, 90];

#[derive(PartialEq, Properties)]
pub(in crate::app::components) struct Props {
    pub(in crate::app::components) state: State,
    pub(in crate::app::components) act: Callback<Action>,
    pub(in crate::app::components) dark: bool,
    /// Whether it is part of a talk: it plays by itself, and nothing is injected.
    #[prop_or_default]
    pub(in crate::app::components) is_told: bool,
}

#[derive(Default, PartialEq)]
struct Kept(Films);

impl Reducible for Kept {
    type Action = Event;

    fn reduce(self: Rc<Self>, event: Event) -> Rc<Self> {
        Rc::new(Self(self.0.after(event)))
    }
}

#[component]
pub(in crate::app::components) fn Theatre(props: &Props) -> Html {
    let Props {
        state,
        act,
        dark,
        is_told,
    } = props;
    let kept = use_reducer(Kept::default);
    let films = &kept.0;
    let node = use_node_ref();
    let nights = use_state(|| 1_u32);
    let ahead = use_state(|| Some(AHEAD[1]));
    let hidden = use_state(|| [false; Class::ALL.len()]);
    let stage = use_state(Stages::default);
    let is_seen = use_near(&node, "0px");
    let still = *use_memo((), |()| theme::matches("(prefers-reduced-motion: reduce)"));

    // The clock itself, which frames move; and as it is shown, which is not as often.
    let clock = use_mut_ref(|| {
        let clock = Clock::new(state.scenario.run.horizon());
        if *is_told { clock.toggled() } else { clock }
    });
    let shown = use_state(|| *clock.borrow());
    let set = {
        let (clock, shown) = (clock.clone(), shown.setter());
        use_callback((), move |next: Clock, ()| {
            *clock.borrow_mut() = next;
            shown.set(next);
        })
    };

    let wanted = Asked {
        text: state.text.clone(),
        scenario: state.scenario.clone(),
        nights: (*nights).min(longest(state)),
    };
    let is_ready = state.problems.is_none() && state.missing().is_empty();
    let is_old = films
        .asked
        .as_ref()
        .is_none_or(|asked| asked.text != wanted.text || asked.nights != wanted.nights);
    {
        let (tell, set, clock) = (kept.dispatcher(), set.clone(), clock.clone());
        let due = (is_seen && is_ready && is_old).then(|| (wanted.text.clone(), wanted.nights));
        let pause = if films.asked.is_none() { 0 } else { PAUSE };
        use_effect_with(due, move |due| {
            let timer = due.is_some().then(|| {
                Timeout::new(pause, move || {
                    let now = clock.borrow().over(wanted.scenario.run.horizon());
                    set.emit(now);
                    tell.dispatch(Event::Ask(wanted));
                })
            });
            move || drop(timer)
        });
    }
    use_film_worker(state, films, shown.day(), kept.dispatcher());

    let is_whole = films.is_whole();
    let moving = shown.playing && is_whole && !still && is_seen;
    {
        let (clock, set, stage) = (clock.clone(), set.clone(), stage.clone());
        let node = node.clone();
        use_effect_with((moving, films.clone()), move |(moving, films)| {
            let films = films.clone();
            let mut since = 0.0;
            let frames = moving.then(|| {
                Frames::start(move |passed| {
                    // Nobody sees what goes on behind a window.
                    if modal::is_over(&node) {
                        return true;
                    }
                    let before = *clock.borrow();
                    let next = before.after(passed);
                    *clock.borrow_mut() = next;
                    for (place, painter) in stage.0.borrow_mut().iter_mut() {
                        let day = films.day(next.day(), *place).map(|day| &**day);
                        let earlier =
                            (before.day() != next.day()).then(|| films.day(before.day(), *place));
                        let earlier = earlier.flatten().map(|day| &**day);
                        painter.go_on(next.at, passed, next.per_second(), [earlier, day]);
                    }
                    since += passed;
                    if since >= NUMBERS || !next.playing {
                        since = 0.0;
                        set.emit(next);
                    }
                    next.playing
                })
            });
            move || drop(frames)
        });
    }
    {
        let (clock, set, node) = (clock.clone(), set.clone(), node.clone());
        use_effect_with(
            shown.playing && is_whole && still && is_seen,
            move |stepping| {
                let steps = stepping.then(|| {
                    Interval::new(STEP, move || {
                        let now = *clock.borrow();
                        if !modal::is_over(&node) {
                            set.emit(now.after(f64::from(STEP)));
                        }
                    })
                });
                move || drop(steps)
            },
        );
    }

    let keys = {
        let (clock, set) = (clock.clone(), set.clone());
        Callback::from(move |event: KeyboardEvent| {
            let now = *clock.borrow();
            let name = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
                .map(|target| target.tag_name());
            let name = name.unwrap_or_default();
            let span = if event.shift_key() { DAY } else { HOUR };
            let is_slider = event
                .target()
                .and_then(|of| of.dyn_into::<HtmlElement>().ok())
                .is_some_and(|of| of.get_attribute("type").as_deref() == Some("range"));
            if matches!(name.as_str(), "SELECT" | "SUMMARY")
                || (name == "INPUT" && !is_slider)
                || event.ctrl_key()
                || event.meta_key()
                || event.alt_key()
            {
                return;
            }
            let next = match event.key().as_str() {
                " " if name != "BUTTON" => now.toggled(),
                "ArrowLeft" => now.moved(now.at - span),
                "ArrowRight" => now.moved(now.at + span),
                "Home" => now.moved(now.from),
                "End" => now.moved(now.to),
                _ => return,
            };
            event.prevent_default();
            set.emit(next);
        })
    };
    let hide = {
        let hidden = hidden.clone();
        Callback::from(move |class: Class| {
            let mut next = *hidden;
            next[class as usize] = !next[class as usize];
            hidden.set(next);
        })
    };
    let marks: Vec<Mark> = (films.shown().enumerate())
        .flat_map(|(design, film)| {
            let name = &film.reel.design;
            film.marks().map(move |(at, what, is_fault)| Mark {
                at,
                design,
                what: format!("{name}: {what}"),
                is_fault,
            })
        })
        .collect();
    let designs = films
        .asked
        .as_ref()
        .map(|asked| asked.scenario.compared())
        .unwrap_or_default();
    let lanes = films.shown().enumerate().filter_map(|(place, film)| {
        let design = designs.iter().find(|design| design.name == film.reel.design)?;
        let days = (0..2).filter_map(|back| films.day(shown.day().checked_sub(back)?, place).cloned());
        Some(html! {
            <Lane key={film.reel.design.clone()} {place} film={film.clone()} pipeline={Pipeline::of(design)} at={shown.at} {moving}
                dark={*dark} ahead={*ahead} hidden={*hidden} hide={hide.clone()} days={days.collect::<Vec<_>>()}
                per_second={shown.per_second()} stage={(*stage).clone()} />
        })
    });
    let faults = films
        .asked
        .as_ref()
        .map_or(&[][..], |asked| &asked.scenario.faults);
    let faults = faults.iter().filter_map(words::told);
    let mut faults: Vec<_> = faults.map(|told| (told.at, told.what)).collect();
    faults.dedup();
    let (done, all) = films.pace();
    let word = match () {
        () if films.failed.is_some() => "failed",
        () if films.is_filming() => "filming",
        () if is_old => "old",
        () => "ready",
    };
    let barred = !is_ready;
    let by_night = !matches!(state.scenario.world, World::TwoState(_));
    let nights_of = (1..=longest(state))
        .map(|nights| option(&nights.to_string(), nights))
        .collect::<Vec<_>>();
    let nights_ahead = AHEAD
        .into_iter()
        .filter(|nights| *nights < window(state))
        .map(|nights| option(&nights.to_string(), nights as u32));
    let all_ahead = [(AttrValue::from(ALL), AttrValue::from("all nights"))];
    let nights_ahead = nights_ahead.chain(all_ahead).collect::<Vec<_>>();
    html! {
        <div class="theatre" ref={node} tabindex="-1" onkeydown={keys} data-state={word} data-moving={moving.to_string()}
            role="group" aria-label="Live view. Space plays and pauses, left and right go by an hour, with Shift by a day.">
            <div class="desk">
                <Controls clock={*shown} {marks} {faults} is_waiting={shown.playing && !is_whole} set={set.clone()} />
                if !is_told {
                    <div class="second">
                        <Injector state={state.clone()} at={shown.at - shown.from} {barred} act={act.clone()} />
                        if by_night {
                            <div class="which">
                                if longest(state) > 1 {
                                    <Select label="Stays of" testid="live-nights" value={nights.to_string()}
                                        options={nights_of}
                                        set={ let nights = nights.clone(); Callback::from(move |chosen: String| nights.set(chosen.parse().unwrap_or(1))) } />
                                }
                                <Select label="ahead" testid="live-ahead" value={ahead.filter(|nights| *nights < window(state)).map_or_else(|| ALL.to_owned(), |nights| nights.to_string())}
                                    options={nights_ahead}
                                    set={ let ahead = ahead.clone(); Callback::from(move |chosen: String| ahead.set(chosen.parse().ok())) } />
                            </div>
                        }
                    </div>
                }
            </div>
            if let Some(failed) = &films.failed { <p class="notice bad" role="alert">{ &**failed }</p> }
            if word == "filming" || (word == "old" && is_ready) {
                <p class="filming" role="status">
                    <progress aria-label="Filming" value={done.to_string()} max={all.max(1).to_string()} />
                    if word == "filming" { { format!("Filming {} of {all}", done + 1) } } else { { "The scenario has changed" } }
                </p>
            }
            <div class="lanes">{ for lanes }</div>
        </div>
    }
}

/// The value of the choice that leaves none out.
const ALL: &str = "all";

fn option(value: &str, nights: u32) -> (AttrValue, AttrValue) {
    let plural = if nights == 1 { "" } else { "s" };
    (
        AttrValue::from(value.to_owned()),
        AttrValue::from(format!("{nights} night{plural}")),
    )
}

/// The most nights of a stay.
fn longest(state: &State) -> u32 {
    match &state.scenario.world {
        World::TwoState(_) => 1,
        World::Hotels(world) => world.max_nights.get(),
        World::Trace(world) => world.max_nights.get(),
    }
}

/// Nights that can be booked ahead.
fn window(state: &State) -> usize {
    let window = match &state.scenario.world {
        World::TwoState(_) => return 0,
        World::Hotels(world) => world.booking_window,
        World::Trace(world) => world.booking_window,
    };
    usize::try_from(window.micros() / DAY).unwrap_or(usize::MAX)
}

/// Keeps a worker for films, and hands it what is asked for: films, and the day that the clock is in with the
/// next.
#[hook]
fn use_film_worker(state: &State, films: &Films, day: u32, tell: UseReducerDispatcher<Kept>) {
    let engine = use_mut_ref(|| None::<Engine>);
    let files = state.files.clone();
    {
        let (engine, files, asked) = (engine.clone(), files.clone(), films.asked.clone());
        use_effect_with(films.job, move |job| {
            let Some(asked) = asked else {
                return;
            };
            let mut engine = engine.borrow_mut();
            if engine.is_none() {
                let report = tell.clone();
                let hear = move |heard: Heard| {
                    heard
                        .of_films()
                        .into_iter()
                        .for_each(|event| report.dispatch(event));
                };
                match Engine::start(hear) {
                    Ok(started) => *engine = Some(started),
                    Err(message) => tell.dispatch(Event::Broken(message.into())),
                }
            }
            if let Some(engine) = &*engine {
                let task = Task::Film {
                    hotels: HOTELS,
                    nights: asked.nights,
                };
                engine.ask(*job, &asked.text, task, files);
            }
        });
    }
    let job = films.is_whole().then_some(films.job);
    let missing: Vec<u32> = [day, day + 1]
        .into_iter()
        .filter(|day| films.day(*day, 0).is_none())
        .collect();
    use_effect_with((job, day), move |(job, _)| {
        if let (Some(job), Some(engine)) = (job, &*engine.borrow()) {
            for day in missing {
                engine.ask(*job, "", Task::Day(day), files.clone());
            }
        }
    });
}
