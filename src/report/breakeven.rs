//! Break-even values in words.

use super::human;
use crate::measure::metrics::Unit;
use crate::scenario::prices::Price;
use crate::study::breakeven::BreakEven;

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
    let per = match price.field {
        "usd_per_million" => " a million",
        "usd_per_million_months" => " a million and month",
        "usd_per_month" => " a month",
        _ => "",
    };
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
