//! Designs side by side.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::designs::{Add, Hand, Title};
use super::pipeline::Drawing;
use super::{found, icons, knobs, runs, tips};
use crate::measure::metrics::{self, Better, Metric, Unit};
use crate::measure::path::MetricPath;
use crate::report::results::{DesignResults, Difference, Results};
use crate::report::size::Sizes;
use crate::report::words::{self, Pipeline};
use crate::report::{glossary, human, readable};
use crate::scenario::Scenario;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) scenario: Rc<Scenario>,
    pub(super) results: Option<Rc<Results>>,
    /// Whether the numbers are of another text, and have been for a while.
    pub(super) stale: bool,
    /// Whether they are.
    #[prop_or_default]
    pub(super) busy: bool,
    /// Whether the numbers are of a part of the run, and have been for a while.
    #[prop_or_default]
    pub(super) partial: bool,
    /// The run before the last change, where it can be compared.
    #[prop_or_default]
    pub(super) before: Option<Rc<Results>>,
    /// How it is edited, where it is.
    #[prop_or_default]
    pub(super) hand: Option<Hand>,
    /// Whether it is part of a talk.
    #[prop_or_default]
    pub(super) is_told: bool,
}

#[component]
pub(super) fn Board(props: &Props) -> Html {
    let results = props.results.as_deref();
    let board = use_node_ref();
    {
        let board = board.clone();
        let placed = props.hand.as_ref().and_then(|hand| hand.placed);
        let names = props
            .scenario
            .designs
            .iter()
            .map(|design| design.name.clone());
        let on = (placed, names.collect::<Vec<_>>());
        use_effect_with(on, move |(placed, _)| {
            if let Some(placed) = placed {
                knobs::show(*placed);
                focus_menu(&board, *placed);
            }
        });
    }
    let designs = props.scenario.compared();
    let count = props.scenario.designs.len();
    let cards = designs.iter().enumerate().map(|(index, design)| {
        let is_bound = index >= props.scenario.designs.len();
        let pipeline = Pipeline::of(design);
        // By name: the text may have changed since these results.
        let found = results.and_then(|results| {
            results.design(&design.name)
        });
        let rows = KEYS.into_iter().filter_map(metrics::by_key).map(|metric| {
            row(metric, &design.name, found, results, (index == 0, is_bound), props.before.as_deref())
        });
        let care = pipeline.care.iter().map(|node| {
            html! { <div><dt>{ &node.title }</dt><dd>{ node.lines.join("\u{a0}· ") }</dd></div> }
        });
        let faults = words::placed_faults_of(&props.scenario, &design.name);
        let title = if faults.len() == 1 { "fault" } else { "faults" };
        let struck = !faults.is_empty();
        let faults = faults.into_iter().map(|(place, fault)| {
            let notices = results.map(|results| words::noticed(&props.scenario, results, place));
            let notice = notices.into_iter().flatten().find(|of| of.design == design.name);
            let notice = notice.map(|of| {
                let class = classes!("noticed", (!of.is_noticed).then_some("missed"));
                html! { <small {class} data-testid="noticed" title={of.says}>{ human::unbroken(&of.in_short) }</small> }
            });
            html! { <dd data-testid="fault">{ human::unbroken(&fault) }{ for notice }</dd> }
        });
        let faults = struck.then(|| html! { <div class="fault"><dt>{ title }</dt>{ for faults }</div> });
        let beside: Vec<Html> = care.chain(faults).collect();
        let tag = if is_bound {
            html! { <span class="tag">{ tips::term(glossary::BOUND, "bound") }</span> }
        } else if index == 0 && designs.len() > 1 {
            html! { <span class="tag">{ tips::term(glossary::BASELINE, "baseline") }</span> }
        } else {
            Html::default()
        };
        html! {
            <article class={classes!("card", is_bound.then_some("bound"), icons::slot(index))} key={design.name.clone()}
                data-testid="design-card" data-design={design.name.clone()} aria-label={design.name.clone()}>
                <Title {index} {count} name={design.name.clone()} {tag} hand={props.hand.clone()} />
                <div class="does">
                    <Drawing {pipeline} is_told={props.is_told} is_narrow={designs.len() >= NARROW} />
                    if !beside.is_empty() { <dl class="beside">{ for beside }</dl> }
                </div>
                <div class="found">
                    <dl>{ for rows }</dl>
                    <div class="besides">
                        { for found.map(found::audits) }
                        { for found.map(found::events) }
                    </div>
                </div>
            </article>
        }
    });
    html! {
        <section class={classes!(props.stale.then_some("stale"), props.partial.then_some("partial"))} aria-busy={props.busy.to_string()} aria-labelledby="designs">
            <h2 id="designs" class="hidden">{ "Designs" }</h2>
            <div class="board" ref={board}>{ for cards }</div>
            { for props.hand.clone().map(|hand| html! { <Add {hand} {count} /> }) }
        </section>
    }
}

