//! The files that a scenario names: chosen from the reader's own, and what became of their rows. They stay in
//! memory; nothing is sent anywhere.

use std::rc::Rc;

use gloo::events::EventListener;
use web_sys::{FileReader, HtmlInputElement};
use yew::prelude::*;

use crate::app::incoming;
use crate::app::state::{Action, Files, Given};
use crate::report::human;
use crate::scenario::Scenario;
use crate::world::trace::Report;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) scenario: Rc<Scenario>,
    pub(super) files: Files,
    pub(super) reports: Rc<[Report]>,
    pub(super) act: Callback<Action>,
}

#[component]
pub(super) fn FilesOf(props: &Props) -> Html {
    let names = props.scenario.files();
    if names.is_empty() {
        return Html::default();
    }
    let rows = names.into_iter().map(|name| {
        let given = props.files.get(name).cloned();
        let report = props.reports.iter().find(|report| report.file == name);
        html! {
            <Upload key={name} name={name.to_owned()} {given} report={report.cloned()} act={props.act.clone()} />
        }
    });
    html! {
        <section class="files" aria-labelledby="files">
            <header>
                <h2 id="files">{ "Files" }</h2>
                <p>{ "CSV files that the scenario reads. They stay on this machine." }</p>
            </header>
            <ul>{ for rows }</ul>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct UploadProps {
    /// What the scenario calls it.
    name: String,
    given: Option<Given>,
    report: Option<Report>,
    act: Callback<Action>,
}

#[component]
fn Upload(props: &UploadProps) -> Html {
    // Why the last file that was chosen is not there.
    let refused = use_state(|| None::<AttrValue>);
    // A reading goes on until another file is chosen.
    let reading = use_mut_ref(|| None::<(FileReader, [EventListener; 2])>);
    {
        // Another file is there, from here or elsewhere: what was refused before is past.
        let refused = refused.setter();
        use_effect_with(props.given.clone(), move |_| refused.set(None));
    }
    let choose = {
        let (name, act, refused) = (props.name.clone(), props.act.clone(), refused.setter());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let file = input.files().and_then(|files| files.get(0));
            let (Some(file), Ok(reader)) = (file, FileReader::new()) else {
                return;
            };
            *reading.borrow_mut() = None;
            if let Some(why) = incoming::table_too_large(&file.name(), file.size()) {
                return refused.set(Some(why.into()));
            }
            let own: Rc<str> = file.name().into();
            let (read, act, scenarios) = (reader.clone(), act.clone(), name.clone());
            let (fine, failed) = (refused.clone(), refused.clone());
            let unread = || Some(AttrValue::Static("This file could not be read."));
            let loaded = EventListener::once(&reader, "load", move |_| {
                if let Ok(buffer) = read.result() {
                    let bytes = js_sys::Uint8Array::new(&buffer).to_vec().into();
                    fine.set(None);
                    act.emit(Action::Give(scenarios, Given { name: own, bytes }));
                }
            });
            let error = EventListener::once(&reader, "error", move |_| failed.set(unread()));
            if reader.read_as_array_buffer(&file).is_err() {
                refused.set(unread());
            }
            *reading.borrow_mut() = Some((reader, [loaded, error]));
        })
    };
    let id = format!("file-{}", props.name);
    let state = match (&props.given, &props.report) {
        _ if refused.is_some() => {
            html! { <span class="bad" data-testid="file-refused">{ (*refused).clone() }</span> }
        }
        (None, _) => {
            html! { <span class="wanted">{ "Not chosen yet: without it the scenario cannot run." }</span> }
        }
        (Some(given), None) => {
            html! { <span>{ format!("{}, {}", given.name, size(given.bytes.len())) }</span> }
        }
        (Some(given), Some(report)) => {
            let (rows, used) = (human::whole(report.rows), human::whole(report.used));
            let rows = if report.rows == report.used {
                format!("all {rows} rows are used")
            } else {
                format!("{used} of {rows} rows are used")
            };
            html! { <span data-testid="file-report">{ format!("{}, {}: {rows}", given.name, size(given.bytes.len())) }</span> }
        }
    };
    html! {
        <li>
            <code>{ &props.name }</code>
            <label class="pick" for={id.clone()}>
                { if props.given.is_some() { "Another file" } else { "Choose a file" } }
                <input {id} type="file" accept=".csv,text/csv,text/plain" data-testid="file"
                    data-file={props.name.clone()} onchange={choose} />
            </label>
            <span class="became" role="status">{ state }</span>
            { for props.report.as_ref().map(left_out) }
        </li>
    }
}

/// The rows that are left out, line by line, and columns that nobody asked for.
fn left_out(report: &Report) -> Html {
    let count = report.rows - report.used;
    let columns = (!report.unknown_columns.is_empty()).then(|| {
        let columns = report.unknown_columns.join(", ");
        html! { <p class="columns">{ format!("Columns that are not used: {columns}") }</p> }
    });
    let rows = (count > 0).then(|| {
        let told = report.left_out.iter().map(|row| {
            html! { <li><b>{ format!("line {}", row.line) }</b><span>{ &row.why }</span></li> }
        });
        let more = count - (report.left_out.len() as u64).min(count);
        let plural = if count == 1 { "row is" } else { "rows are" };
        html! {
            <details open=true>
                <summary>{ format!("{} {plural} left out", human::whole(count)) }</summary>
                <ul>{ for told }</ul>
                if more > 0 { <p>{ format!("and {} more", human::whole(more)) }</p> }
            </details>
        }
    });
    html! { <>{ columns }{ rows }</> }
}

/// A size in bytes, for people.
fn size(bytes: usize) -> String {
    let bytes = bytes as f64;
    match bytes {
        _ if bytes >= 1e6 => format!("{:.1} MB", bytes / 1e6),
        _ if bytes >= 1e3 => format!("{:.0} kB", bytes / 1e3),
        _ => format!("{bytes:.0} bytes"),
    }
}
