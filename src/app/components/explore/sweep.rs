//! A sweep: the numbers at each value of a parameter.

use std::rc::Rc;

use yew::prelude::*;

use super::pair::usual_metric;
use super::panel::{Panel, nothing};
use super::parameter::{Over, ParameterField, TextField};
use super::{FormProps, found};
use crate::app::components::figure::Drawn;
use crate::app::components::late::use_rested;
use crate::app::components::numbers;
use crate::app::components::select::Select;
use crate::app::explore::{Found, Shown};
use crate::app::parameters::{self, Range, Spread};
use crate::report::figures::{self, View};
use crate::scenario::vary::{Axis, written};
use crate::study::question::{Kind, Question};

/// How values are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    /// As the scenario's own sweep has them.
    Scenario,
    Spread(Spread),
    Listed,
}

impl Values {
    fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Scenario => ("scenario", "The scenario’s own sweep"),
            Self::Spread(Spread::Factors) => ("factors", "By equal factors"),
            Self::Spread(Spread::Even) => ("even", "By equal steps"),
            Self::Listed => ("list", "A list"),
        }
    }
}

#[component]
pub(super) fn Sweep(props: &FormProps) -> Html {
    let state = &props.state;
    let over = use_state(|| None::<Over>);
    let chosen = use_state(|| None::<Values>);
    let range = use_state(|| None::<Range>);
    let list = use_state(String::new);
    let usual = parameters::usual(&props.parameters);
    let usual = usual.map(|usual| usual.pointer).unwrap_or_default();
    let moved = Over::settled((*over).as_ref(), &usual, &props.parameters);
    let parameter = parameters::at(&props.parameters, &moved.pointer);
    let text = use_rested(&state.text);
    let around = use_memo((text, moved.pointer.clone()), |(text, _)| {
        parameter
            .as_ref()
            .map(|parameter| Range::around(text, parameter))
    });
    let blank = || Range {
        from: String::new(),
        to: String::new(),
        steps: "5".to_owned(),
        spread: Spread::Even,
    };
    let ranged = (*range)
        .clone()
        .or_else(|| (*around).clone())
        .unwrap_or_else(blank);
    let own = state.scenario.sweep.as_ref();
    let values = chosen.filter(|values| *values != Values::Scenario || own.is_some());
    let values = values.unwrap_or(match own {
        Some(_) if over.is_none() => Values::Scenario,
        _ => Values::Spread(ranged.spread),
    });
    let is_whole = parameter
        .as_ref()
        .is_some_and(|parameter| parameter.is_whole);
    let question = {
        let (over, list, range) = (moved.clone(), (*list).clone(), ranged.clone());
        let own = own.map(|own| own.axes().to_vec());
        Callback::from(move |()| {
            let values = match values {
                Values::Scenario => {
                    let axes = own.clone().unwrap_or_default();
                    return Ok(Question::Sweep { axes });
                }
                Values::Spread(spread) => Range {
                    spread,
                    ..range.clone()
                }
                .values(is_whole)?,
                Values::Listed => parameters::listed(&list)?,
            };
            let over = over.checked()?;
            Ok(Question::Sweep {
                axes: vec![Axis { over, values }],
            })
        })
    };
    let edit = |edit: fn(&mut Range, String)| {
        let (range, ranged) = (range.clone(), ranged.clone());
        Callback::from(move |text: String| {
            let mut edited = ranged.clone();
            edit(&mut edited, text);
            range.set(Some(edited));
        })
    };
    let choose = {
        let (over, range, chosen) = (over.clone(), range.clone(), chosen.clone());
        Callback::from(move |pointer: Over| {
            over.set(Some(pointer));
            range.set(None);
            if *chosen == Some(Values::Scenario) {
                chosen.set(None);
            }
        })
    };
    let all = [
        Values::Scenario,
        Values::Spread(Spread::Factors),
        Values::Spread(Spread::Even),
        Values::Listed,
    ];
    let offered = all
        .iter()
        .filter(|values| **values != Values::Scenario || own.is_some());
    let options = offered.map(|values| {
        let (key, name) = values.name();
        (AttrValue::from(key), AttrValue::from(name))
    });
    let choose_values = {
        let chosen = chosen.clone();
        Callback::from(move |key: String| {
            chosen.set(all.into_iter().find(|values| values.name().0 == key));
        })
    };
    let set_list = {
        let list = list.clone();
        Callback::from(move |text: String| list.set(text))
    };
    let fields = match values {
        Values::Scenario => {
            let axes = own.map(|own| own.axes().to_vec()).unwrap_or_default();
            let axes = axes.into_iter().map(|axis| {
                let values: Vec<String> = axis.values.iter().map(written).collect();
                let name = parameters::name(&props.parameters, &axis.over);
                html! { <p class="own">{ format!("{name}: {}", values.join(", ")) }</p> }
            });
            html! { <>{ for axes }</> }
        }
        Values::Spread(_) => html! {
            <div class="three">
                <TextField label="From" testid="explore-from" value={ranged.from.clone()} set={edit(|range, text| range.from = text)} />
                <TextField label="To" testid="explore-to" value={ranged.to.clone()} set={edit(|range, text| range.to = text)} />
                <TextField label="Values" testid="explore-steps" value={ranged.steps.clone()} set={edit(|range, text| range.steps = text)} />
            </div>
        },
        Values::Listed => html! {
            <TextField label="Values, with commas" testid="explore-list" value={(*list).clone()} placeholder="1h, 6h, 1d" set={set_list} />
        },
    };
    let shown = state.explored.of(Kind::Sweep).shown.as_ref();
    let found = shown.map_or_else(
        || nothing("How do all designs do as one parameter moves? Each value is a run of its own, and the chart fills as they come."),
        |shown| html! { <Answer shown={shown.clone()} dark={props.dark} /> },
    );
    html! {
        <Panel kind={Kind::Sweep} title="Sweep" says="Every design at every value of a parameter."
            state={state.clone()} act={props.act.clone()} {question} {found}>
            if values != Values::Scenario {
                <ParameterField parameters={props.parameters.clone()} over={moved} set={choose} />
            }
            <Select label="Spread" testid="explore-spread" value={values.name().0} options={options.collect::<Vec<_>>()} set={choose_values} />
            { fields }
        </Panel>
    }
}

