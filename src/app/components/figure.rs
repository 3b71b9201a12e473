//! A figure on the page: its words, its chart, its table, its files; and all of it in the whole window.

use std::rc::Rc;

use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::chart::{self, Chart};
use super::modal::Modal;
use super::reading::use_opened;
use super::{download, icons};
use crate::app::runs::Behind;
use crate::report::charts::{Entry, Picture, Sheet, svg};
use crate::report::figures::Figure;
use crate::report::record;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) figure: Rc<Figure>,
    pub(super) dark: bool,
    /// The scenario's title, which files are named by.
    pub(super) about: AttrValue,
    /// What chooses what is shown.
    #[prop_or_default]
    pub(super) controls: Html,
    /// Whether there is nothing to take away or to enlarge: it is on a stage.
    #[prop_or_default]
    pub(super) is_bare: bool,
}

/// A figure with earlier runs behind it, where they can be compared.
pub(super) fn before<'a>(
    figure: Figure,
    behind: impl Iterator<Item = (&'a Behind, Vec<Figure>)>,
) -> Figure {
    behind.fold(figure, |figure, (run, figures)| {
        let words = (&*run.name, &*run.about);
        figure.before(&figures, words, run.slot).unwrap_or(figure)
    })
}

#[component]
pub(super) fn Drawn(props: &Props) -> Html {
    let Props {
        figure,
        dark,
        about,
        controls,
        is_bare,
    } = props;
    let hidden = use_state(Vec::<Entry>::new);
    let is_large = use_state(|| false);
    let picture = use_memo(
        (figure.picture.clone(), (*hidden).clone()),
        |(picture, hidden)| picture.without(hidden),
    );
    let toggle = {
        let hidden = hidden.clone();
        Callback::from(move |entry: Entry| {
            let mut next = (*hidden).clone();
            next.retain(|other| other.sign != entry.sign);
            if next.len() == hidden.len() {
                next.push(entry);
            }
            hidden.set(next);
        })
    };
    let button = use_node_ref();
    let enlarge = {
        let is_large = is_large.setter();
        Callback::from(move |()| is_large.set(true))
    };
    let close = {
        let (is_large, button) = (is_large.setter(), button.clone());
        Callback::from(move |()| {
            is_large.set(false);
            if let Some(button) = button.cast::<web_sys::HtmlElement>() {
                let _ = button.focus();
            }
        })
    };
    let keys = if figure.picture.values() > 0 {
        " Arrow keys read the values."
    } else {
        ""
    };
    let spoken = AttrValue::from(format!("{}{keys}", figure.spoken()));
    let body = |is_large: bool| {
        html! {
            <Body figure={figure.clone()} picture={picture.clone()} hidden={(*hidden).clone()} toggle={toggle.clone()}
                enlarge={(!is_bare && !is_large).then(|| enlarge.clone())} spoken={spoken.clone()} dark={*dark}
                about={about.clone()} controls={controls.clone()} is_bare={*is_bare} />
        }
    };
    let words = |end: Html| {
        html! {
            <figcaption>
                <h3>{ &figure.title }</h3>
                { end }
                <p>{ &figure.note }</p>
            </figcaption>
        }
    };
    let open = enlarge.reform(|_: MouseEvent| ());
    let shut = close.reform(|_: MouseEvent| ());
    html! {
        <figure class={classes!("chart", figure.wide.then_some("wide"))} data-testid="chart" data-chart={figure.name}>
            { words(html! {
                if !is_bare {
                    <button ref={button} type="button" class="icon-button chart-size" data-testid="chart-enlarge"
                        title="Enlarge (Enter, or a click on the chart)"
                        aria-label={format!("Enlarge: {}", figure.title)} onclick={open}>{ icons::enlarge() }</button>
                }
            }) }
            { body(false) }
            if *is_large {
                <Modal class="chart-window" testid="chart-window" label={figure.title.clone()} {close}>
                    <figure class="chart large" data-chart={figure.name}>
                        { words(html! {
                            <button type="button" class="icon-button chart-size" data-testid="chart-close" title="Close (Esc)"
                                aria-label="Close" onclick={shut}>{ icons::cross() }</button>
                        }) }
                        { body(true) }
                    </figure>
                </Modal>
            }
        </figure>
    }
}

#[derive(PartialEq, Properties)]
struct BodyProps {
    figure: Rc<Figure>,
    /// The picture without what is hidden.
    picture: Rc<Picture>,
    hidden: Vec<Entry>,
    toggle: Callback<Entry>,
    enlarge: Option<Callback<()>>,
    spoken: AttrValue,
    dark: bool,
    about: AttrValue,
    controls: Html,
    is_bare: bool,
}

