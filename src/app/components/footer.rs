//! What these numbers are, and how to get them again.

use gloo::utils::document_element;
use yew::prelude::*;

use super::copy::Copy;
use super::late::use_rested;
use super::share::{file_name, save_scenario};
use crate::app::protocol::BUILD;
use crate::app::state::{Action, State};
use crate::report::table;
use crate::scenario::Scenario;
use crate::scenario::presets::{self, PRESETS};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    /// Whether the browser keeps the scenario for the next visit.
    pub(super) keeps: bool,
    pub(super) act: Callback<Action>,
}

#[component]
pub(super) fn Footer(props: &Props) -> Html {
    let state = &props.state;
    let results = state.shown.as_ref().map(|shown| &shown.results);
    // That of a part of the run is nothing to compare.
    let whole = state
        .shown
        .as_ref()
        .filter(|shown| shown.done >= shown.parts);
    let hash = match (whole, results) {
        (Some(shown), _) => shown.results.results_hash.clone(),
        (None, Some(_)) => "when the run is done".to_owned(),
        (None, None) => String::new(),
    };
    let scenario = results.map(|results| results.scenario_hash.clone());
    let of = (
        state.preset.name,
        state.text.clone(),
        state.scenario.clone(),
    );
    let of = use_rested(&of);
    let command = use_memo(of, |(preset, text, scenario)| {
        command(preset, text, scenario)
    });
    let keeps = if props.keeps {
        "What you change is kept in this browser, and nowhere else."
    } else {
        "This browser keeps nothing for the next visit: save a link or a file of what you want to keep."
    };
    let said = use_state_eq(|| "");
    {
        // Of another text it would not be so.
        let said = said.setter();
        use_effect_with(state.text.clone(), move |_| said.set(""));
    }
    let copied = {
        let said = said.setter();
        Callback::from(move |well: bool| {
            said.set(if well {
                "Copied"
            } else {
                "Not copied: select it"
            })
        })
    };
    // What no preset is must be a file first.
    let file = command.file.as_ref().map(|file| {
        let (file, text, said) = (file.clone(), state.text.clone(), said.setter());
        let save = Callback::from(move |_: MouseEvent| {
            said.set(if save_scenario(&file, &text) {
                "Saved"
            } else {
                "The file could not be made."
            });
        });
        html! { <button class="quiet" data-testid="command-save" onclick={save}>{ "Save the scenario" }</button> }
    });
    // A page that is itself the single file has its engine in it.
    let is_single = document_element().has_attribute("data-engine");
    let over = props.act.reform(|_: MouseEvent| Action::Open(&PRESETS[0]));
    html! {
        <footer class="foot">
            <section aria-labelledby="again">
                <header>
                    <h2 id="again">{ "The same numbers on the command line" }</h2>
                    <Copy class="quiet" testid="command-copy" text={command.line.clone()} label="Copy" done={copied} />
                    { for file }
                    <span role="status">{ *said }</span>
                </header>
                <pre tabindex="0"><code>{ &command.line }</code></pre>
                <p class="keeps">{ "The program comes of the same source as this page: there, " }<code>{ "cargo install --path ." }</code>
                    { " puts it on your path. It prints the results hash that stands here." }</p>
            </section>
            <dl>
                <div class="on-paper"><dt>{ "Title" }</dt><dd>{ &state.scenario.title }</dd></div>
                <div><dt>{ "Program" }</dt><dd>{ program() }</dd></div>
                <div><dt>{ table::SCENARIO_HASH }</dt><dd>{ scenario.unwrap_or_default() }</dd></div>
                <div><dt>{ table::RESULTS_HASH }</dt><dd data-testid="results-hash">{ hash }</dd></div>
            </dl>
            <p class="keeps" data-testid="keeps" data-keeps={props.keeps.to_string()}>
                { keeps }{ " " }<button class="link" data-testid="start-over" onclick={over}>{ "Start over" }</button>
            </p>
            if !is_single {
                <p class="keeps">
                    <a href="stayfresh.html" download="stayfresh.html">{ "Take the page with you" }</a>
                    { ": one file that runs from a disk, without a server or a network." }
                </p>
            }
        </footer>
    }
}

/// The program as the command line names it, and which of its builds this page is.
fn program() -> String {
    let version = env!("CARGO_PKG_VERSION");
    match BUILD
        .strip_prefix(version)
        .and_then(|rest| rest.strip_prefix('-'))
    {
        Some(build) => format!("stayfresh {version}, build {build}"),
        None => format!("stayfresh {BUILD}"),
    }
}

/// A command, and the file that it reads, if it reads one.
#[derive(PartialEq)]
struct Command {
    line: String,
    file: Option<String>,
}

/// The command that gives what is on the page.
fn command(preset: &str, text: &str, scenario: &Scenario) -> Command {
    let own = presets::by_name(preset).map_or("", |preset| preset.text);
    let of_preset = |more: String| Command {
        line: format!("stayfresh run {preset}{more}"),
        file: None,
    };
    if text == own {
        return of_preset(String::new());
    }
    // A preset with another seed has a short form; anything else is a file.
    let seed = scenario.seed.get();
    let seeded = crate::scenario::text::set(own, "/seed", &seed.to_string());
    if seeded.is_ok_and(|seeded| seeded == text) {
        return of_preset(format!(" --seed {seed}"));
    }
    let file = file_name(&scenario.title);
    Command {
        line: format!("stayfresh run {file}"),
        file: Some(file),
    }
}
