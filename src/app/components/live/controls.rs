//! The clock's face: play, step, speed, and a slider with what happened on it.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::app::components::icons;
use crate::app::live::clock::{Clock, SPEEDS};
use crate::report::charts::ticks;
use crate::report::words::when;
use crate::sim::clock::{HOUR, MINUTE, Time};

/// Something that happened to a design.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    pub(super) at: Time,
    pub(super) design: usize,
    pub(super) what: String,
    pub(super) is_fault: bool,
}

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) clock: Clock,
    pub(super) marks: Vec<Mark>,
    /// The scenario's faults: what each is, and when it begins.
    pub(super) faults: Vec<(Time, String)>,
    /// It has been started, and what it shows is not there yet.
    pub(super) is_waiting: bool,
    pub(super) set: Callback<Clock>,
}

/// More marks than this say less.
const MOST: usize = 160;
/// How wide the drawing of marks counts itself.
const TICKS: f64 = 1_000.0;

#[component]
pub(super) fn Controls(props: &Props) -> Html {
    let Props {
        clock, marks, set, ..
    } = props;
    let clock = *clock;
    let play = set.reform(move |_: MouseEvent| clock.toggled());
    let next = {
        let moments: Vec<Time> = marks.iter().map(|mark| mark.at).collect();
        set.reform(move |_: MouseEvent| clock.at_next(moments.iter().copied()))
    };
    let hour = set.reform(move |_: MouseEvent| clock.moved(clock.at + HOUR));
    let scrub = set.reform(move |event: InputEvent| {
        let slider: HtmlInputElement = event.target_unchecked_into();
        let minutes = slider.value_as_number();
        clock.moved(clock.from + (minutes * MINUTE as f64) as Time)
    });
    let speed = set.reform(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        Clock {
            speed: select.selected_index().max(0) as usize,
            ..clock
        }
    });
    let told = when(clock.hour());
    // Faults first, where there are too many.
    let faults = marks.iter().filter(|mark| mark.is_fault);
    let others = marks.iter().filter(|mark| !mark.is_fault);
    let ticks = faults.chain(others).take(MOST).map(|mark| {
        let x = format!("{:.2}", clock.share(mark.at) * TICKS);
        let top = if mark.is_fault { "0" } else { "6" };
        html! {
            <line class={classes!(icons::slot(mark.design), mark.is_fault.then_some("fault"))} x1={x.clone()} x2={x} y1={top} y2="12">
                <title>{ &mark.what }</title>
            </line>
        }
    });
    let coming = marks
        .iter()
        .filter(|mark| mark.at <= clock.at && mark.at > clock.at - 6 * HOUR);
    let last = coming
        .max_by_key(|mark| mark.at)
        .map(|mark| mark.what.clone());
    html! {
        <div class="clock">
            <div class="keys">
                <button type="button" class="primary" data-testid="live-play" aria-keyshortcuts="Space" onclick={play}>
                    if props.is_waiting { { icons::pause() }{ "Waiting" } } else if clock.playing { { icons::pause() }{ "Pause" } } else { { icons::play() }{ "Play" } }
                </button>
                <button type="button" class="secondary" data-testid="live-step" onclick={next}
                    title="To the next event, or an hour on">{ icons::next() }{ "Next event" }</button>
                <button type="button" class="secondary" data-testid="live-hour" onclick={hour}>{ "+1 h" }</button>
                <label class="choose"><span class="hidden">{ "Speed" }</span>
                    <select data-testid="live-speed" onchange={speed}>
                        { for SPEEDS.iter().enumerate().map(|(index, (_, name))| html! {
                            <option selected={index == clock.speed}>{ *name }</option>
                        }) }
                    </select>
                </label>
            </div>
            <output data-testid="live-clock" data-hour={clock.hour().to_string()}>
                <b>{ &told }</b>
                <small>{ last.unwrap_or_default() }</small>
            </output>
            <div class="scrub">
                <svg class="above" aria-hidden="true">{ for names(&clock, &props.faults) }</svg>
                <svg class="ticks" viewBox={format!("0 0 {TICKS} 12")} preserveAspectRatio="none" aria-hidden="true">{ for ticks }</svg>
                <input type="range" data-testid="live-scrub" aria-label="Moment of the run" aria-valuetext={told} min="0"
                    max={((clock.to - clock.from) / MINUTE).to_string()} step="1"
                    value={((clock.at - clock.from) / MINUTE).to_string()} oninput={scrub} />
                <svg class="below" aria-hidden="true">{ for days(&clock) }</svg>
            </div>
        </div>
    }
}

/// The share of the timeline that a letter of a name may take.
const LETTER: f64 = 0.009;

/// Names of faults where they begin, as far as they do not run into each other.
fn names(clock: &Clock, faults: &[(Time, String)]) -> Vec<Html> {
    let mut faults: Vec<&(Time, String)> = faults.iter().collect();
    faults.sort_by_key(|(at, _)| *at);
    let mut free = 0.0;
    let placed = faults.into_iter().filter_map(|(at, name)| {
        let width = name.chars().count() as f64 * LETTER;
        let left = clock.share(clock.from + at).min(1.0 - width);
        (left >= free).then(|| {
            free = left + width;
            html! { <text x={format!("{:.2}%", left * 100.0)} y="11">{ name }</text> }
        })
    });
    placed.collect()
}

/// About so many of its days are named.
const DAYS: usize = 7;

/// The days of the run, or its hours if it is short.
fn days(clock: &Clock) -> impl Iterator<Item = Html> {
    let last = (clock.to - clock.from) as f64 / HOUR as f64;
    let ticks = ticks::hours(last, DAYS);
    let in_days = ticks.iter().all(|hour| hour % 24.0 == 0.0);
    ticks.into_iter().map(move |hour| {
        let share = hour / last;
        // The first begins at its place, the last ends there.
        let anchor = match share {
            _ if share < 0.03 => "start",
            _ if share > 0.97 => "end",
            _ => "middle",
        };
        html! {
            <text x={format!("{:.2}%", share * 100.0)} y="11" text-anchor={anchor}>
                { ticks::hour_label(hour, in_days) }
            </text>
        }
    })
}
