//! Sweeps: each point is a run of its own, whatever was taken over, stopped or resumed.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::{Said, stayfresh};

/// Polls and a cache fed by misses, over items that flip.
fn scenario(stays: u32) -> Value {
    json!({
        "version": 1,
        "title": "A sweep",
        "run": { "warmup": "1d", "length": "3d", "replicates": 3 },
        "world": { "two_state": { "stays": stays, "represents": 100 * stays,
            "sells_out_per_day": 1, "reopens_per_day": 1 } },
        "designs": [
            { "name": "poll", "feeds": [
                { "name": "polls", "source": "inventory", "delivery": { "pull": { "every": "2h" } } }
            ] },
            { "name": "misses, only", "cache": { "ttl": { "fixed": "1h" } } },
            { "name": "poll seldom", "like": "poll", "cache": { "ttl": { "fixed": "6h" } } }
        ]
    })
}

fn fine(scenario: &Value, arguments: &[&str]) -> String {
    let Said { code, out, err } = stayfresh(arguments, scenario.to_string().as_bytes());
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    out
}

fn json_of(scenario: &Value, arguments: &[&str]) -> Value {
    serde_json::from_str(&fine(scenario, arguments)).expect("JSON")
}

/// What is wrong, with exit code 2.
fn refused(scenario: &Value, arguments: &[&str]) -> String {
    let Said { code, out, err } = stayfresh(arguments, scenario.to_string().as_bytes());
    assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
    assert!(!err.contains("panicked"), "{err}");
    err
}

/// A file that does not exist yet.
fn new_file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::remove_file(&path).ok();
    path
}

const EVERY: &str = "/designs/poll/feeds/polls/delivery/pull/every";
const TTL: &str = "/designs/misses, only/cache/ttl/fixed";

#[test]
fn each_point_is_a_run_of_its_own() {
    let scenario = scenario(60);
    // What is swept touches one design, the world of all, the bill alone, the length of every run.
    for (over, values) in [
        (TTL, vec!["30m", "2h", "6h"]),
        (EVERY, vec!["1h", "3h"]),
        ("/world/two_state/sells_out_per_day", vec!["0.5", "2"]),
        ("/prices/poll/usd_per_million", vec!["2", "200"]),
        ("/run/length", vec!["2d", "4d"]),
    ] {
        let swept = json_of(
            &scenario,
            &[
                "sweep",
                "-",
                "--json",
                "--over",
                &format!("{over}={}", values.join(",")),
            ],
        );
        let points = swept["points"].as_array().expect("points");
        assert_eq!(points.len(), values.len());
        for (point, value) in points.iter().zip(values) {
            let set = format!("{over}={value}");
            let alone = json_of(&scenario, &["run", "-", "--json", "--set", &set]);
            for hash in ["results_hash", "scenario_hash"] {
                assert_eq!(point[hash], alone[hash], "{set}");
            }
            assert_eq!(point["results"], alone, "{set}");
        }
    }
}

#[test]
fn a_grid_crosses_its_values() {
    let mut scenario = scenario(60);
    scenario["sweep"] = json!([
        { "over": EVERY, "values": ["1h", "3h"], "note": "how often" },
        { "over": TTL, "values": ["30m", "2h", "6h"] },
    ]);
    let swept = json_of(&scenario, &["sweep", "-", "--json"]);
    let points = swept["points"].as_array().expect("points");
    assert_eq!(points.len(), 6);
    for (index, point) in points.iter().enumerate() {
        let (every, ttl) = (["1h", "3h"][index / 3], ["30m", "2h", "6h"][index % 3]);
        assert_eq!(point["index"], index);
        assert_eq!(point["set"], json!({ EVERY: every, TTL: ttl }));
        let (every, ttl) = (format!("{EVERY}={every}"), format!("{TTL}={ttl}"));
        let alone = json_of(
            &scenario,
            &["run", "-", "--json", "--set", &every, "--set", &ttl],
        );
        assert_eq!(point["results"], alone);
    }
    // The scenario as it stands, its notes with it.
    assert_eq!(swept["scenario"]["sweep"][0]["note"], "how often");
    assert_eq!(
        swept["over"],
        json!([
            { "over": EVERY, "values": ["1h", "3h"] },
            { "over": TTL, "values": ["30m", "2h", "6h"] },
        ])
    );
    // What is said on the command line takes its place.
    let one = json_of(&scenario, &["sweep", "-", "--json", "--over", "/seed=1,2"]);
    assert_eq!(one["points"].as_array().map(Vec::len), Some(2));
}

