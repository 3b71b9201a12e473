//! Two designs, and what of them is compared.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::components::numbers;
use crate::app::components::select::Select;
use crate::study::question::Pair;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) designs: Rc<Vec<AttrValue>>,
    /// What was chosen; a design that is there no more counts as none.
    pub(super) pair: Pair,
    pub(super) set: Callback<Pair>,
}

/// The two that are compared where nothing is said, or what was said no longer is.
pub(super) fn settled(pair: &Pair, designs: &[AttrValue]) -> Pair {
    let known = |name: &Option<String>| {
        let name = name.as_deref()?;
        designs
            .iter()
            .any(|design| **design == *name)
            .then(|| name.to_owned())
    };
    let (of, versus) = (known(&pair.of), known(&pair.versus));
    let other = |than: &Option<String>| {
        let mut all = designs.iter();
        let found = all.find(|design| than.as_deref() != Some(design.as_str()));
        found.map(ToString::to_string)
    };
    let of = of.or_else(|| other(&versus));
    let versus = versus.filter(|versus| of.as_ref() != Some(versus));
    Pair {
        versus: versus.or_else(|| other(&of)),
        of,
        metric: pair.metric.clone(),
    }
}

#[component]
pub(super) fn PairFields(props: &Props) -> Html {
    let pair = settled(&props.pair, &props.designs);
    let options: Vec<_> = props
        .designs
        .iter()
        .map(|name| (name.clone(), name.clone()))
        .collect();
    let change = |edit: fn(&mut Pair, String)| {
        let (pair, set) = (pair.clone(), props.set.clone());
        Callback::from(move |chosen: String| {
            let mut pair = pair.clone();
            edit(&mut pair, chosen);
            set.emit(pair);
        })
    };
    // The two change places rather than be the same.
    let of = change(|pair, chosen| {
        if pair.versus.as_ref() == Some(&chosen) {
            pair.versus = pair.of.take();
        }
        pair.of = Some(chosen);
    });
    let versus = change(|pair, chosen| {
        if pair.of.as_ref() == Some(&chosen) {
            pair.of = pair.versus.take();
        }
        pair.versus = Some(chosen);
    });
    let metric = change(|pair, chosen| pair.metric = Some(chosen).filter(|key| !key.is_empty()));
    html! {
        <>
            <Select label="Design" testid="explore-of" value={pair.of.clone().unwrap_or_default()} options={options.clone()} set={of} />
            <Select label="Against" testid="explore-versus" value={pair.versus.clone().unwrap_or_default()} {options} set={versus} />
            <Select label="Compared by" testid="explore-metric" value={pair.metric.clone().unwrap_or_default()}
                options={vec![usual_metric()]} groups={numbers::options()} set={metric} />
        </>
    }
}

/// What is compared where nothing is chosen.
pub(super) fn usual_metric() -> (AttrValue, AttrValue) {
    ("".into(), "Total cost".into())
}
