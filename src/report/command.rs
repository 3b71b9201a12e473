//! The command that gives the same numbers again.

use serde_json::Value as Json;

use crate::scenario::Scenario;
use crate::scenario::presets::PRESETS;
use crate::scenario::text;

/// What repeats a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The command line.
    pub line: String,
    /// Whether it runs the scenario from a file, `scenario.json`.
    pub reads_file: bool,
}

/// The command for this scenario, which reads as `resolved`: a preset's name with what differs from it, or else a
/// file.
#[must_use]
pub fn of(scenario: &Scenario, resolved: &Json) -> Command {
    let from = PRESETS.iter().find_map(|preset| {
        let mut document = preset.read().ok()?;
        let mut arguments = String::new();
        let own = &mut document.scenario;
        if own.seed != scenario.seed {
            own.seed = scenario.seed;
            arguments.push_str(&format!(" --seed {}", scenario.seed.get()));
        }
        if own.run.replicates != scenario.run.replicates {
            own.run.replicates = scenario.run.replicates;
            arguments.push_str(&format!(" --replicates {}", scenario.run.replicates.get()));
        }
        if scenario.bounds && !own.bounds {
            own.bounds = true;
            arguments.push_str(" --bounds");
        }
        let same = *own == *scenario && text::resolved(&document) == *resolved;
        same.then(|| format!("stayfresh run {}{arguments}", preset.name))
    });
    Command {
        reads_file: from.is_none(),
        line: from.unwrap_or_else(|| "stayfresh run scenario.json".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::quantity::{Count, Seed};

    #[test]
    fn a_preset_is_named_with_what_differs() {
        let line = |change: fn(&mut Scenario)| {
            let mut document = PRESETS[0].read().expect("a preset");
            change(&mut document.scenario);
            of(&document.scenario, &text::resolved(&document))
        };
        let name = PRESETS[0].name;
        assert_eq!(line(|_| ()).line, format!("stayfresh run {name}"));
        let changed = line(|scenario| {
            scenario.seed = Seed::of(7);
            scenario.run.replicates = Count::of(3);
            scenario.bounds = true;
        });
        let expected = format!("stayfresh run {name} --seed 7 --replicates 3 --bounds");
        assert_eq!(changed.line, expected);
        let other = line(|scenario| scenario.title.push('!'));
        assert!(other.reads_file, "{other:?}");
    }
}
