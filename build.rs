//! Embeds every file of `rules/`, so that the program knows its vendors wherever it runs.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets the folder of the package");
    let rules = Path::new(&root).join("rules");
    let mut list = String::from("&[\n");
    for folder in ["checks", "data", "models", "vendors"] {
        let folder = rules.join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        for entry in walkdir::WalkDir::new(&folder)
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
        {
            let path = entry.path();
            println!("cargo::rerun-if-changed={}", path.display());
            let inside = path.strip_prefix(&rules).expect("it is below `rules`");
            let name = inside.to_string_lossy().replace('\\', "/");
            writeln!(list, "    ({name:?}, include_str!({:?})),", path.display().to_string())
                .expect("a string takes every write");
        }
    }
    for name in ["ecosystems.toml", "no-vendors.toml", "verified.toml"] {
        let path = rules.join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        writeln!(list, "    ({name:?}, include_str!({:?})),", path.display().to_string())
            .expect("a string takes every write");
    }
    list.push_str("]\n");
    let out = env::var("OUT_DIR").expect("cargo sets the folder of the output");
    fs::write(Path::new(&out).join("rules.rs"), list).expect("the output folder is writable");
}
