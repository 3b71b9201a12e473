//! One chart: its drawing, and the values under the pointer over it.

use std::rc::Rc;

use gloo::events::EventListener;
use gloo::utils::{document, window};
use plotters::prelude::IntoDrawingArea;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::icons;
use super::late::use_calm;
use super::near::use_near;
use super::reading::{Cursor, use_cursor};
use crate::app::canvas::{Sharp, UNIT};
use crate::app::theme;
use crate::report::charts::{Frame, Hint, Look, Picture, Sheet};
use crate::report::figures::Reading;

/// A chart is drawn at once when it is this near to what is seen.
const NEAR: &str = "100px";

/// What a chart's look rests on: whether it is dark, its size, whether it is printed.
type On = (bool, (i32, i32), bool);

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    /// Its name for scripts.
    pub(super) name: &'static str,
    pub(super) canvas: NodeRef,
    pub(super) picture: Rc<Picture>,
    /// The chart in a sentence, for those who cannot see it.
    pub(super) spoken: AttrValue,
    /// The reader wants it larger; none where it cannot be.
    pub(super) enlarge: Option<Callback<()>>,
    /// A new look asks for a new drawing.
    pub(super) dark: bool,
}

#[component]
pub(super) fn Chart(props: &Props) -> Html {
    let Props {
        canvas, picture, ..
    } = props;
    // Where its values stand, as it was drawn last: only who reads one asks.
    let frame = use_mut_ref(Frame::default);
    let stands = use_force_update();
    let Cursor {
        at: cursor,
        leave,
        blur,
    } = use_cursor::<usize>();
    let size = use_size(canvas);
    let is_printed = use_printed();
    let is_near = use_near(canvas, NEAR);
    let look = use_mut_ref(|| None::<(On, Look)>);
    // What is read is drawn over it: moving over a chart draws nothing anew.
    let shown = (picture.clone(), (props.dark, size, is_printed));
    // What nobody sees does not keep what they see waiting.
    let drawn = use_calm(&shown, is_near || is_printed);
    {
        let (canvas, frame, name) = (canvas.clone(), frame.clone(), props.name);
        let is_read = cursor.is_some();
        use_effect_with(drawn, move |(picture, on)| {
            let canvas = canvas.cast::<HtmlCanvasElement>();
            let drawn = canvas.and_then(|canvas| {
                make_room(&canvas, picture);
                // To ask the browser for it has the page laid out at once.
                let mut look = look.borrow_mut();
                if look.as_ref().is_none_or(|(of, _)| of != on) {
                    *look = theme::look(&canvas).map(|look| (*on, look));
                }
                let (_, look) = look.as_ref()?;
                draw(&canvas, picture, look, *on, name)
            });
            if let Some(drawn) = drawn {
                *frame.borrow_mut() = drawn;
                if is_read {
                    stands.force_update();
                }
            }
        });
    }
    let last = picture.values().checked_sub(1);
    let is_across = matches!(&**picture, Picture::Lines(_));
    let read = {
        let (cursor, frame) = (cursor.clone(), frame.clone());
        Callback::from(move |event: PointerEvent| {
            let at = [event.offset_x(), event.offset_y()].map(|at| f64::from(at) * UNIT);
            let nearest = frame.borrow().nearest((at[0], at[1]));
            if nearest != *cursor {
                cursor.set(nearest);
            }
        })
    };
    let click = props.enlarge.clone().map(|enlarge| {
        Callback::from(move |event: MouseEvent| {
            // A finger reads values; it has the button.
            let pointer = event.dyn_ref::<PointerEvent>();
            if pointer.is_some_and(|pointer| pointer.pointer_type() == "mouse") {
                enlarge.emit(());
            }
        })
    });
    let step = {
        let (cursor, enlarge) = (cursor.clone(), props.enlarge.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                if let Some(enlarge) = &enlarge {
                    event.prevent_default();
                    enlarge.emit(());
                }
                return;
            }
            let Some(last) = last else {
                return;
            };
            let now = cursor.unwrap_or(if is_across { last } else { 0 });
            let day = if event.shift_key() { 24 } else { 1 };
            let next = match event.key().as_str() {
                "ArrowLeft" => now.saturating_sub(day),
                "ArrowRight" => (now + day).min(last),
                // Where the values stand below each other, or anywhere.
                "ArrowUp" if !is_across => now.saturating_sub(1),
                "ArrowDown" if !is_across => (now + 1).min(last),
                "Home" => 0,
                "End" => last,
                "Escape" if cursor.is_some() => {
                    event.prevent_default();
                    cursor.set(None);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            cursor.set(Some(next));
        })
    };
    let reading = (*cursor).and_then(|index| Some((index, Reading::of(picture, index)?)));
    let said = reading.as_ref().map(|(_, reading)| reading.spoken());
    let over = reading.map(|(index, reading)| {
        let frame = frame.borrow();
        let hints = picture.hints(&frame, index);
        let mark = frame.marks.get(index).copied().unwrap_or_default();
        html! { <>{ drawn_over(&hints, size) }<Told {reading} {mark} {size} /></> }
    });
    html! {
        <div class="frame" tabindex={last.is_some().then_some("0")}
            role={if last.is_some() { "application" } else { "img" }} aria-label={props.spoken.clone()}
            onpointermove={read.clone()} onpointerdown={read} onpointerleave={leave}
            onkeydown={step} onblur={blur} onclick={click}>
            <canvas ref={canvas} />
            // Always there: what comes and goes before other elements would have the canvas made anew.
            <div class="chart-over">{ for over }</div>
            <p class="hidden" aria-live="polite" data-testid="chart-reading">{ said.unwrap_or_default() }</p>
        </div>
    }
}

