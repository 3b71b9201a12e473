//! What it comes to: the verdict, what to know before believing it, who it is fit for, what was expected.

use std::rc::Rc;

use yew::prelude::*;

use super::glance::Glance;
use super::tips;
use crate::app::runs::said_before;
use crate::report::human::unbroken;
use crate::report::results::{Judgement, Results, Sentence, Severity};
use crate::report::{expected, fitness, glossary, human};
use crate::study::REPLICATES_FOR_MONEY;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) results: Option<Rc<Results>>,
    /// Whether the results are of an older text.
    pub(super) stale: bool,
    /// The run before the last change, where it can be compared.
    #[prop_or_default]
    pub(super) before: Option<Rc<Results>>,
    /// Runs so many replicates, where it can be asked for.
    #[prop_or_default]
    pub(super) replicate: Option<Callback<usize>>,
    /// Whether designs are told at a glance first.
    #[prop_or_default]
    pub(super) has_glance: bool,
}

/// What is worth saying of how it was before.
const WAS: [&str; 7] = [
    "accuracy",
    "search_accuracy",
    "lost_bookings",
    "staleness_s",
    "running_cost",
    "total_cost",
    "audiences",
];

#[component]
pub(super) fn Verdict(props: &Props) -> Html {
    let Some(results) = &props.results else {
        return Html::default();
    };
    let before = props.before.as_deref();
    let sentences = results.verdict.sentences.iter().enumerate().map(|(place, sentence)| {
        let was = before.and_then(|before| was(before, results, place));
        html! {
            <li data-testid="verdict" data-about={sentence.about.clone()}>
                { led(sentence) }
                if let Some(was) = was { <small class="was" data-testid="verdict-was">{ unbroken(&format!("before: {was}")) }</small> }
            </li>
        }
    });
    let warnings = results.verdict.warnings.iter().map(|warning| {
        let class = match warning.severity {
            Severity::Hard => "hard",
            Severity::Soft => "soft",
        };
        let quoted = |name: &String| human::quoted(name);
        let designs: Vec<String> = warning.designs.iter().map(quoted).collect();
        html! {
            <li class={class} data-testid="warning">
                <b>{ warning.severity.word() }</b>
                <span>
                    { unbroken(&warning.says) }
                    if !designs.is_empty() { <small>{ human::list(&designs) }</small> }
                </span>
            </li>
        }
    });
    // What most of them ask for.
    let few = (results.replicates as usize) < REPLICATES_FOR_MONEY;
    let more = props.replicate.as_ref().filter(|_| few).map(|replicate| {
        let more = replicate.reform(|_: MouseEvent| REPLICATES_FOR_MONEY);
        let says = format!("Run {REPLICATES_FOR_MONEY} replicates");
        html! { <button type="button" class="secondary" data-testid="replicate" onclick={more}>{ says }</button> }
    });
    let audiences = fitness::all(results).into_iter().map(|said| {
        let lines = said
            .lines
            .into_iter()
            .map(|line| html! { <li>{ unbroken(&line) }</li> });
        html! { <div data-testid="audience"><h3>{ said.caption }</h3><ul>{ for lines }</ul></div> }
    });
    let expectations = results.expect.iter().map(|one| {
        let class = match one.verdict {
            Judgement::Held => "held",
            Judgement::Missed => "missed",
            Judgement::Undecided => "undecided",
        };
        html! { <li class={class} data-testid="expectation">{ unbroken(&expected::line(one)) }</li> }
    });
    html! {
        <section class={classes!("verdict", props.stale.then_some("stale"))} aria-labelledby="verdict">
            <header><h2 id="verdict">{ "What it comes to" }</h2>
                <p>{ "Made from these numbers, with their " }{ tips::term(glossary::INTERVAL, "95 % intervals") }{ "." }</p></header>
            if props.has_glance && results.choices() > 1 { <Glance results={Rc::clone(results)} /> }
            <div class="said">
                <ul class="sentences">{ for sentences }</ul>
                if !results.verdict.warnings.is_empty() {
                    <div class="warnings">
                        <h3>{ "Before you believe it" }</h3>
                        <ul>{ for warnings }</ul>
                        { for more }
                    </div>
                }
            </div>
            if !results.audiences.is_empty() { <div class="audiences">{ for audiences }</div> }
            if !results.expect.is_empty() {
                <div class="expectations"><h3>{ "Expectations" }</h3><ul>{ for expectations }</ul></div>
            }
        </section>
    }
}

/// A sentence, of which what it is about is seen first where it begins with that.
fn led(sentence: &Sentence) -> Html {
    let lead = sentence.text.split_once(", ");
    match lead.filter(|_| WAS.contains(&sentence.about.as_str())) {
        Some((lead, rest)) => html! { <><b>{ lead }</b>{ ", " }{ unbroken(rest) }</> },
        None => html! { { unbroken(&sentence.text) } },
    }
}

/// What a sentence said before; nothing where it says the same.
fn was(before: &Results, now: &Results, place: usize) -> Option<String> {
    let said = now.verdict.sentences.get(place)?;
    let of_it = |results: &Results, until: usize| -> Vec<String> {
        let said_of = results.verdict.sentences.iter().take(until);
        let said_of = said_of.filter(|of| of.about == said.about);
        said_of.map(|of| of.text.clone()).collect()
    };
    let nth = of_it(now, place).len();
    let then = of_it(before, usize::MAX);
    let then = then.get(nth).filter(|_| WAS.contains(&said.about.as_str()));
    said_before(then?, &said.text)
}
