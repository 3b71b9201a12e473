//! The drawing of a pipeline on which things move: world, feeds, cache, search, and the ways between them.

use yew::prelude::*;

use crate::app::live::flow::Way;
use crate::app::live::timeline::Timeline;
use crate::report::human;
use crate::report::words::Pipeline;
use crate::sim::clock::Time;

/// Its width; the height grows with the feeds.
pub(super) const WIDTH: f64 = 460.0;
const ROW: f64 = 50.0;
const BOX: f64 = 40.0;
/// Where the columns of boxes begin, and how wide they are.
const WORLD: (f64, f64) = (0.5, 54.0);
const FEED: (f64, f64) = (96.0, 134.0);
const CACHE: (f64, f64) = (276.0, 62.0);
const SEARCH: (f64, f64) = (405.5, 54.0);
/// Room above for answers that are observed.
const ABOVE: f64 = 14.0;

/// A way as a line of points.
pub(super) type Line = Vec<(f64, f64)>;

/// Where everything stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// By feed: whether it is told of answers to searches.
    observed: Vec<bool>,
    top: f64,
}

impl Layout {
    pub(super) fn of(pipeline: &Pipeline) -> Self {
        let feeds = pipeline.feeds.iter();
        let observed: Vec<bool> = feeds
            .map(|(source, _)| source.title == "searches")
            .collect();
        let top = if observed.contains(&true) { ABOVE } else { 2.0 };
        Self { observed, top }
    }

    fn rows(&self) -> f64 {
        self.observed.len().max(1) as f64
    }

    /// The upper edge of the boxes, and their lower one.
    fn edges(&self) -> (f64, f64) {
        let gap = (ROW - BOX) / 2.0;
        (self.top + gap, self.top + self.rows() * ROW - gap)
    }

    fn middle(&self) -> f64 {
        self.top + self.rows() * ROW / 2.0
    }

    fn row(&self, feed: usize) -> f64 {
        self.top + (feed as f64 + 0.5) * ROW
    }

    fn below(&self) -> f64 {
        self.edges().1 + 14.0
    }

    pub(super) fn height(&self) -> f64 {
        self.below() + 16.0
    }

    /// The points of a way.
    pub(super) fn line(&self, way: Way) -> Line {
        let end = |of: (f64, f64)| of.0 + of.1;
        let center = |of: (f64, f64)| of.0 + of.1 / 2.0;
        let (upper, lower) = self.edges();
        match way {
            Way::Into(feed) if self.observed.get(feed) == Some(&true) => {
                let (y, turn) = (self.row(feed), FEED.0 - 20.0);
                let x = center(SEARCH);
                vec![(x, upper), (x, 5.0), (turn, 5.0), (turn, y), (FEED.0, y)]
            }
            Way::Into(feed) => vec![(end(WORLD), self.row(feed)), (FEED.0, self.row(feed))],
            Way::OutOf(feed) => vec![(end(FEED), self.row(feed)), (CACHE.0, self.row(feed))],
            Way::Answer => vec![(end(CACHE), self.middle()), (SEARCH.0, self.middle())],
            Way::Ask => {
                let y = self.below();
                vec![
                    (center(WORLD), lower),
                    (center(WORLD), y),
                    (center(SEARCH), y),
                    (center(SEARCH), lower),
                ]
            }
        }
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) layout: Layout,
    pub(super) pipeline: Pipeline,
    pub(super) film: crate::app::live::Same<Timeline>,
    pub(super) at: Time,
    /// The share of stays for which something is held.
    pub(super) held: f64,
}

#[component]
pub(super) fn Drawing(props: &Props) -> Html {
    let Props {
        layout,
        pipeline,
        film,
        at,
        held,
    } = props;
    let (upper, lower) = layout.edges();
    let tall = lower - upper;
    let feeds = pipeline.feeds.iter().enumerate().map(|(index, (source, delivery))| {
        let (y, waiting) = (layout.row(index) - BOX / 2.0, film.waiting(index, *at));
        let full = f64::from(waiting) / f64::from(film.most_waiting(index).max(1));
        let name = film.reel.feeds.get(index).map_or("", String::as_str);
        let under = if film.most_waiting(index) > 0 {
            format!("{}, {} waiting", delivery.title, human::whole(u64::from(waiting)))
        } else {
            delivery.title.clone()
        };
        html! {
            <g class="feed" data-feed={name.to_owned()} data-waiting={waiting.to_string()}>
                <title>{ format!("{}: {}; {}", source.title, source.lines.join(", "), delivery.lines.join(", ")) }</title>
                { rect(FEED, y, BOX, "box") }
                { words(FEED.0 + 8.0, y + 16.0, "title", &short(name, 19)) }
                { words(FEED.0 + 8.0, y + 30.0, "", &short(&under, 22)) }
                <rect class="queue" x={FEED.0.to_string()} y={(y + BOX - 4.0).to_string()} height="4" rx="2"
                    width={(FEED.1 * full.min(1.0)).to_string()} />
                { way(layout, Way::Into(index), layout.observed[index]) }
                { way(layout, Way::OutOf(index), false) }
            </g>
        }
    });
    let content = tall * held;
    html! {
        <svg class="pipeline" viewBox={format!("0 0 {WIDTH} {}", layout.height())} role="img"
            aria-label={format!("Pipeline: {}", pipeline.spoken())}>
            { way(layout, Way::Ask, true) }
            { words(WIDTH / 2.0 - 34.0, layout.below() + 13.0, "note", "asked live") }
            { for feeds }
            { way(layout, Way::Answer, false) }
            { rect(WORLD, upper, tall, "box") }
            { words(WORLD.0 + 9.0, layout.middle() + 4.0, "title", "world") }
            <g class="cache">
                { rect(CACHE, upper, tall, "box") }
                <rect class="content" x={CACHE.0.to_string()} y={(lower - content).to_string()} rx="4"
                    width={CACHE.1.to_string()} height={content.to_string()} />
                { words(CACHE.0 + 9.0, layout.middle() - 3.0, "title", "cache") }
                { words(CACHE.0 + 9.0, layout.middle() + 12.0, "", &format!("{:.0} %", held * 100.0)) }
            </g>
            { rect(SEARCH, upper, tall, "box") }
            { words(SEARCH.0 + 6.0, layout.middle() + 4.0, "title", "search") }
        </svg>
    }
}

fn rect((x, wide): (f64, f64), y: f64, high: f64, class: &'static str) -> Html {
    html! {
        <rect {class} x={x.to_string()} y={y.to_string()} width={wide.to_string()} height={high.to_string()} rx="7" />
    }
}

fn words(x: f64, y: f64, class: &'static str, words: &str) -> Html {
    html! { <text {class} x={x.to_string()} y={y.to_string()}>{ words }</text> }
}

fn way(layout: &Layout, way: Way, is_observed: bool) -> Html {
    let points = layout.line(way).into_iter();
    let points: Vec<String> = points.map(|(x, y)| format!("{x} {y}")).collect();
    html! {
        <path class={classes!("flow", is_observed.then_some("observed"))} d={format!("M{}", points.join("L"))} />
    }
}

fn short(words: &str, chars: usize) -> String {
    if words.chars().count() <= chars {
        return words.to_owned();
    }
    words.chars().take(chars - 1).chain(['…']).collect()
}
