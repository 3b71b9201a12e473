//! One design in the live view: its pipeline with what moves in it, and its stay map.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlElement};
use yew::prelude::*;

use super::drawing::{Drawing, Layout};
use super::painter::Painter;
use super::stay_map::StayMap;
use crate::app::components::chart::use_size;
use crate::app::components::icons;
use crate::app::live::Same;
use crate::app::live::cells::{BELOW, ROW};
use crate::app::live::flow::Day;
use crate::app::live::map::Map;
use crate::app::live::timeline::{Class, Timeline};
use crate::report::words::Pipeline;
use crate::sim::clock::Time;

/// The painters of all lanes, by their places.
pub(super) type Stage = Rc<RefCell<BTreeMap<usize, Painter>>>;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) place: usize,
    pub(super) film: Same<Timeline>,
    pub(super) pipeline: Pipeline,
    pub(super) at: Time,
    /// Whether the stage paints by itself.
    pub(super) moving: bool,
    pub(super) dark: bool,
    /// At most so many nights ahead.
    pub(super) ahead: Option<usize>,
    pub(super) hidden: [bool; Class::ALL.len()],
    pub(super) hide: Callback<Class>,
    /// The days that are known of, latest first.
    pub(super) days: Vec<Same<Day>>,
    /// How much simulated time a second stands for.
    pub(super) per_second: Time,
    #[prop_or_default]
    pub(super) stage: Stages,
}

/// A stage, the same for as long as the view is open.
#[derive(Clone, Default)]
pub(super) struct Stages(pub(super) Stage);

impl PartialEq for Stages {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[component]
pub(super) fn Lane(props: &Props) -> Html {
    let Props {
        place,
        film,
        pipeline,
        at,
        ..
    } = props;
    let (place, at) = (*place, *at);
    let (cells, flow) = (use_node_ref(), use_node_ref());
    let (cells_size, flow_size) = (use_size(&cells), use_size(&flow));
    let map = use_memo((film.clone(), props.ahead), |(film, ahead)| {
        Same::new(Map::new(&film.reel, *ahead))
    });
    let map = (*map).clone();
    let layout = Layout::of(pipeline);
    {
        let (stage, layout) = (props.stage.clone(), layout.clone());
        let (cells, flow) = (cells.clone(), flow.clone());
        let look = (
            film.clone(),
            map.clone(),
            props.hidden,
            props.dark,
            cells_size,
            flow_size,
            layout.clone(),
        );
        use_effect_with(look, move |(film, map, hidden, dark, ..)| {
            let mut painter = Painter::new(film.clone(), map.clone(), &layout);
            painter.hidden = *hidden;
            painter.dark = *dark;
            make_room(&cells, map);
            painter.place(
                cells.cast::<HtmlCanvasElement>(),
                flow.cast::<HtmlCanvasElement>(),
            );
            painter.show(at);
            stage.0.borrow_mut().insert(place, painter);
        });
    }
    {
        let stage = props.stage.clone();
        use_effect_with((at, props.moving), move |(at, moving)| {
            if !moving && let Some(painter) = stage.0.borrow_mut().get_mut(&place) {
                painter.settle(*at);
            }
        });
    }
    {
        let stage = props.stage.clone();
        use_effect_with(place, move |place| {
            let place = *place;
            move || {
                stage.0.borrow_mut().remove(&place);
            }
        });
    }
    let counts = map.counts(film, None, at);
    let share = |part: u32| f64::from(part) / f64::from(counts.stays().max(1));
    let each = props
        .days
        .iter()
        .find(|day| day.holds(at))
        .map(|day| day.each(props.per_second));
    let each = each.filter(|each| *each > 1 && props.moving);
    html! {
        <article class={classes!("lane", icons::slot(place))} aria-label={film.reel.design.clone()}>
            <header>
                { icons::marker(place) }
                <h3>{ &film.reel.design }</h3>
                <p><b>{ format!("{:.1} %", share(counts.told_right) * 100.0) }</b>{ " of these stays would be answered right, at this moment" }</p>
                if let Some(each) = each { <small>{ format!("one dot stands for up to {each}") }</small> }
            </header>
            <div class="flowing">
                <Drawing {layout} pipeline={pipeline.clone()} film={film.clone()} {at} held={share(counts.held())} />
                <canvas ref={flow} aria-hidden="true" />
            </div>
            <StayMap film={film.clone()} {map} {at} {counts} canvas={cells} dark={props.dark} hidden={props.hidden}
                hide={props.hide.clone()} days={props.days.clone()} />
        </article>
    }
}

/// Gives a map's canvas the height that its rows ask for.
fn make_room(canvas: &NodeRef, map: &Map) {
    let frame = canvas
        .cast::<HtmlElement>()
        .and_then(|canvas| canvas.parent_element());
    let frame = frame.and_then(|frame| frame.dyn_into::<HtmlElement>().ok());
    let height = map.rows as f64 * ROW + if map.is_by_night() { BELOW } else { 0.0 };
    if let Some(frame) = frame {
        let _ = frame.style().set_property("height", &format!("{height}px"));
    }
}
