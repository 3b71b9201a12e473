//! Where two designs change places, as a file and in plain words.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::human;
use super::results::About;
use super::table::visible;
use crate::measure::estimate::Estimate;
use crate::measure::metrics::{Better, Unit};
use crate::measure::path::MetricPath;
use crate::scenario::prices::Price;
use crate::scenario::vary::Kind;
use crate::study::breakeven::parameter::Tried;
use crate::study::breakeven::{BreakEven, Less, Piece};

/// Where two designs change places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BreakEvenResults {
    /// Who made it.
    pub stayfresh: About,
    /// The scenario, with every default filled in.
    pub scenario: Json,
    /// Replicates that are in the numbers.
    pub replicates: u32,
    /// The design.
    pub of: String,
    /// The design that it is compared with.
    pub versus: String,
    /// What of them is compared.
    pub metric: String,
    /// The parameter, a JSON pointer.
    pub over: String,
    /// What the scenario says it is; absent where it does not.
    pub now: Option<Json>,
    /// The least and the most that was looked at; null where there is no end.
    pub range: [Option<Json>; 2],
    /// How it was found.
    pub method: Method,
    /// Where the means meet.
    pub at: Vec<Json>,
    /// Who has less where, over the whole range, in order.
    pub pieces: Vec<Stretch>,
    /// The values that were tried, in order; none for a price, whose effect is linear.
    pub tried: Vec<TriedValue>,
    /// The same in words.
    pub says: Vec<String>,
}

/// How a break-even was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Exactly, since money is linear in a price: Fieller's set.
    Fieller,
    /// On a grid and by bisection.
    Search {
        /// To what share of their value ends are found,
        tolerance: f64,
        /// or, if that is more, of the range.
        of_range: f64,
    },
}

/// A range of values in which the answer is the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// Where it begins; null where it may begin earlier than was looked.
    pub from: Option<Json>,
    /// Where it ends; null where it may go on.
    pub to: Option<Json>,
    /// The design that has less there; null where they cannot be told apart, 95 %, or it is not defined.
    pub lower: Option<String>,
    /// The design that is better there.
    pub better: Option<String>,
}

/// The paired difference at one value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TriedValue {
    /// The value.
    pub at: Json,
    /// The mean and its interval; absent where it is not defined.
    pub difference: Option<Estimate>,
}

/// What a parameter's values are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// US dollars for so many.
    Price(Price),
    /// Anything else.
    Parameter(Kind),
}

impl Scale {
    /// The value as it stands in a scenario.
    #[must_use]
    pub fn value(self, size: f64) -> Json {
        match self {
            Self::Price(_) => Json::from(size),
            Self::Parameter(kind) => kind.value(size),
        }
    }

    /// The value for people.
    #[must_use]
    pub fn shown(self, size: f64) -> String {
        match self {
            Self::Price(price) => {
                let per = per(price);
                let per = if per.is_empty() { " each" } else { per };
                format!("{}{per}", self.bare(size))
            }
            Self::Parameter(Kind::Duration) => human::value(Unit::Seconds, size),
            Self::Parameter(Kind::Whole) => human::whole(libm::round(size.max(0.0)) as u64),
            Self::Parameter(Kind::Number) => number(size, 0),
        }
    }

    /// The same beside another value: without what a price buys.
    fn bare(self, size: f64) -> String {
        match self {
            Self::Price(_) => format!("${}", number(size, 2)),
            Self::Parameter(_) => self.shown(size),
        }
    }
}

/// Three digits that count; after the point none of them an idle zero, but for the first `least`.
fn number(value: f64, least: usize) -> String {
    if value.abs() >= 1000.0 {
        return human::value(Unit::Count, libm::round(value));
    }
    let mut digits = 0;
    let mut scaled = value.abs();
    while scaled > 0.0 && scaled < 100.0 && digits < 9 {
        scaled *= 10.0;
        digits += 1;
    }
    let mut text = format!("{value:.*}", digits.max(least));
    let point = text.find('.');
    while point.is_some_and(|point| text.len() > point + 1 + least) && text.ends_with('0') {
        text.pop();
    }
    text.trim_end_matches('.').to_owned()
}

/// What is asked, and what was found.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The two designs.
    pub names: [&'a str; 2],
    /// What of them is compared.
    pub metric: &'a MetricPath,
    /// What moves: a price's name, or a pointer.
    pub what: &'a str,
    /// What its values are.
    pub scale: Scale,
    /// What it is.
    pub now: Option<f64>,
    /// The least and the most that was looked at.
    pub range: [Option<f64>; 2],
}