/// What is the same on the page and in the whole window.
#[component]
fn Body(props: &BodyProps) -> Html {
    let figure = &props.figure;
    let canvas = use_node_ref();
    let (is_open, toggle) = use_opened();
    html! {
        <>
            { props.controls.clone() }
            <Legend entries={figure.picture.entries()} hidden={props.hidden.clone()} toggle={props.toggle.clone()} />
            <Chart name={figure.name} canvas={canvas.clone()} picture={props.picture.clone()}
                spoken={props.spoken.clone()} enlarge={props.enlarge.clone()} dark={props.dark} />
            if !props.is_bare {
                <div class="chart-foot">
                    <details data-testid="chart-table" ontoggle={toggle}>
                        <summary>{ "Data table" }</summary>
                        if is_open {
                            <div class="scroll" tabindex="0" role="region" aria-label={format!("{}: data", figure.title)}>
                                <table>{ table(figure) }</table>
                            </div>
                        }
                    </details>
                    <Files figure={figure.clone()} picture={props.picture.clone()} {canvas} about={props.about.clone()}
                        spoken={props.spoken.clone()} dark={props.dark} />
                </div>
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct LegendProps {
    entries: Vec<Entry>,
    hidden: Vec<Entry>,
    toggle: Callback<Entry>,
}

/// What is drawn, by name. A click hides or shows it.
#[component]
fn Legend(props: &LegendProps) -> Html {
    let entries = props.entries.iter().map(|entry| {
        let is_hidden = props.hidden.iter().any(|hidden| hidden.sign == entry.sign);
        let toggle = {
            let entry = entry.clone();
            props.toggle.reform(move |_: MouseEvent| entry.clone())
        };
        let title = if is_hidden { "Hidden. Show it" } else { "Hide it" };
        html! {
            <button type="button" class="entry" aria-pressed={(!is_hidden).to_string()} {title} onclick={toggle}>
                { icons::sign(entry.sign) }<span>{ &entry.name }</span>
            </button>
        }
    });
    html! { <div class="legend" role="group" aria-label="Legend: what is drawn">{ for entries }</div> }
}

#[derive(PartialEq, Properties)]
struct FilesProps {
    figure: Rc<Figure>,
    picture: Rc<Picture>,
    canvas: NodeRef,
    about: AttrValue,
    spoken: AttrValue,
    dark: bool,
}

/// A file of a chart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum File {
    Csv,
    Png,
    Svg,
}

impl File {
    const ALL: [Self; 3] = [Self::Csv, Self::Png, Self::Svg];

    /// Its name for scripts, its name for people, how it ends, what is in it.
    fn said(self) -> [&'static str; 4] {
        match self {
            Self::Csv => [
                "chart-csv",
                "CSV",
                "csv",
                "The data, every number to its last digit",
            ],
            Self::Png => [
                "chart-png",
                "PNG",
                "png",
                "A picture for slides, at twice the size",
            ],
            Self::Svg => [
                "chart-svg",
                "SVG",
                "svg",
                "The same picture, sharp at any size",
            ],
        }
    }
}

#[component]
fn Files(props: &FilesProps) -> Html {
    let failed = use_state(|| false);
    let buttons = File::ALL.map(|file| {
        let [testid, name, _, title] = file.said();
        let title = if file == File::Csv {
            title.to_owned()
        } else {
            format!("{title}. What is hidden is not in it")
        };
        let get = {
            let (failed, wanted) = (failed.setter(), Wanted::of(props));
            Callback::from(move |_: MouseEvent| failed.set(wanted.take(file).is_none()))
        };
        html! { <button type="button" class="quiet" data-testid={testid} {title} onclick={get}>{ name }</button> }
    });
    html! {
        <div class="chart-files" role="group" aria-label={format!("{}: files", props.figure.title)}>
            if *failed { <span class="bad" role="alert">{ "The file could not be made." }</span> }
            { for buttons }
        </div>
    }
}

/// What a file is made from.
struct Wanted {
    figure: Rc<Figure>,
    picture: Rc<Picture>,
    canvas: NodeRef,
    name: String,
    spoken: AttrValue,
    dark: bool,
}

impl Wanted {
    fn of(props: &FilesProps) -> Self {
        let figure = &props.figure;
        let of = figure.of.as_deref().unwrap_or_default();
        Self {
            figure: figure.clone(),
            picture: props.picture.clone(),
            canvas: props.canvas.clone(),
            // Each of the two is as long as it may be.
            name: [&*props.about, &format!("{} {of}", figure.name)]
                .map(record::file_name)
                .join("-")
                .replacen("-stayfresh", "", 1),
            spoken: props.spoken.clone(),
            dark: props.dark,
        }
    }

    /// Makes a file and hands it to the browser.
    fn take(&self, file: File) -> Option<()> {
        let [_, _, ending, _] = file.said();
        let name = format!("{}.{ending}", self.name);
        if file == File::Csv {
            let text = self.figure.data(usize::MAX).csv().ok()?;
            return download::save(&name, "text/csv;charset=utf-8", text);
        }
        let canvas = self.canvas.cast::<HtmlCanvasElement>()?;
        let look = chart::look(&canvas)?;
        let [wide, high] = [canvas.client_width(), canvas.client_height()];
        let sheet = Sheet {
            title: &self.figure.title,
            note: &self.figure.note,
            picture: &self.picture,
            chart: (wide.unsigned_abs(), high.unsigned_abs()),
            text: look.text,
        };
        match file {
            File::Svg => {
                let text = svg::file(&sheet, &self.spoken, self.dark);
                download::save(&name, "image/svg+xml", text)
            }
            _ => download::save_picture(&name, &chart::print(&sheet, &look)?),
        }
    }
}

/// All values of a chart.
fn table(figure: &Figure) -> Html {
    let data = figure.data(usize::MAX);
    let (last, total) = (data.columns.len(), data.rows.len());
    let heads = data.heads();
    let heads = heads.map(|name| html! { <th scope="col">{ name }</th> });
    let rows = data.shown().enumerate().map(|(row, (head, cells))| {
        let cells = cells.into_iter().enumerate().map(|(column, cell)| {
            let is_fault = data.has_faults && column + 1 == last;
            html! { <td class={classes!(is_fault.then_some("fault"))}>{ cell }</td> }
        });
        let is_total = data.has_total && row + 1 == total;
        html! {
            <tr class={classes!(is_total.then_some("total"))}><th scope="row">{ head }</th>{ for cells }</tr>
        }
    });
    html! {
        <>
            <thead><tr>{ for heads }</tr></thead>
            <tbody>{ for rows }</tbody>
        </>
    }
}
