//! The answer depends on nothing but the files: not on how many threads look at them, nor on which files are passed over
//! because nothing in them seems to matter.

use std::path::{Path, PathBuf};

use jiff::civil::date;
use rayon::ThreadPoolBuilder;
use undisclosed::catalogue::Catalogue;
use undisclosed::project::{self, Project};
use undisclosed::{Options, analyse, check};
use walkdir::WalkDir;

/// Deeply nested source is walked by recursion, within bounds that fit this stack.
const STACK: usize = 64 * 1024 * 1024;

/// In a pool of so many threads.
fn with_threads<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    let pool = ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build().expect("threads can be started");
    pool.install(run)
}

fn open(folder: &Path) -> Project {
    Project::open(folder, &project::Options::default()).expect("a fixture can be read")
}

/// The folders that hold a fixture each, at this depth below `fixtures`.
fn fixtures(folder: &str, depth: usize) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let entries = WalkDir::new(root).min_depth(depth).max_depth(depth).sort_by_file_name().into_iter();
    entries.map(|entry| entry.expect("the fixtures can be walked").into_path()).collect()
}

#[test]
fn for_any_number_of_threads() {
    let run = |folder: &Path| check(&open(folder), &Options::default(), date(2026, 1, 1));
    for folder in fixtures("apps", 1) {
        let (one, found) = with_threads(1, || run(&folder));
        assert!(!found.is_empty(), "{} has no findings", folder.display());
        for threads in [2, 7] {
            let (several, others) = with_threads(threads, || run(&folder));
            assert!(one.shares == several.shares, "{}: other shares with {threads} threads", folder.display());
            assert_eq!(one.problems, several.problems);
            assert_eq!(found, others);
        }
    }
}

#[test]
fn with_every_file_lowered() {
    let catalogue = Catalogue::embedded();
    let folders: Vec<PathBuf> = fixtures("apps", 1).into_iter().chain(fixtures("flow", 2)).collect();
    let mut differ = Vec::new();
    for folder in &folders {
        let project = open(folder);
        let run = |every_file| {
            with_threads(2, || analyse(&project, &catalogue, &Options { every_file, ..Options::default() }).shares)
        };
        let (few, all) = (run(false), run(true));
        let pairs = few.iter().zip(&all).find(|(few, all)| few != all);
        if few.len() != all.len() || pairs.is_some() {
            let (few, all) = (few.len(), all.len());
            differ.push(format!("{}: {few} shares, {all} with every file; first {pairs:#?}", folder.display()));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
