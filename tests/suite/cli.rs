//! The command line from the outside: what it prints where, and its exit codes.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stayfresh"));
    command
        .args(arguments)
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the command with this standard input.
pub(crate) fn stayfresh(arguments: &[&str], input: &[u8]) -> Said {
    let mut child = command(arguments).spawn().expect("stayfresh");
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // Whoever does not read all of its input closes it.
        scope.spawn(move || stdin.write_all(input).ok());
        child.wait_with_output().unwrap()
    });
    Said {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A scenario that takes no time, hotels standing for more and a name that needs care.
const SMALL: &str = r#"{
  "version": 1,
  "title": "Small",
  "question": "Does it run?",
  "run": { "warmup": "1d", "length": "2d", "replicates": 3 },
  "world": { "two_state": { "stays": 20, "sells_out_per_day": 2, "reopens_per_day": 2, "basis": "assumed" } },
  "designs": [
    { "name": "push|\"all\"", "feeds": [{ "name": "deltas", "source": "deltas", "delivery": { "push": { "loss": 0.1 } } }] },
    { "name": "misses, only", "cache": { "ttl": { "fixed": "1h" } } }
  ]
}"#;

fn fine(arguments: &[&str]) -> String {
    let Said { code, out, err } = stayfresh(arguments, SMALL.as_bytes());
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    out
}

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&fine(arguments)).expect("JSON")
}

