//! Results as tidy CSV: one number a line.

use super::results::Results;
use crate::measure::estimate::Estimate;

/// `design,metric,mean,sd,lo,hi`: the metrics, then `costs/…` in US dollars a day, then `counts_per_day/…`,
/// `feeds/NAME/…` and `audits/NAME/…`. What is not defined is empty.
///
/// # Errors
/// None for results that fit in memory.
pub fn of(results: &Results) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    rows(results, &[], &mut writer)?;
    text(writer)
}

/// The columns of every number.
pub(super) const COLUMNS: [&str; 6] = ["design", "metric", "mean", "sd", "lo", "hi"];

/// Writes all numbers of results, each after the same first cells.
pub(super) fn rows(
    results: &Results,
    first: &[String],
    writer: &mut csv::Writer<Vec<u8>>,
) -> Result<(), csv::Error> {
    for design in &results.designs {
        let mut write = |metric: &str, estimate: &Estimate| {
            let number =
                |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
            let cells = [
                design.name.clone(),
                metric.to_owned(),
                number(Some(estimate.mean)),
                number(estimate.sd),
                number(estimate.ci95.map(|[low, _]| low)),
                number(estimate.ci95.map(|[_, high]| high)),
            ];
            writer.write_record(first.iter().chain(&cells))
        };
        for (key, estimate) in &design.metrics {
            write(key, estimate)?;
        }
        for (item, cost) in &design.costs {
            write(&format!("costs/{item}"), &cost.usd_per_day)?;
            if let Some(represented) = &cost.represented_usd_per_day {
                write(&format!("represented_costs/{item}"), represented)?;
            }
        }
        for (key, estimate) in &design.counts_per_day {
            write(&format!("counts_per_day/{key}"), estimate)?;
        }
        for (feed, metrics) in &design.feeds {
            for (key, estimate) in metrics {
                write(&format!("feeds/{feed}/{key}"), estimate)?;
            }
        }
        for (audit, of_audit) in &design.audits {
            for (key, estimate) in &of_audit.metrics {
                write(&format!("audits/{audit}/{key}"), estimate)?;
            }
        }
    }
    Ok(())
}

/// What was written.
pub(super) fn text(writer: csv::Writer<Vec<u8>>) -> Result<String, csv::Error> {
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