/// What shows which values are read.
fn drawn_over(hints: &[Hint], (width, height): (i32, i32)) -> Html {
    let (wide, high) = (f64::from(width) * UNIT, f64::from(height) * UNIT);
    let hints = hints.iter().map(|hint| match hint {
        Hint::Rule([(x, y), (to_x, to_y)]) => {
            html! { <path class="rule" d={format!("M{x} {y}L{to_x} {to_y}")} /> }
        }
        Hint::Row(top, bottom) => {
            let height = (bottom - top).max(0);
            html! { <rect class="row-read" x="0" y={top.to_string()} width={wide.to_string()} height={height.to_string()} /> }
        }
        Hint::Mark {
            owner,
            at: (x, y),
            is_filled,
        } => {
            // An outline fills 11 of its 16 units, and a mark is 8 of the reader's pixels wide.
            let times = UNIT * if *is_filled { 8.0 } else { 6.5 } / 11.0;
            let back = 8.0 * times;
            let at = format!("translate({} {}) scale({times})", f64::from(*x) - back, f64::from(*y) - back);
            html! {
                <path class={classes!("mark-read", icons::tint(*owner), is_filled.then_some("filled"))}
                    d={owner.mark().shape.outline()} transform={at} />
            }
        }
    });
    html! {
        <svg class="chart-read" viewBox={format!("0 0 {wide} {high}")} aria-hidden="true">{ for hints }</svg>
    }
}

#[derive(PartialEq, Properties)]
struct ToldProps {
    reading: Reading,
    mark: [Option<i32>; 2],
    size: (i32, i32),
}

/// The values, beside where they are read.
#[component]
fn Told(props: &ToldProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        // Not as an attribute: the page's policy allows none that holds a style.
        use_effect_with((props.mark, props.size), move |(mark, size)| {
            if let Some(element) = node.cast::<HtmlElement>() {
                place(&element, *mark, *size);
            }
        });
    }
    let reading = &props.reading;
    let heads = reading.runs.iter();
    let heads = heads.map(|run| html! { <th scope="col">{ run }</th> });
    let rows = reading.rows.iter().map(|row| {
        let then = row.then.iter();
        let then = then.map(|was| html! { <td class="was">{ was }</td> });
        html! {
            <tr>
                <th scope="row">{ for row.sign.map(icons::sign) }<span>{ &row.name }</span></th>
                <td>{ &row.now }</td>
                { for then }
            </tr>
        }
    });
    html! {
        <div ref={node} class="chart-told" aria-hidden="true" data-testid="chart-told">
            <p>{ &reading.place }if !reading.befalls.is_empty() { <b class="fault">{ &reading.befalls }</b> }</p>
            <table>
                if !reading.runs.is_empty() { <thead><tr><td /><th scope="col">{ "now" }</th>{ for heads }</tr></thead> }
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

/// Puts values on the side of what is read where there is more room.
fn place(element: &HtmlElement, [across, down]: [Option<i32>; 2], (width, height): (i32, i32)) {
    const APART: f64 = 14.0;
    let style = element.style();
    let set = |side: &str, length: Option<f64>| {
        let length = length.map_or_else(|| "auto".to_owned(), |length| format!("{length}px"));
        let _ = style.set_property(side, &length);
    };
    let sides = |at: Option<i32>, of: i32, [near, far]: [&str; 2], usual: [Option<f64>; 2]| {
        let [before, after] = match at.map(|at| f64::from(at) / UNIT) {
            None => usual,
            Some(at) if at > f64::from(of) / 2.0 => [None, Some(f64::from(of) - at + APART)],
            Some(at) => [Some(at + APART), None],
        };
        set(near, before);
        set(far, after);
    };
    // Bars and rows are told on the right, where they end.
    sides(across, width, ["left", "right"], [None, Some(6.0)]);
    sides(down, height, ["top", "bottom"], [Some(APART), None]);
}

/// Whether the page is being printed.
#[hook]
pub(super) fn use_printed() -> bool {
    let is_printed = use_state(|| false);
    let set = is_printed.setter();
    use_effect_with((), move |()| {
        let hear = |name: &'static str, is_printed: bool| {
            let set = set.clone();
            EventListener::new(&gloo::utils::window(), name, move |_| {
                theme::set_printed(is_printed);
                set.set(is_printed);
            })
        };
        let listeners = [hear("beforeprint", true), hear("afterprint", false)];
        move || drop(listeners)
    });
    *is_printed
}