#[test]
fn a_run_says_what_came_out() {
    let text = fine(&["run", "-"]);
    for part in [
        "Small\n",
        "Does it run?\n",
        "20 stays, 2d after 1d of warm-up, 3 replicates, seed 42\n",
        "push|\"all\"",
        "misses, only",
        "Accuracy ↑",
        "Staleness ↓",
        "Costs a day",
        "Change messages",
        "Results hash ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn all_formats_say_the_same() {
    let results = json(&["run", "-", "--json"]);
    let hash = results["results_hash"].as_str().unwrap();
    let scenario = results["scenario_hash"].as_str().unwrap();
    let text = fine(&["run", "-"]);
    for line in [
        format!("Results hash {hash}"),
        format!("Scenario hash {scenario}"),
    ] {
        assert!(text.contains(&line), "{line}: {text}");
    }
    assert!(fine(&["run", "-", "--markdown"]).contains(&format!("results hash `{hash}`")));
    let csv = fine(&["run", "-", "--csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(
        reader.headers().unwrap(),
        vec!["design", "metric", "mean", "sd", "lo", "hi"]
    );
    let mut metrics = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let designs = results["designs"].as_array().unwrap();
        let design = designs
            .iter()
            .find(|design| design["name"] == record[0])
            .unwrap();
        let (group, key) = record[1]
            .rsplit_once('/')
            .unwrap_or(("metrics", &record[1]));
        let estimate = match group {
            "costs" => &design["costs"][key]["usd_per_day"],
            // The share above a value stands where that value does.
            path if path.starts_with("distributions/") => {
                let distribution = &design["distributions"][&path["distributions/".len()..]];
                let than = distribution["than"].as_array().unwrap();
                let key: f64 = key.parse().unwrap();
                let at = than.iter().position(|than| than.as_f64() == Some(key));
                &distribution["above"][at.unwrap()]
            }
            // `feeds/NAME`, `audits/NAME`, or a group alone.
            path => &path.split('/').fold(design, |part, step| &part[step])[key],
        };
        assert_eq!(
            record[2].parse::<f64>().ok(),
            estimate["mean"].as_f64(),
            "{record:?}"
        );
        assert_eq!(
            record[3].parse::<f64>().ok(),
            estimate["sd"].as_f64(),
            "{record:?}"
        );
        assert_eq!(
            record[4].parse::<f64>().ok(),
            estimate["ci95"][0].as_f64(),
            "{record:?}"
        );
        assert_eq!(
            record[5].parse::<f64>().ok(),
            estimate["ci95"][1].as_f64(),
            "{record:?}"
        );
        metrics += usize::from(group == "metrics");
    }
    let written = |design: &serde_json::Value| design["metrics"].as_object().unwrap().len();
    assert_eq!(
        metrics,
        results["designs"]
            .as_array()
            .unwrap()
            .iter()
            .map(written)
            .sum::<usize>()
    );
}

#[test]
fn markdown_tables_hold_together() {
    let text = fine(&["run", "-", "--markdown"]);
    assert!(text.starts_with("# Small\n"));
    assert!(text.contains("push\\|\"all\""));
    let lines: Vec<&str> = text.lines().collect();
    let tables = lines.split(|line| !line.starts_with('|'));
    let mut seen = 0;
    for table in tables.filter(|table| !table.is_empty()) {
        let cells = |line: &&str| line.replace("\\|", "").matches('|').count();
        let first = cells(&table[0]);
        assert!(table.len() > 2 && first > 3, "{table:?}");
        assert!(table.iter().all(|line| cells(line) == first), "{table:?}");
        seen += 1;
    }
    let all = "five charts; metrics, costs, differences, frontier, theory; assumptions and prices";
    assert_eq!(seen, 12, "{all}");
}

#[test]
fn a_record_is_written_to_a_file() {
    let folder = std::env::temp_dir().join(format!("stayfresh-record-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).display().to_string();
    let out = path("record.html");
    assert_eq!(
        fine(&["run", "-", "--html", &out]),
        "",
        "nothing is printed"
    );
    let record = std::fs::read_to_string(&out).unwrap();
    assert!(record.starts_with("<!doctype html>"));
    // What is asked for besides is printed, and the file is the same.
    let results = json(&["run", "-", "--html", &out, "--json"]);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), record);
    assert!(record.contains(results["results_hash"].as_str().unwrap()));
    for nowhere in [path("none/record.html"), folder.display().to_string()] {
        let Said { code, out, err } =
            stayfresh(&["run", "-", "--html", &nowhere], SMALL.as_bytes());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(
            err.contains("cannot write") && err.contains(&nowhere),
            "{err}"
        );
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn results_carry_the_scenario_that_they_are_of() {
    let results = json(&[
        "run",
        "-",
        "--json",
        "--seed",
        "7",
        "--replicates",
        "2",
        "--set",
        "/designs/misses, only/cache/ttl/sliding=2h",
    ]);
    let scenario = &results["scenario"];
    assert_eq!(scenario["seed"], 7);
    assert_eq!(scenario["run"]["replicates"], 2);
    assert_eq!(
        scenario["designs"][1]["cache"]["ttl"],
        serde_json::json!({"sliding": "2h"})
    );
    assert_eq!(scenario["world"]["two_state"]["basis"], "assumed");
    assert_eq!(results["replicates"], 2);
    // It is a scenario again, and gives the same results.
    let again = stayfresh(&["run", "-", "--json"], scenario.to_string().as_bytes());
    let again: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(again["results_hash"], results["results_hash"]);
    assert_eq!(&again["scenario"], scenario);
}

#[test]
fn threads_change_nothing() {
    let one = fine(&["run", "-", "--json", "--threads", "1"]);
    assert_eq!(fine(&["run", "-", "--json", "--threads", "7"]), one);
}

#[test]
fn one_replicate_has_no_intervals() {
    let text = fine(&["run", "-", "--replicates", "1"]);
    assert!(text.contains("1 replicate, so no intervals"));
    assert!(!text.contains("± 0") && !text.contains("−0."), "{text}");
}

#[test]
fn theory_stands_beside_what_is_simulated() {
    let text = fine(&["theory", "textbook-ttl"]);
    for part in [
        "Textbook: lifetimes\n",
        "\nsliding\n",
        "63.2",
        "1 − e^(−sT)",
        "from: Fofack et al., Computer Networks 65, 2014\n",
        "Results hash ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let compared = json(&["theory", "textbook-ttl", "--json"]);
    let results = json(&["run", "textbook-ttl", "--json"]);
    assert_eq!(compared["results_hash"], results["results_hash"]);
    let theory = results["theory"].as_array().unwrap();
    assert_eq!(compared["theory"].as_array().unwrap().len(), theory.len());
    let designs = results["designs"].as_array().unwrap();
    for (compared, told) in compared["theory"].as_array().unwrap().iter().zip(theory) {
        for key in ["design", "metric", "expected", "formula", "source"] {
            assert_eq!(compared[key], told[key], "{told}");
        }
        let design = designs
            .iter()
            .find(|of| of["name"] == told["design"])
            .unwrap();
        let path = told["metric"].as_str().unwrap();
        let estimate = match path.split_once('/') {
            None => &design["metrics"][path],
            Some(("costs", item)) => &design["costs"][item]["usd_per_day"],
            Some((group, key)) => &design[group][key],
        };
        assert_eq!(&compared["simulated"], estimate, "{told}");
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let error = number(&estimate["sd"]) / 4.0;
        let (z, off) = (
            number(&compared["z"]),
            number(&estimate["mean"]) - number(&told["expected"]),
        );
        assert!(z.abs() < 4.5, "{compared}");
        // Rounding alone is a distance where all replicates agree.
        let t = off / error.max(1e-11 * number(&told["expected"]).abs().max(1.0));
        let expected = stayfresh::measure::estimate::as_normal(t, 15);
        assert!((z - expected).abs() <= 1e-6, "{compared}");
    }
}

#[test]
fn theory_says_where_it_has_nothing_to_say() {
    let hotels = r#"{ "version": 1, "run": { "warmup": "1d", "length": "1d", "replicates": 2 },
        "world": { "hotels": { "count": 2, "booking_window": "5d", "max_nights": 1, "searches_per_request": 5,
            "supplier_changes_per_hotel_per_day": 3.0, "demand": { "requests_per_hotel_per_day": 4.0 } } },
        "designs": [{ "name": "cached" }] }"#;
    let said = stayfresh(&["theory", "-"], hotels.as_bytes());
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let expected = "\nNo design has a closed form as it stands.\n\ncached\n  no closed form: closed forms are of the world two_state\n";
    assert!(said.out.contains(expected), "{}", said.out);
    // One replicate has no spread to hold a distance against.
    let one = fine(&["theory", "textbook-polling", "--replicates", "1"]);
    assert!(one.contains("63.2"), "{one}");
    let broken = fine(&[
        "theory",
        "textbook-polling",
        "--set",
        "/run/warmup=0s",
        "--replicates",
        "2",
    ]);
    assert!(
        broken.contains("no closed form: the warm-up is too short"),
        "{broken}"
    );
    assert_eq!(stayfresh(&["theory", "nothing.json"], b"").code, 2);
}

#[test]
fn check_looks_at_all() {
    let Said { code, out, err } = stayfresh(
        &["check", "-", "textbook-ttl", "nothing.json", "push-vs-pull"],
        SMALL.as_bytes(),
    );
    assert_eq!(code, 2);
    assert_eq!(
        out,
        "standard input: fine, 2 designs\ntextbook-ttl: fine, 4 designs\npush-vs-pull: fine, 4 designs\n"
    );
    assert!(err.contains("nothing.json"), "{err}");
}

#[test]
fn presets_and_schema_are_printed() {
    let list = json(&["presets", "--json"]);
    for preset in list.as_array().unwrap() {
        let name = preset["name"].as_str().unwrap();
        let text = fine(&["presets", name]);
        let file = format!("{}/scenarios/{name}.json", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(text, std::fs::read_to_string(file).unwrap());
        assert!(fine(&["presets"]).contains(preset["question"].as_str().unwrap()));
    }
    let schema = json(&["schema"]);
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert!(fine(&["completions", "bash"]).contains("stayfresh"));
    assert!(fine(&["man"]).starts_with(".ie"));
    assert!(fine(&["man", "run"]).contains("replicates"));
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    for arguments in [
        &["schema"][..],
        &["run", "-", "--json"],
        &["presets", "push-vs-pull"],
        &["--help"],
    ] {
        let mut child = command(arguments).spawn().unwrap();
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(SMALL.as_bytes()).ok();
        let mut err = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut err)
            .unwrap();
        assert_eq!(
            (child.wait().unwrap().code(), err.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn colour_is_for_terminals() {
    let arguments = ["check", "nothing.json"];
    assert!(!stayfresh(&arguments, b"").err.contains('\x1b'));
    let forced = |no_color: bool| {
        let mut command = command(&arguments);
        command.env("CLICOLOR_FORCE", "1");
        if no_color {
            command.env("NO_COLOR", "1");
        } else {
            command.env_remove("NO_COLOR");
        }
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    assert!(forced(false).contains('\x1b'));
    // NO_COLOR set without CLICOLOR_FORCE is what terminals see; a pipe never gets colour.
    let mut plain = command(&arguments);
    let plain = plain.env("NO_COLOR", "1").output().unwrap().stderr;
    assert!(!plain.contains(&0x1b));
}