#[derive(PartialEq, Properties)]
struct AnswerProps {
    shown: Shown,
    dark: bool,
}

#[component]
fn Answer(props: &AnswerProps) -> Html {
    let metric = use_state(String::new);
    let versus = use_state(String::new);
    let design = use_state(String::new);
    let Shown {
        found, scenario, ..
    } = &props.shown;
    let figure = {
        let chosen = ((*metric).clone(), (*versus).clone(), (*design).clone());
        use_memo(
            (found.clone(), scenario.clone(), chosen),
            |(found, scenario, (metric, versus, design))| {
                let Found::Sweep(found) = found else {
                    return None;
                };
                let groups = parameters::all(scenario);
                let named = |name: &String| (!name.is_empty()).then(|| name.clone());
                let view = View {
                    metric: metric.parse().ok(),
                    versus: named(versus),
                    design: named(design),
                };
                figures::swept(found, &view, &|over| parameters::name(&groups, over)).map(Rc::new)
            },
        )
    };
    let (Found::Sweep(swept), Some(figure)) = (found, &*figure) else {
        return Html::default();
    };
    let names = swept.points.first().map(|point| {
        let designs = point.results.designs.iter();
        designs
            .map(|design| AttrValue::from(design.name.clone()))
            .collect::<Vec<_>>()
    });
    let names = names.unwrap_or_default();
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |chosen: String| state.set(chosen))
    };
    let plain = (AttrValue::from(""), AttrValue::from("as it is"));
    let against = names
        .iter()
        .map(|name| (name.clone(), AttrValue::from(format!("less {name}"))));
    let shows: Vec<_> = std::iter::once(plain).chain(against).collect();
    let one: Vec<_> = names
        .iter()
        .map(|name| (name.clone(), name.clone()))
        .collect();
    let controls = html! {
        <div class="controls">
            <Select label="Metric" testid="sweep-metric" value={(*metric).clone()} options={vec![usual_metric()]}
                groups={numbers::options()} set={set(&metric)} />
            <Select label="Shown" testid="sweep-versus" value={(*versus).clone()} options={shows} set={set(&versus)} />
            if swept.over.len() > 1 {
                <Select label="Of" testid="sweep-design" value={(*design).clone()} options={one} set={set(&design)} />
            }
        </div>
    };
    let says = found.points().map_or_else(String::new, |(points, all)| {
        if points == all {
            format!(
                "{all} points, each a run of its own. Sweep hash {}",
                swept.sweep_hash
            )
        } else {
            format!("{points} of {all} points so far.")
        }
    });
    html! {
        <>
            <Drawn figure={Rc::clone(figure)} dark={props.dark} about={scenario.title.clone()} {controls} />
            <footer>
                <small data-testid="explore-hash" data-hash={swept.sweep_hash.clone()}>{ says }</small>
                <found::Files shown={props.shown.clone()} />
            </footer>
        </>
    }
}
