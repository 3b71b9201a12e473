//! One chart: its drawing, the values under the pointer, its data as a table.

use std::rc::Rc;

use gloo::events::EventListener;
use plotters::prelude::IntoDrawingArea;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, HtmlDetailsElement, HtmlElement, ResizeObserver};
use yew::prelude::*;

use crate::app::canvas::{Sharp, UNIT};
use crate::app::theme;
use crate::report::charts::{Frame, Picture};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    /// Its name for scripts.
    pub(super) name: &'static str,
    pub(super) title: AttrValue,
    /// What is counted, and how it is weighted.
    pub(super) note: AttrValue,
    pub(super) picture: Rc<Picture>,
    /// The chart in a sentence, for those who cannot see it.
    pub(super) spoken: AttrValue,
    /// The legend; it is handed the index that is being read.
    pub(super) legend: Callback<Option<usize>, Html>,
    /// The data as a table's content; asked for when the table is opened.
    pub(super) table: Callback<(), Html>,
    /// A new look asks for a new drawing.
    pub(super) dark: bool,
    #[prop_or_default]
    pub(super) wide: bool,
    /// What chooses what is shown.
    #[prop_or_default]
    pub(super) controls: Html,
}

#[component]
pub(super) fn Chart(props: &Props) -> Html {
    let canvas = use_node_ref();
    let frame = use_mut_ref(Frame::default);
    let cursor = use_state(|| None::<usize>);
    let open = use_state(|| false);
    let size = use_size(&canvas);
    let is_printed = use_printed();
    {
        let (canvas, frame) = (canvas.clone(), frame.clone());
        let shown = (props.picture.clone(), *cursor, props.dark, size, is_printed);
        use_effect_with(shown, move |(picture, cursor, ..)| {
            let canvas = canvas.cast::<HtmlCanvasElement>();
            let drawn = canvas.and_then(|canvas| {
                make_room(&canvas, picture);
                draw(&canvas, picture, *cursor)
            });
            if let Some(drawn) = drawn {
                *frame.borrow_mut() = drawn;
            }
        });
    }
    let last = props.picture.values().checked_sub(1);
    let is_across = matches!(&*props.picture, Picture::Lines(_));
    let read = {
        let (cursor, frame) = (cursor.clone(), frame.clone());
        Callback::from(move |event: PointerEvent| {
            let at = [event.offset_x(), event.offset_y()].map(|at| f64::from(at) * UNIT);
            cursor.set(frame.borrow().nearest((at[0], at[1])));
        })
    };
    let step = {
        let cursor = cursor.clone();
        Callback::from(move |event: KeyboardEvent| {
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
                "Escape" => {
                    cursor.set(None);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            cursor.set(Some(next));
        })
    };
    let leave = {
        let cursor = cursor.clone();
        Callback::from(move |_: PointerEvent| cursor.set(None))
    };
    let blur = {
        let cursor = cursor.clone();
        Callback::from(move |_: FocusEvent| cursor.set(None))
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            let details: HtmlDetailsElement = event.target_unchecked_into();
            open.set(details.open());
        })
    };
    let readable = last.is_some();
    html! {
        <figure class={classes!("chart", props.wide.then_some("wide"))} data-testid="chart" data-chart={props.name}>
            <figcaption>
                <h3>{ &props.title }</h3>
                <p>{ &props.note }</p>
            </figcaption>
            { props.controls.clone() }
            <div class="legend" aria-live={cursor.is_some().then_some("polite")}>{ props.legend.emit(*cursor) }</div>
            <div class="frame" tabindex={readable.then_some("0")} role={if readable { "application" } else { "img" }}
                aria-label={props.spoken.clone()}
                onpointermove={read.clone()} onpointerdown={read} onpointerleave={leave}
                onkeydown={step} onblur={blur}>
                <canvas ref={canvas} />
            </div>
            <details data-testid="chart-table" ontoggle={toggle}>
                <summary>{ "Data table" }</summary>
                if *open {
                    <div class="scroll" tabindex="0" role="region" aria-label={format!("{}: data", props.title)}>
                        <table>{ props.table.emit(()) }</table>
                    </div>
                }
            </details>
        </figure>
    }
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

fn draw(canvas: &HtmlCanvasElement, picture: &Picture, cursor: Option<usize>) -> Option<Frame> {
    let look = theme::look(canvas)?;
    let surface = Sharp::on(canvas, theme::density())?.into_drawing_area();
    let frame = picture.draw(&surface, &look, cursor).ok();
    surface.present().ok();
    frame
}
