//! What is taken away from a run: the record of the decision, and its numbers. The command line writes the same
//! files, to the last byte.

use yew::prelude::*;

use super::download;
use crate::app::explore::Found;
use crate::app::state::State;
use crate::report::record::Record;
use crate::report::results::Results;
use crate::report::sensitivity::SensitivityResults;
use crate::report::{csv, html, markdown, record};
use crate::study::question::Kind;

/// A file that can be had.
#[derive(Clone, Copy, PartialEq, Eq)]
enum File {
    Html,
    Markdown,
    Csv,
    Series,
}

impl File {
    const ALL: [Self; 4] = [Self::Html, Self::Markdown, Self::Csv, Self::Series];

    /// Its name for scripts, its name for people, and what is in it.
    fn said(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Html => (
                "report",
                "Report",
                "One HTML file with charts and all that the numbers rest on; it needs nothing else",
            ),
            Self::Markdown => (
                "report-markdown",
                "Markdown",
                "The same for a review, with tables in place of charts",
            ),
            Self::Csv => ("report-csv", "Numbers, CSV", "Every number, one a line"),
            Self::Series => ("report-series", "Curves, CSV", "Every curve, hour by hour"),
        }
    }

    /// What its name ends with, and its kind.
    fn kind(self) -> (&'static str, &'static str) {
        match self {
            Self::Html => (".html", "text/html;charset=utf-8"),
            Self::Markdown => (".md", "text/markdown;charset=utf-8"),
            Self::Csv => (".csv", "text/csv;charset=utf-8"),
            Self::Series => ("-series.csv", "text/csv;charset=utf-8"),
        }
    }

    fn text(self, results: &Results, record: &Record) -> Option<String> {
        match self {
            Self::Html => Some(html::of(record)),
            Self::Markdown => Some(markdown::of(record)),
            Self::Csv => csv::of(results).ok(),
            Self::Series => csv::series(results).ok(),
        }
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
}

#[component]
pub(super) fn Downloads(props: &Props) -> Html {
    let failed = use_state(|| false);
    let Some(shown) = &props.state.shown else {
        return Html::default();
    };
    // What was asked of this very scenario goes with it.
    let rests = match &props.state.explored.of(Kind::Sensitivity).shown {
        Some(asked) if asked.text == shown.text => match &asked.found {
            Found::Sensitivity(found) => Some(found.clone()),
            _ => None,
        },
        _ => None,
    };
    // Of a part of a run there is no record: nobody could repeat it.
    let is_whole = shown.done == shown.parts;
    let buttons = File::ALL.into_iter().map(|file| {
        let (testid, name, title) = file.said();
        let (results, rests, failed) = (shown.results.clone(), rests.clone(), failed.setter());
        let get = Callback::from(move |_: MouseEvent| {
            failed.set(take(file, &results, rests.as_deref()).is_none());
        });
        let class = if file == File::Html { "primary" } else { "secondary" };
        html! { <button {class} data-testid={testid} {title} disabled={!is_whole} onclick={get}>{ name }</button> }
    });
    let says = if !is_whole {
        "To be had when the run is done."
    } else if props.state.stale() {
        "Of the last run, before the scenario was changed."
    } else {
        "What was asked, what came out, how sure it is, and all that it rests on. Made on this machine."
    };
    html! {
        <section class="record" aria-labelledby="record">
            <header><h2 id="record">{ "Take it to a review" }</h2><p>{ says }</p></header>
            <div class="files-to-take" role="group" aria-label="Downloads">{ for buttons }</div>
            if *failed { <p class="bad" role="alert">{ "The file could not be made." }</p> }
        </section>
    }
}

/// Makes a file and hands it to the browser.
fn take(file: File, results: &Results, rests: Option<&SensitivityResults>) -> Option<()> {
    let record = record::of(results, rests).ok()?;
    let text = file.text(results, &record)?;
    let (ending, kind) = file.kind();
    download::save(&format!("{}{ending}", record.file_name()), kind, text)
}
