//! Which scenarios have a talk.

use yew::prelude::*;

use super::icons;
use super::modal::Modal;
use crate::app::about;
use crate::app::state::{Action, State};
use crate::app::talk::Event;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) act: Callback<Action>,
    pub(super) close: Callback<()>,
}

#[component]
pub(super) fn Talks(props: &Props) -> Html {
    let Props { state, act, close } = props;
    let title = &state.scenario.title;
    let why = if state.problems.is_some() {
        Some("The scenario’s text has problems. Mend them, and its talk can be given.".to_owned())
    } else if !state.scenario.story.is_empty() {
        None
    } else if title.is_empty() {
        Some("This scenario has no talk.".to_owned())
    } else {
        Some(format!("“{title}” has no talk."))
    };
    let all = about::presets().iter().filter(|about| about.tells);
    let all = all.map(|about| {
        let preset = about.preset;
        let (act, close) = (act.clone(), close.clone());
        let begin = Callback::from(move |_: MouseEvent| {
            close.emit(());
            act.emit(Action::Open(preset));
            act.emit(Action::Talk(Event::Start(0)));
        });
        html! {
            <li>
                <button type="button" data-testid="talk-of" data-name={preset.name} onclick={begin}>
                    <b>{ &about.title }</b><span>{ &about.question }</span>
                </button>
            </li>
        }
    });
    html! {
        <Modal class="window" testid="talks" label="Talks" close={close.clone()}>
            <header>
                <h2>{ "Talks" }</h2>
                <button type="button" class="icon-button" aria-label="Close" title="Close (Esc)"
                    onclick={close.reform(|_: MouseEvent| ())}>{ icons::cross() }</button>
            </header>
            { for why.map(|why| html! { <p>{ why }</p> }) }
            <p id="talks-of">{ "These scenarios come with one:" }</p>
            <ul class="talks" aria-labelledby="talks-of">{ for all }</ul>
            <p class="fine">
                { "A talk opens its scenario, too." }
                if state.edited() { { " One undo brings yours back." } }
            </p>
        </Modal>
    }
}