impl Question<'_> {
    /// Who is better where one of the two has less.
    fn better(&self, less: Less) -> Option<usize> {
        let lower = lower(less)?;
        match self.metric.better() {
            Better::Higher => Some(1 - lower),
            Better::Lower | Better::Neither => Some(lower),
        }
    }

    /// Pieces as they stand in a file.
    #[must_use]
    pub fn stretches(&self, pieces: &[Piece]) -> Vec<Stretch> {
        let name = |index: usize| self.names[index].to_owned();
        let stretch = |piece: &Piece| Stretch {
            from: piece.from.map(|size| self.scale.value(size)),
            to: piece.to.map(|size| self.scale.value(size)),
            lower: lower(piece.less).map(name),
            better: match self.metric.better() {
                Better::Neither => None,
                _ => self.better(piece.less).map(name),
            },
        };
        pieces.iter().map(stretch).collect()
    }

    /// Values that were tried as they stand in a file.
    #[must_use]
    pub fn tried(&self, tried: &[Tried]) -> Vec<TriedValue> {
        let value = |tried: &Tried| TriedValue {
            at: self.scale.value(tried.at),
            difference: tried.difference,
        };
        tried.iter().map(value).collect()
    }

    /// `push costs less than poll`; `push has the higher accuracy`.
    fn wins(&self, better: usize) -> String {
        let (winner, loser) = (visible(self.names[better]), visible(self.names[1 - better]));
        let title = self.metric.title();
        if title == "Total cost" {
            return format!("{winner} costs less than {loser}");
        }
        let how = match self.metric.better() {
            Better::Higher => "higher",
            Better::Lower => "lower",
            Better::Neither => "smaller",
        };
        format!("{winner} has the {how} {}", small(&title))
    }

    /// What was found, in sentences.
    #[must_use]
    pub fn says(&self, pieces: &[Piece], at: &[f64]) -> Vec<String> {
        let what = visible(self.what);
        let shown = |size: f64| self.scale.shown(size);
        let now = self.now.map_or("not set now".to_owned(), |now| {
            format!("now {}", shown(now))
        });
        let [first, second] = self.names.map(visible);
        let answer = |piece: &Piece| match (self.better(piece.less), piece.less) {
            (Some(better), _) => self.wins(better),
            (None, Less::Undefined) => {
                format!("{} of the two is not defined", small(&self.metric.title()))
            }
            (None, _) => format!("{first} and {second} cannot be told apart (95 %)"),
        };
        let [least, most] = self.range;
        let looked = match (least, most) {
            (Some(least), Some(most)) => format!("from {} to {}", shown(least), shown(most)),
            _ => "whatever it is".to_owned(),
        };
        match (pieces, at) {
            ([], _) => Vec::new(),
            ([all], _) => vec![format!(
                "{} over the whole of {what}, {looked} ({now}): {}.",
                answer(all),
                if lower(all.less).is_some() {
                    "there is no break-even"
                } else {
                    "no value in it decides"
                }
            )],
            ([below, between, above], [.., _])
                if lower(below.less).is_some()
                    && lower(above.less) == lower(below.less).map(|lower| 1 - lower) =>
            {
                let reach = between
                    .from
                    .zip(between.to)
                    .filter(|(low, high)| low < high);
                let reach = reach.map(|(low, high)| (self.scale.bare(low), self.scale.bare(high)));
                let reach = match reach {
                    Some((low, high)) if low != high => format!(" ({low} to {high})"),
                    _ => String::new(),
                };
                let mut says = vec![format!(
                    "{} while {what} is below {}{reach}; {now}.",
                    answer(below),
                    shown(at[at.len() / 2])
                )];
                says.push(format!("Above, {}.", answer(above)));
                says.extend(self.looked(&looked));
                says
            }
            _ => {
                let mut says: Vec<String> = pieces
                    .iter()
                    .map(|piece| format!("{}: {}.", self.span(piece, &what), answer(piece)))
                    .collect();
                if !at.is_empty() {
                    let at: Vec<String> = at.iter().map(|at| shown(*at)).collect();
                    says.push(format!("The means meet at {}; {now}.", at.join(", ")));
                } else {
                    says.push(format!("The means meet nowhere there; {now}."));
                }
                says.extend(self.looked(&looked));
                says
            }
        }
    }

    /// What was looked at, where that is not everything.
    fn looked(&self, looked: &str) -> Option<String> {
        matches!(self.scale, Scale::Parameter(_))
            .then(|| format!("Values {looked} were looked at; beyond these nothing is said."))
    }

    /// Where a piece lies.
    fn span(&self, piece: &Piece, what: &str) -> String {
        let shown = |size: f64| self.scale.shown(size);
        let from = piece
            .from
            .filter(|from| *from > 0.0 || !matches!(self.scale, Scale::Price(_)));
        match (from, piece.to) {
            (Some(from), Some(to)) => {
                format!("With {what} from {} to {}", shown(from), shown(to))
            }
            (Some(from), None) => format!("With {what} above {}", shown(from)),
            (None, Some(to)) => format!("With {what} below {}", shown(to)),
            (None, None) => format!("Whatever {what} is"),
        }
    }
}

/// Which of the two has less, where one has.
fn lower(less: Less) -> Option<usize> {
    match less {
        Less::First => Some(0),
        Less::Second => Some(1),
        Less::Undecided | Less::Undefined => None,
    }
}