#[test]
fn all_formats_say_the_same() {
    let scenario = scenario(60);
    let over = format!("{TTL}=30m,2h");
    let arguments =
        |format: &'static str| ["sweep", "-", "--over", &over, format].map(String::from);
    let said = |format| {
        let arguments = arguments(format);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        fine(&scenario, &arguments)
    };
    let swept: Value = serde_json::from_str(&said("--json")).expect("JSON");
    let csv = said("--csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().unwrap().clone();
    assert_eq!(
        headers,
        vec![TTL, "design", "metric", "mean", "sd", "lo", "hi"]
    );
    let mut rows = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let mut points = swept["points"].as_array().unwrap().iter();
        let point = points.find(|point| point["set"][TTL] == record[0]).unwrap();
        let mut designs = point["results"]["designs"].as_array().unwrap().iter();
        let design = designs.find(|design| design["name"] == record[1]).unwrap();
        if let Some(estimate) = design["metrics"].get(&record[2]) {
            assert_eq!(record[3].parse::<f64>().ok(), estimate["mean"].as_f64());
            assert_eq!(record[5].parse::<f64>().ok(), estimate["ci95"][0].as_f64());
            rows += 1;
        }
    }
    assert!(rows > 60, "{rows}");
    let hash = swept["sweep_hash"].as_str().unwrap();
    let over = ["sweep", "-", "--over", &over];
    for text in [fine(&scenario, &over), said("--markdown")] {
        for part in [
            "Accuracy ↑",
            "misses, only",
            "30m",
            "2h",
            "± ",
            TTL,
            "2 points",
            "Sweep hash",
            hash,
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

/// Killed at any moment, at what it was writing too, and resumed: the same sweep, and nothing is run twice.
// Elsewhere nobody can look into a file that is locked.
#[cfg(unix)]
#[test]
fn what_is_killed_goes_on_where_it_was() {
    let scenario = scenario(1500);
    let over =
        format!("{EVERY}=10m,20m,30m,40m,50m,60m,70m,80m,90m,100m,110m,120m,130m,140m,150m,160m");
    let plain = ["sweep", "-", "--json", "--threads", "1", "--over", &over];
    let state = new_file("killed.jsonl");
    let path = state.to_str().unwrap();
    let resuming = [&plain[..], &["--resume", path]].concat();
    let input = scenario.to_string();
    let mut child = crate::cli::command(&resuming).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    let lines = || {
        let text = std::fs::read(&state).unwrap_or_default();
        text.iter().filter(|byte| **byte == b'\n').count()
    };
    while lines() < 4 {
        assert_eq!(child.try_wait().unwrap(), None, "over before it was killed");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = lines();
    assert!((4..=16).contains(&kept), "{kept} lines");
    // At worst in the middle of a line.
    let mut bytes = std::fs::read(&state).unwrap();
    let end = bytes.iter().rposition(|byte| *byte == b'\n').unwrap();
    bytes.truncate(end + 1);
    let whole = bytes.clone();
    let last = bytes[..end]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .unwrap();
    bytes.extend_from_within(last + 1..last + 1 + (end - last) / 2);
    std::fs::write(&state, &bytes).unwrap();
    let resumed = json_of(&scenario, &resuming);
    assert_eq!(resumed, json_of(&scenario, &plain));
    let after = std::fs::read(&state).unwrap();
    assert!(after.starts_with(&whole), "what was there is as it was");
    assert_eq!(lines(), 17, "a header, and each point once");
    // All is there: nothing is run, and the file stays as it is.
    assert_eq!(json_of(&scenario, &resuming), resumed);
    assert_eq!(std::fs::read(&state).unwrap(), after);
    // The header alone, torn.
    std::fs::write(&state, &after[..10]).unwrap();
    let few = [
        "sweep", "-", "--json", "--over", "/seed=1", "--resume", path,
    ];
    json_of(&scenario, &few[..]);
}

#[test]
fn a_state_of_something_else_is_refused() {
    let mut scenario = scenario(20);
    let state = new_file("refused.jsonl");
    let path = state.to_str().unwrap();
    let sweep = |over: &'static str| ["sweep", "-", "--json", "--over", over, "--resume"];
    let arguments = |over| [&sweep(over)[..], &[path]].concat();
    json_of(&scenario, &arguments("/seed=1,2"));
    let bytes = std::fs::read(&state).unwrap();
    let said = refused(&scenario, &arguments("/seed=1,2,3"));
    assert!(said.contains("is of another sweep"), "{said}");
    assert!(said.contains("delete this one to begin anew"), "{said}");
    scenario["run"]["length"] = json!("2d");
    let said = refused(&scenario, &arguments("/seed=1,2"));
    assert!(said.contains("is of another scenario"), "{said}");
    scenario["run"]["length"] = json!("3d");
    let text = String::from_utf8(bytes.clone()).unwrap();
    let other = text.replacen(env!("CARGO_PKG_VERSION"), "0.0.1", 1);
    std::fs::write(&state, other).unwrap();
    let said = refused(&scenario, &arguments("/seed=1,2"));
    assert!(
        said.contains("is of another version of stayfresh"),
        "{said}"
    );
    // A number that was changed, a line that is none, a file that is something else.
    let changed = text.replacen("\"accuracy\":{\"mean\":0.", "\"accuracy\":{\"mean\":0.1", 1);
    assert_ne!(changed, text);
    std::fs::write(&state, changed).unwrap();
    let said = refused(&scenario, &arguments("/seed=1,2"));
    assert!(
        said.contains("is damaged at line 2") && said.contains("hash"),
        "{said}"
    );
    std::fs::write(&state, format!("{}oops\n", &text)).unwrap();
    let said = refused(&scenario, &arguments("/seed=1,2"));
    assert!(said.contains("is damaged at line 4"), "{said}");
    for other in ["{}", "{}\n", "a diary\nof mine\n"] {
        std::fs::write(&state, other).unwrap();
        let said = refused(&scenario, &arguments("/seed=1,2"));
        assert!(said.contains("is not the state of a sweep"), "{said}");
        assert_eq!(
            std::fs::read_to_string(&state).unwrap(),
            other,
            "left as it is"
        );
    }
    // Put back, it is good again.
    std::fs::write(&state, bytes).unwrap();
    json_of(&scenario, &arguments("/seed=1,2"));
}

#[test]
fn what_cannot_be_swept_is_said() {
    let scenario = scenario(20);
    for (over, parts) in [
        (vec![], vec!["does not say what to sweep over", "--over"]),
        (
            vec!["/designs/pol/name=a"],
            vec!["there is no item \"pol\"", "did you mean \"poll\"?"],
        ),
        (
            vec!["/designs/poll/cach/ttl/fixed=1h,2h"],
            vec!["unknown key `cach`", "did you mean `cache`?"],
        ),
        (
            vec!["/run/length=1d,2 fortnights"],
            vec!["2 fortnights makes no scenario", "a duration"],
        ),
        (vec!["/seed=1,-1"], vec!["-1 makes no scenario", "at /seed"]),
        (vec!["/seed="], vec!["the parameter has no values"]),
        (vec!["/seed=1", "/seed=2"], vec!["is varied twice"]),
        (
            vec!["/a=1", "/b=2", "/c=3"],
            vec!["3 parameters", "one or two"],
        ),
        (
            vec!["/run/warmup=0s,3000d", "/run/length=1d,3000d"],
            vec!["with /run/warmup = 3000d and /run/length = 3000d"],
        ),
        (vec!["seed=1"], vec!["a pointer starts with /"]),
    ] {
        let mut arguments = vec!["sweep", "-"];
        over.iter()
            .for_each(|over| arguments.extend(["--over", over]));
        let said = refused(&scenario, &arguments);
        for part in parts {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}

/// A scenario's files are read for every point; a state knows which they were.
#[test]
fn files_are_swept_with_their_scenario() {
    let folder = new_file("swept").with_extension("folder");
    std::fs::create_dir_all(&folder).unwrap();
    let state = new_file("traced.jsonl");
    let header = "hotel,booked_at,check_in,nights\n";
    let rows: String = (1..=28)
        .map(|day| format!("a,2020-01-{day:02},2020-02-{:02},2\n", 1 + day % 20))
        .collect();
    std::fs::write(folder.join("bookings.csv"), format!("{header}{rows}")).unwrap();
    let scenario = json!({
        "version": 1,
        "run": { "warmup": "1d", "length": "3d", "replicates": 2 },
        "world": { "trace": { "bookings": "bookings.csv", "starts": "2020-01-20",
            "booking_window": "30d", "max_nights": 3 } },
        "designs": [{ "name": "misses", "cache": { "ttl": { "fixed": "1h" } } }]
    });
    let file = folder.join("trace.json");
    std::fs::write(&file, scenario.to_string()).unwrap();
    let (file, state) = (file.to_str().unwrap(), state.to_str().unwrap());
    let over = "/designs/misses/cache/ttl/fixed=1h,6h";
    let resuming = ["sweep", file, "--json", "--over", over, "--resume", state];
    let swept = json_of(&Value::Null, &resuming);
    for (point, ttl) in swept["points"].as_array().unwrap().iter().zip(["1h", "6h"]) {
        let set = format!("/designs/misses/cache/ttl/fixed={ttl}");
        let alone = json_of(&Value::Null, &["run", file, "--json", "--set", &set]);
        assert_eq!(point["results"], alone);
    }
    std::fs::write(
        folder.join("bookings.csv"),
        format!("{header}{}", &rows[27..]),
    )
    .unwrap();
    let said = refused(&Value::Null, &resuming);
    assert!(
        said.contains("another version of the scenario's files"),
        "{said}"
    );
}

/// Runs a part of a sweep into its file.
fn shard(scenario: &Value, over: &str, shard: &str, file: &Path) {
    let path = file.to_str().unwrap();
    let arguments = [
        "sweep", "-", "--over", over, "--shard", shard, "--resume", path,
    ];
    let Said { code, out, err } = stayfresh(&arguments, scenario.to_string().as_bytes());
    assert_eq!((code, out.as_str()), (0, ""), "{shard}: {err}");
    assert!(err.starts_with(&format!("shard {shard}: its ")), "{err}");
}

#[test]
fn what_several_machines_ran_is_what_one_runs() {
    let scenario = scenario(60);
    let over = format!("{TTL}=10m,20m,30m,1h,2h,3h,6h");
    let one = fine(&scenario, &["sweep", "-", "--json", "--over", &over]);
    for of in [1, 3, 9] {
        let files: Vec<PathBuf> = (1..=of)
            .map(|number| new_file(&format!("shard-{number}-of-{of}.jsonl")))
            .collect();
        for (number, file) in (1..=of).rev().zip(files.iter().rev()) {
            shard(&scenario, &over, &format!("{number}/{of}"), file);
        }
        let paths = files.iter().map(|file| file.to_str().unwrap());
        let merge: Vec<&str> = ["merge", "--json"].into_iter().chain(paths).collect();
        assert_eq!(fine(&Value::Null, &merge), one, "of {of}");
    }
    let all = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shard-1-of-1.jsonl");
    let table = fine(&scenario, &["sweep", "-", "--over", &over]);
    assert_eq!(fine(&Value::Null, &["merge", all.to_str().unwrap()]), table);
}

#[test]
fn a_part_that_is_missing_damaged_or_of_another_sweep_is_no_sweep() {
    let scenario = scenario(20);
    let over = "/seed=1,2,3,4,5,6,7";
    let files = [1, 2, 3].map(|number| new_file(&format!("part-{number}.jsonl")));
    for (number, file) in (1..).zip(&files) {
        shard(&scenario, over, &format!("{number}/3"), file);
    }
    let [first, second, third] = files.each_ref().map(|file| file.to_str().unwrap());
    let merged = |files: &[&str]| refused(&Value::Null, &[&["merge", "--json"], files].concat());
    let said = merged(&[third, first]);
    assert!(said.contains("2 of 7 points are missing: 2 to 3"), "{said}");
    assert!(said.contains("it goes on where it was"), "{said}");
    // One that was killed while it wrote its last line.
    let whole = std::fs::read(&files[1]).unwrap();
    std::fs::write(&files[1], &whole[..whole.len() - 9]).unwrap();
    let said = merged(&[first, second, third]);
    assert!(said.contains("1 of 7 points are missing: 3"), "{said}");
    shard(&scenario, over, "2/3", &files[1]);
    assert_eq!(std::fs::read(&files[1]).unwrap(), whole);
    // What two of them ran is taken once.
    let again = new_file("part-again.jsonl");
    shard(&scenario, over, "1/2", &again);
    let all = [
        "merge",
        "--json",
        again.to_str().unwrap(),
        first,
        second,
        third,
    ];
    let one = fine(&scenario, &["sweep", "-", "--json", "--over", over]);
    assert_eq!(fine(&Value::Null, &all), one);
    // Another sweep; something else; nothing.
    let other = new_file("part-other.jsonl");
    shard(&scenario, "/seed=1,2", "1/1", &other);
    let said = merged(&[first, other.to_str().unwrap()]);
    assert!(said.contains("is of another sweep"), "{said}");
    std::fs::write(&other, "a diary\n").unwrap();
    let said = merged(&[other.to_str().unwrap()]);
    assert!(said.contains("is not the state of a sweep"), "{said}");
    let said = merged(&["nowhere.jsonl"]);
    assert!(said.contains("cannot read \"nowhere.jsonl\""), "{said}");
}

#[test]
fn a_scheduler_says_which_part_it_is() {
    let scenario = scenario(20);
    let file = new_file("auto.jsonl");
    let path = file.to_str().unwrap();
    let sweep = |shard: &str, set: &[(&str, &str)]| {
        let arguments = [
            "sweep",
            "-",
            "--over",
            "/seed=1,2,3",
            "--shard",
            shard,
            "--resume",
            path,
        ];
        let mut command = crate::cli::command(&arguments);
        let mut child = command.envs(set.iter().copied()).spawn().unwrap();
        // It may refuse before it has read everything.
        std::io::Write::write_all(
            &mut child.stdin.take().unwrap(),
            scenario.to_string().as_bytes(),
        )
        .ok();
        let done = child.wait_with_output().unwrap();
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };
    let (code, said) = sweep("auto/3", &[("JOB_COMPLETION_INDEX", "1")]);
    assert!(
        code == Some(0) && said.starts_with("shard 2/3: its 1 of 3 points"),
        "{said}"
    );
    let slurm = [
        ("SLURM_ARRAY_TASK_ID", "4"),
        ("SLURM_ARRAY_TASK_MIN", "3"),
        ("SLURM_ARRAY_TASK_COUNT", "3"),
    ];
    let (code, said) = sweep("auto", &slurm);
    assert!(code == Some(0) && said.starts_with("shard 2/3: "), "{said}");
    let batch = [
        ("AWS_BATCH_JOB_ARRAY_INDEX", "3"),
        ("AWS_BATCH_JOB_ARRAY_SIZE", "3"),
    ];
    let (code, said) = sweep("auto", &batch);
    assert!(
        code == Some(2) && said.contains("AWS_BATCH_JOB_ARRAY_INDEX is 3"),
        "{said}"
    );
    let (code, said) = sweep("auto/3", &[]);
    assert!(
        code == Some(2) && said.contains("no scheduler says which shard"),
        "{said}"
    );
    for (shard, says) in [
        ("4/3", "counted from 1"),
        ("2", "e.g. 2/5"),
        ("x/3", "e.g. 2/5"),
    ] {
        let (code, said) = sweep(shard, &[]);
        assert!(code == Some(2) && said.contains(says), "{said}");
    }
}