/// The size of an element, as it changes; and the density of the screen.
#[hook]
pub(super) fn use_size(node: &NodeRef) -> (i32, i32) {
    let size = use_state(|| (0, 0));
    let set = size.setter();
    let node = node.clone();
    use_effect_with((), move |()| {
        let canvas = node.cast::<HtmlCanvasElement>();
        let observed = canvas.clone();
        let changed = Closure::<dyn FnMut()>::new(move || {
            if let Some(canvas) = &observed {
                set.set((canvas.client_width(), canvas.client_height()));
            }
        });
        let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(canvas)) = (&observer, &canvas) {
            observer.observe(canvas);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(changed);
        }
    });
    *size
}

/// Gives a canvas the height that its picture asks for.
fn make_room(canvas: &HtmlCanvasElement, picture: &Picture) {
    let frame = canvas.parent_element();
    let frame = frame.and_then(|frame| frame.dyn_into::<HtmlElement>().ok());
    if let (Some(frame), Some(height)) = (frame, picture.height()) {
        let _ = frame.style().set_property("height", &format!("{height}px"));
    }
}

/// How charts look on a canvas of the page.
pub(super) fn look(canvas: &HtmlCanvasElement) -> Option<Look> {
    theme::look(canvas)
}

fn draw(
    canvas: &HtmlCanvasElement,
    picture: &Picture,
    look: &Look,
    (_, (wide, high), is_printed): On,
    name: &str,
) -> Option<Frame> {
    let clock = window().performance();
    // How long it takes shows in the browser's own tools.
    let measure = format!("chart {name}");
    if let Some(clock) = &clock {
        clock.clear_marks_with_mark_name(&measure);
        clock.clear_measures_with_measure_name(&measure);
        let _ = clock.mark(&measure);
    }
    // Paper has another size than what was observed last, and so may a page that has just begun.
    let surface = if is_printed || wide == 0 || high == 0 {
        Sharp::on(canvas, theme::density())
    } else {
        Sharp::sized(canvas, (f64::from(wide), f64::from(high)), theme::density())
    };
    let surface = surface?.into_drawing_area();
    let frame = picture.draw(&surface, look).ok();
    surface.present().ok();
    if let Some(clock) = &clock {
        let _ = clock.measure_with_start_mark(&measure, &measure);
    }
    frame
}

/// Pixels of a picture to be taken away, to one of the reader's.
const PRINTED: f64 = 2.0;

/// A sheet on a canvas of its own.
pub(super) fn print(sheet: &Sheet<'_>, look: &Look) -> Option<HtmlCanvasElement> {
    let canvas = document().create_element("canvas").ok()?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
    let (wide, high) = sheet.size();
    let surface = Sharp::sized(&canvas, (f64::from(wide), f64::from(high)), PRINTED)?;
    let surface = surface.into_drawing_area();
    sheet.draw(&surface, look).ok()?;
    surface.present().ok()?;
    drop(surface);
    Some(canvas)
}