/// From so many designs on, cards are narrow.
const NARROW: usize = 3;

/// Gives the focus to what can be done with a design, once it stands where it was put.
fn focus_menu(board: &NodeRef, design: usize) {
    let found = board.cast::<web_sys::Element>().and_then(|board| {
        let card = board.children().item(u32::try_from(design).ok()?)?;
        card.query_selector("[data-testid=design-menu]").ok()?
    });
    if let Some(button) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

/// The numbers of a card.
pub(super) const KEYS: [&str; 7] = [
    "accuracy",
    "search_accuracy",
    "staleness_s",
    "data_age_s",
    "hit_ratio",
    "cost_usd_per_day",
    "total_usd_per_day",
];

fn row(
    metric: &'static Metric,
    design: &str,
    found: Option<&DesignResults>,
    results: Option<&Results>,
    (baseline, is_bound): (bool, bool),
    before: Option<&Results>,
) -> Html {
    let path = found.map_or(MetricPath::Metric(metric), |found| found.at_size(metric));
    let estimate = found.and_then(|found| found.estimate(&path));
    let shown = estimate.map(|estimate| readable::show(&estimate, metric.unit));
    let (shown, reach) = shown.map_or_else(
        || (human::NOTHING.to_owned(), String::new()),
        |shown| (shown.mean, shown.reach),
    );
    // Said once, below the last of the two.
    let size = results.filter(|_| estimate.is_some() && metric.key == "total_usd_per_day");
    let size = size.and_then(|results| Sizes::of(&results.scenario)?.said(&path));
    let difference = results.filter(|_| !baseline).and_then(|results| {
        let baseline = results.designs.first()?;
        results.difference(design, &baseline.name, &path.to_string())
    });
    let simulated = found.and_then(|found| found.metrics.get(metric.key));
    html! {
        <div class="row">
            <dt>{ tips::word(metric.title, metric.meaning, &title(metric)) }</dt>
            <dd class="value" data-testid="metric" data-design={design.to_owned()}
                data-metric={metric.key} data-value={simulated.map(|estimate| estimate.mean.to_string())}>
                { shown }
            </dd>
            <dd class="interval">{ reach }</dd>
            { for before.and_then(|before| runs::was(before, design, &path, estimate)) }
            { for difference.map(|difference| against(metric, &difference, is_bound)) }
            if let Some(size) = size {
                <dd class="represented">{ "both costs " }{ tips::term(glossary::REPRESENTS, &size) }</dd>
            }
        </div>
    }
}

/// A metric's title, with the time that money is counted by.
pub(super) fn title(metric: &Metric) -> String {
    match metric.unit {
        Unit::UsdPerDay => format!("{}, a day", metric.title),
        _ => metric.title.to_owned(),
    }
}

/// A signed difference, and whether it is good: in words and by sign, not only by colour. A bound, which nobody can
/// choose, is neither.
fn against(metric: &Metric, difference: &Difference, is_bound: bool) -> Html {
    let clear = difference
        .ci95
        .is_some_and(|[low, high]| low > 0.0 || high < 0.0);
    let better = match metric.better {
        Better::Higher => Some(difference.mean > 0.0),
        Better::Lower => Some(difference.mean < 0.0),
        Better::Neither => None,
    };
    let better = better.filter(|_| !is_bound);
    let (class, word) = match better {
        _ if difference.mean == 0.0 => ("same", "same"),
        _ if !clear => ("unclear", "unclear"),
        Some(true) => ("better", "better"),
        Some(false) => ("worse", "worse"),
        None => ("same", ""),
    };
    let shown = human::difference(metric.unit, difference.mean, difference.ci95);
    let title = difference.ci95.map(|_| {
        format!(
            "Against {}, replicate by replicate: {} {} (95 % interval)",
            difference.versus, shown.mean, shown.reach
        )
    });
    html! {
        <dd class={classes!("against", class)} {title}>
            if difference.mean != 0.0 {
                <span class="number">{ shown.mean }</span>
            }
            <span class="word">{ word }</span>
        </dd>
    }
}
