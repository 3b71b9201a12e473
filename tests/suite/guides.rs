//! What the guides in `docs/guides` would have one change is there to be changed: the lines that their diffs keep or
//! take away stand in the files that they name, in this order, one below the other.

use std::path::Path;

/// A hunk of a diff: the file, what is looked for first, and the lines that stand there before and after.
#[derive(Default)]
struct Hunk {
    file: String,
    anchor: String,
    old: Vec<String>,
    new: Vec<String>,
}

/// The hunks of each diff in a text. One that begins a file anew has `--- /dev/null` and the file's name after it.
fn hunks(text: &str) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut file = String::new();
    let mut within = false;
    for line in text.lines() {
        if line.starts_with("```") {
            within = line == "```diff";
        } else if !within {
        } else if let Some(name) = line.strip_prefix("--- ").or(line.strip_prefix("+++ ")) {
            name.clone_into(&mut file);
            hunks.push(Hunk {
                file: file.clone(),
                ..Hunk::default()
            });
        } else if let Some(anchor) = line.strip_prefix("@@") {
            hunks.push(Hunk {
                file: file.clone(),
                anchor: anchor.trim().to_owned(),
                ..Hunk::default()
            });
        } else if let Some(hunk) = hunks.last_mut() {
            let (sign, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
            if sign != "+" {
                hunk.old.push(rest.to_owned());
            }
            if sign != "-" {
                hunk.new.push(rest.to_owned());
            }
        }
    }
    hunks.retain(|hunk| hunk.old.len() + hunk.new.len() > 0);
    hunks
}

/// A file's text with a hunk applied.
///
/// # Errors
/// What of it is not there.
fn applied(text: &str, hunk: &Hunk) -> Result<String, String> {
    let lines: Vec<&str> = text.lines().collect();
    let anchored = lines.iter().position(|line| line.contains(&hunk.anchor));
    let from = anchored.ok_or_else(|| format!("{:?} is not in it", hunk.anchor))?;
    let at = if hunk.old.is_empty() {
        lines.len()
    } else {
        // Lines are indented as there, or as the guide has it: what they say counts.
        let is_here = |window: &[&str]| {
            let pairs = window.iter().zip(&hunk.old);
            pairs
                .into_iter()
                .all(|(line, old)| line.trim() == old.trim())
        };
        let mut windows = lines[from..].windows(hunk.old.len());
        let place = windows.position(is_here);
        from + place
            .ok_or_else(|| format!("these lines are not in it:\n{}", hunk.old.join("\n")))?
    };
    let mut after: Vec<&str> = lines[..at].to_vec();
    after.extend(hunk.new.iter().map(String::as_str));
    after.extend(&lines[at + hunk.old.len()..]);
    Ok(after.join("\n"))
}

#[test]
fn what_the_guides_change_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tried = 0;
    for guide in ["policy", "metric", "chart", "preset"] {
        let text = std::fs::read_to_string(root.join(format!("docs/guides/{guide}.md")));
        let hunks = hunks(&text.expect("a guide"));
        assert!(!hunks.is_empty(), "{guide}.md changes nothing");
        for hunk in hunks {
            let path = root.join(&hunk.file);
            if hunk.old.is_empty() && hunk.anchor.is_empty() && !path.exists() {
                continue;
            }
            let file = std::fs::read_to_string(&path);
            let file = file.unwrap_or_else(|error| panic!("{guide}.md, {}: {error}", hunk.file));
            match applied(&file, &hunk) {
                Ok(after) => assert_ne!(after, file, "{guide}.md, {}", hunk.file),
                Err(why) => panic!("{guide}.md, {}: {why}", hunk.file),
            }
            tried += 1;
        }
    }
    assert!(tried > 8, "{tried} hunks");
}
