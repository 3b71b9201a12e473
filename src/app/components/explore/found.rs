//! What was found, to be taken away: what the command line prints, to the last byte.

use yew::prelude::*;

use crate::app::components::download;
use crate::app::explore::{Found, Shown};
use crate::app::parameters::{self, Group};
use crate::report::{breakeven, record, sensitivity, sweep};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) shown: Shown,
}

/// A file that can be had.
#[derive(Clone, Copy, PartialEq, Eq)]
enum File {
    Json,
    Csv,
    Text,
}

impl File {
    fn said(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Json => ("explore-json", "JSON", "json"),
            Self::Csv => ("explore-csv", "CSV", "csv"),
            Self::Text => ("explore-text", "Text", "txt"),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv;charset=utf-8",
            Self::Text => "text/plain;charset=utf-8",
        }
    }

    fn text(self, found: &Found) -> Option<String> {
        let line = |json: serde_json::Result<String>| Some(format!("{}\n", json.ok()?));
        match (self, found) {
            (Self::Json, Found::BreakEven(found)) => line(serde_json::to_string(&**found)),
            (Self::Json, Found::Sensitivity(found)) => line(serde_json::to_string(&**found)),
            (Self::Json, Found::Sweep(found)) => line(serde_json::to_string(&**found)),
            (Self::Text, Found::BreakEven(found)) => Some(breakeven::text(found)),
            (Self::Text, Found::Sensitivity(found)) => Some(sensitivity::text(found)),
            (Self::Text, Found::Sweep(found)) => Some(sweep::text(found, None)),
            (Self::Csv, Found::Sweep(found)) => sweep::csv(found).ok(),
            (Self::Csv, _) => None,
        }
    }
}

#[component]
pub(super) fn Files(props: &Props) -> Html {
    let Shown {
        found, scenario, ..
    } = &props.shown;
    let (what, files) = match found {
        Found::BreakEven(_) => ("break-even", &[File::Json, File::Text][..]),
        Found::Sensitivity(_) => ("sensitivity", &[File::Json, File::Text][..]),
        Found::Sweep(_) => ("sweep", &[File::Csv, File::Json, File::Text][..]),
    };
    let buttons = files.iter().map(|file| {
        let (testid, name, ending) = file.said();
        let (file, found) = (*file, found.clone());
        let name_of = format!("{}-{what}.{ending}", record::file_name(&scenario.title));
        let get = Callback::from(move |_: MouseEvent| {
            if let Some(text) = file.text(&found) {
                let _ = download::save(&name_of, file.kind(), text);
            }
        });
        html! { <button type="button" class="secondary small" data-testid={testid} onclick={get}>{ name }</button> }
    });
    html! {
        <div class="files-to-take" role="group" aria-label={format!("Downloads: {what}")}>
            <span aria-hidden="true">{ format!("All of this {what}:") }</span>
            { for buttons }
        </div>
    }
}

/// A sentence in which what is named by its pointer, or a price by its key, has the name that people know.
pub(super) fn named<'a>(
    sentence: &str,
    pointers: impl Iterator<Item = &'a str>,
    groups: &[Group],
) -> String {
    // Longer ones first: a pointer may begin another.
    let mut pointers: Vec<&str> = pointers.collect();
    pointers.sort_by_key(|pointer| std::cmp::Reverse(pointer.len()));
    pointers
        .into_iter()
        .fold(sentence.to_owned(), |sentence, pointer| {
            let Some(parameter) = parameters::at(groups, pointer) else {
                return sentence;
            };
            let name = format!("the {}", parameter.full);
            let sentence = sentence.replace(pointer, &name);
            match parameter.price {
                Some(key) => sentence.replace(key, &name),
                None => sentence,
            }
        })
}
