//! Names the build by a hash of its sources, so that a page never works with the worker of another build.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "it runs where the program is built, not in the browser"
)]

use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() -> io::Result<()> {
    let locks = ["Cargo.lock", "Cargo.toml", "package-lock.json"];
    let mut files = locks.map(PathBuf::from).to_vec();
    for folder in ["src", "scenarios", "www/editor"] {
        list(Path::new(folder), &mut files)?;
    }
    files.sort();
    // FNV-1a: not against malice, only against mistakes.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        let name = file.to_string_lossy().replace('\\', "/");
        let Ok(content) = fs::read(&file) else {
            continue;
        };
        for byte in name.bytes().chain([0]).chain(content).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
    println!(
        "cargo:rustc-env=STAYFRESH_BUILD={}-{hash:016x}",
        env!("CARGO_PKG_VERSION")
    );
    Ok(())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