/// A title within a sentence.
fn small(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

impl BreakEvenResults {
    /// How it was found, in a sentence or two.
    #[must_use]
    pub fn how(&self) -> String {
        let replicates = self.replicates;
        match self.method {
            Method::Fieller => format!(
                "Exact: money is linear in a price. {replicates} replicates, Fieller's 95 % set."
            ),
            Method::Search {
                tolerance,
                of_range,
            } => format!(
                "{} values tried, {replicates} replicates each; ends are within {} % of their value, or {} % of the range.",
                self.tried.len(),
                tolerance * 100.0,
                of_range * 100.0
            ),
        }
    }
}

/// A break-even as text.
#[must_use]
pub fn text(found: &BreakEvenResults) -> String {
    format!("{}\n{}\n", found.says.join("\n"), found.how())
}

/// While what the cheaper design stays so: `a false sold out costs less than $0.42 (95 %: $0.38 to $0.47; here
/// $0.011)`.
#[must_use]
pub fn holds_while(price: Price, found: &BreakEven) -> String {
    let what = price.name.replace('_', " ");
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    let usd = |amount: f64| human::value(Unit::UsdPerDay, amount);
    let per = per(price);
    let Some(at) = found.at else {
        return format!("{article} {what} costs anything at all");
    };
    let side = if found.first_below { "less" } else { "more" };
    let unsure: Vec<String> = found
        .undecided
        .iter()
        .map(|piece| match *piece {
            [Some(low), Some(high)] => format!("{} to {}", usd(low), usd(high)),
            [Some(low), None] => format!("{} and more", usd(low)),
            [None, Some(high)] => format!("up to {}", usd(high)),
            [None, None] => "any price".to_owned(),
        })
        .collect();
    format!(
        "{article} {what} costs {side} than {}{per} (95 %: {}; here {})",
        usd(at),
        unsure.join(" or "),
        usd(price.usd)
    )
}

/// What a price is for, after the amount; nothing where it is for each.
fn per(price: Price) -> &'static str {
    match price.field {
        "usd_per_million" => " a million",
        "usd_per_million_months" => " a million and month",
        "usd_per_month" => " a month",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Prices;

    fn question(metric: &MetricPath, scale: Scale) -> Question<'_> {
        Question {
            names: ["push", "poll"],
            metric,
            what: "x",
            scale,
            now: Some(0.05),
            range: [Some(0.0), None],
        }
    }

    fn piece(from: Option<f64>, to: Option<f64>, less: Less) -> Piece {
        Piece { from, to, less }
    }

    #[test]
    fn it_is_said_in_plain_words() {
        let price = Prices::default()
            .by_name("false_available")
            .expect("a price");
        let total = MetricPath::of("total_usd_per_day");
        let asked = question(&total, Scale::Price(price));
        let crossing = [
            piece(Some(0.0), Some(0.38), Less::First),
            piece(Some(0.38), Some(0.47), Less::Undecided),
            piece(Some(0.47), None, Less::Second),
        ];
        assert_eq!(
            asked.says(&crossing, &[0.42]),
            [
                "push costs less than poll while x is below $0.42 each ($0.38 to $0.47); now $0.05 each.",
                "Above, poll costs less than push.",
            ]
        );
        let never = [piece(Some(0.0), None, Less::Second)];
        assert_eq!(
            asked.says(&never, &[]),
            [
                "poll costs less than push over the whole of x, whatever it is (now $0.05 each): there is no break-even."
            ]
        );
        let accuracy = MetricPath::of("accuracy");
        let mut asked = question(&accuracy, Scale::Parameter(Kind::Duration));
        (asked.now, asked.range) = (Some(3600.0), [Some(360.0), Some(36_000.0)]);
        let two = [
            piece(None, Some(900.0), Less::Undecided),
            piece(Some(900.0), Some(1800.0), Less::First),
            piece(Some(1800.0), None, Less::Undecided),
        ];
        assert_eq!(
            asked.says(&two, &[]),
            [
                "With x below 15 m 00 s: push and poll cannot be told apart (95 %).",
                "With x from 15 m 00 s to 30 m 00 s: poll has the higher accuracy.",
                "With x above 30 m 00 s: push and poll cannot be told apart (95 %).",
                "The means meet nowhere there; now 1 h 00 m.",
                "Values from 6 m 00 s to 10 h 00 m were looked at; beyond these nothing is said.",
            ]
        );
    }

    #[test]
    fn numbers_have_three_digits() {
        for (value, least, text) in [
            (0.05, 2, "0.05"),
            (0.4, 2, "0.40"),
            (0.423_456, 2, "0.423"),
            (20.0, 0, "20"),
            (20.0, 2, "20.00"),
            (123.4, 0, "123"),
            (0.000_012_34, 0, "0.0000123"),
            (0.0, 0, "0"),
            (12_345.6, 0, "12,346"),
        ] {
            assert_eq!(number(value, least), text, "{value}");
        }
    }
}
