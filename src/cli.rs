//! The command line: data on stdout; progress and diagnostics on stderr.
//!
//! Exit codes are a contract: 0 fine (a broken pipe too), 1 an expectation was missed, 2 bad usage, a bad
//! scenario, or a file that cannot be read or written.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::scenario::problem::{Problem, Problems};

mod breakeven;
mod check;
mod diagnostics;
mod files;
mod given;
mod input;
mod output;
mod presets;
mod progress;
mod replicates;
mod run;
mod sensitivity;
mod shard;
mod state;
mod sweep;
mod theory;

/// Try, before building anything, how different ways of keeping a copy of hotel availability behave.
#[derive(Debug, Parser)]
#[command(name = "stayfresh", version, max_term_width = 100)]
struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Run a scenario and compare its designs.
    Run(Run),
    /// Run a scenario at each of many values of one parameter, or two.
    Sweep(sweep::Args),
    /// Put the parts of a sweep that several machines ran together: the numbers are those of one machine.
    Merge(sweep::Merge),
    /// Find the value of a price or a parameter at which two designs change places.
    Breakeven(breakeven::Args),
    /// Rank what is assumed by how far it moves the difference of two designs.
    Sensitivity(sensitivity::Args),
    /// Say how many replicates it takes until two designs are known, and told apart, as exactly as asked.
    Replicates(replicates::Args),
    /// Hold what is simulated against closed forms, where a design has one.
    Theory(Theory),
    /// Say whether files are scenarios, and what is wrong where they are not.
    Check {
        /// Files, presets, or - for standard input.
        #[arg(required = true, value_name = "FILE|PRESET|-")]
        scenarios: Vec<PathBuf>,
    },
    /// Print the JSON schema of a scenario, for editors.
    Schema,
    /// List the scenarios that come with the program, or print one.
    Presets {
        /// The preset to print.
        name: Option<String>,
        /// Print names, titles and questions as JSON.
        #[arg(long, conflicts_with = "name")]
        json: bool,
    },
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page, or that of one command.
    Man {
        /// The command.
        command: Option<String>,
    },
}

/// How to run a scenario.
#[derive(Debug, Args)]
struct Run {
    #[command(flatten)]
    given: given::Given,
    #[command(flatten)]
    format: Format,
    /// Write the record of the decision to a file: HTML with charts, which needs nothing else.
    #[arg(long, value_name = "OUT")]
    html: Option<PathBuf>,
    /// Find, too, what the difference of the two cheapest designs rests on: each assumption of the scenario at both
    /// ends of its range, or prices and the world's rates halved and doubled. For the table and the records; as JSON
    /// it is `stayfresh sensitivity`.
    #[arg(long, conflicts_with_all = ["json", "csv", "series"])]
    sensitivity: bool,
    /// What an expectation that the replicates leave undecided does to the exit code.
    #[arg(long, value_enum, default_value_t)]
    undecided: Undecided,
}

/// How to hold a scenario against theory.
#[derive(Debug, Args)]
struct Theory {
    #[command(flatten)]
    given: given::Given,
    /// Print the numbers as JSON.
    #[arg(long)]
    json: bool,
}

/// What becomes of an expectation that is neither held nor missed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Undecided {
    /// Exit 0: more replicates may decide it.
    #[default]
    Pass,
    /// Exit 1, as if it were missed.
    Fail,
}

/// What to print; a table to read if nothing is said and no file is written.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct Format {
    /// Print the results file, JSON.
    #[arg(long)]
    json: bool,
    /// Print tidy CSV: design,metric,mean,sd,lo,hi.
    #[arg(long)]
    csv: bool,
    /// Print every curve as tidy CSV: design,series,hour,value.
    #[arg(long)]
    series: bool,
    /// Print the record of the decision as Markdown, for a review: the numbers, and all that they rest on.
    #[arg(long)]
    markdown: bool,
}

/// Why a command did not do what was asked.
#[derive(Debug)]
enum Failure {
    /// A scenario is not one.
    Scenario {
        /// As the user calls it.
        name: String,
        text: String,
        problems: Problems,
    },
    /// Something else, said in a sentence.
    Said(Problems),
    /// Expectations that were missed, or left undecided where that is not good enough, a line each. The results
    /// are printed.
    Missed(Vec<String>),
    /// The program broke one of its own invariants: its results mean nothing.
    Defect(String),
    /// Standard output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// The exit code.
    fn code(&self) -> u8 {
        match self {
            // EX_SOFTWARE of sysexits.h.
            Self::Defect(_) => 70,
            Self::Missed(_) => 1,
            Self::Scenario { .. } | Self::Said(_) | Self::Output(_) => 2,
        }
    }
}

impl Failure {
    fn said(problem: Problem) -> Self {
        Self::Said(problem.into())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Runs the command given by the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let done = match Command::parse().action {
        Action::Run(run) => run::run(&run),
        Action::Sweep(args) => sweep::sweep(&args),
        Action::Merge(args) => sweep::merge(&args),
        Action::Breakeven(args) => breakeven::breakeven(&args),
        Action::Sensitivity(args) => sensitivity::sensitivity(&args),
        Action::Replicates(args) => replicates::replicates(&args),
        Action::Theory(theory) => theory::theory(&theory),
        Action::Check { scenarios } => check::check(&scenarios),
        Action::Schema => output::line(crate::scenario::schema::TEXT.trim_end()),
        Action::Presets { name, json } => presets::presets(name.as_deref(), json),
        Action::Completions { shell } => completions(shell),
        Action::Man { command } => man(command.as_deref()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has had enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            diagnostics::report(&failure);
            ExitCode::from(failure.code())
        }
    }
}

fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "stayfresh", &mut script);
    output::text(&String::from_utf8_lossy(&script))
}

fn man(name: Option<&str>) -> Result<(), Failure> {
    let mut all = command();
    all.build();
    let of = match name {
        None => &all,
        Some(name) => all.find_subcommand(name).ok_or_else(|| {
            Failure::said(Problem::new("", format!("there is no command {name:?}")))
        })?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(of.clone()).render(&mut page)?;
    output::text(&String::from_utf8_lossy(&page))
}

fn command() -> clap::Command {
    <Command as clap::CommandFactory>::command()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        command().debug_assert();
    }
}
