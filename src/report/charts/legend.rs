//! What a chart's legend names, and the chart without what is hidden there.

use super::Picture;
use super::palette::Owner;

/// What a legend names. It can be hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// How it is told apart.
    pub sign: Sign,
}

/// How what a legend names is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// A curve.
    Curve(Owner),
    /// A design's mark, by its place.
    Dot(usize),
    /// An item of the bill, by its place.
    Item(usize),
    /// An end of an assumption's range: the low one is outlined, the high one filled.
    End {
        /// Whether it is the high one.
        is_high: bool,
    },
    /// An earlier run, by its place.
    Earlier(usize),
}

impl Picture {
    /// What its legend names, in order.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |name: &str, sign| Entry {
            name: name.to_owned(),
            sign,
        };
        let mut entries: Vec<Entry> = match self {
            Self::Lines(lines) => {
                let curves = lines.curves.iter();
                let all = curves.map(|curve| entry(&curve.name, Sign::Curve(curve.owner)));
                all.collect()
            }
            // What nobody can see needs no colour; the table has it.
            Self::Bars(bars) => {
                let items = bars.items.iter().enumerate();
                let seen = items.filter(|(index, _)| bars.is_seen(*index));
                let all = seen.map(|(_, item)| entry(&item.name, Sign::Item(item.place)));
                all.collect()
            }
            Self::Scatter(scatter) => {
                let dots = scatter.dots.iter();
                dots.map(|dot| entry(&dot.name, Sign::Dot(dot.design)))
                    .collect()
            }
            Self::Tornado(_) => [("low end", false), ("high end", true)]
                .map(|(name, is_high)| entry(name, Sign::End { is_high }))
                .to_vec(),
        };
        let earlier = self.earlier().into_iter();
        entries.extend(earlier.map(|(name, about, slot)| {
            // One that has a name of its own needs no more words.
            let said = if slot == 0 {
                format!("{name}: {about}")
            } else {
                name.to_owned()
            };
            entry(&said, Sign::Earlier(slot))
        }));
        entries
    }

    /// The chart without these entries of its legend.
    #[must_use]
    pub fn without(&self, hidden: &[Entry]) -> Self {
        let is_hidden = |name: &str, sign: Sign| {
            let mut hidden = hidden.iter();
            hidden.any(|entry| entry.name == name && entry.sign == sign)
        };
        let is_run_hidden = |slot| {
            let mut hidden = hidden.iter();
            hidden.any(|entry| entry.sign == Sign::Earlier(slot))
        };
        let mut next = self.clone();
        match &mut next {
            _ if hidden.is_empty() => {}
            Self::Lines(lines) => {
                lines.earlier.retain(|of| !is_run_hidden(of.slot));
                let earlier = lines.earlier.iter_mut().map(|of| &mut of.chart.curves);
                for curves in std::iter::once(&mut lines.curves).chain(earlier) {
                    curves.retain(|curve| !is_hidden(&curve.name, Sign::Curve(curve.owner)));
                }
                let curves = &lines.curves;
                let has = |owner| curves.iter().any(|curve| curve.owner == owner);
                lines.levels.retain(|level| has(level.of));
            }
            Self::Bars(bars) => {
                bars.earlier.retain(|of| !is_run_hidden(of.slot));
                let earlier = bars.earlier.iter_mut().map(|of| &mut of.chart);
                let is_hidden =
                    |item: &super::bars::Item| is_hidden(&item.name, Sign::Item(item.place));
                for chart in earlier {
                    chart.drop_items(&is_hidden);
                }
                bars.drop_items(&is_hidden);
            }
            Self::Scatter(scatter) => {
                scatter.earlier.retain(|of| !is_run_hidden(of.slot));
                let dots = scatter.dots.iter();
                let of = dots.filter(|dot| is_hidden(&dot.name, Sign::Dot(dot.design)));
                scatter.hidden = of.map(|dot| dot.name.clone()).collect();
            }
            Self::Tornado(tornado) => {
                for row in &mut tornado.rows {
                    for (end, is_high) in row.ends.iter_mut().zip([false, true]) {
                        let name = if is_high { "high end" } else { "low end" };
                        if is_hidden(name, Sign::End { is_high }) {
                            end.value.clear();
                            end.difference = None;
                        }
                    }
                }
            }
        }
        next
    }
}
