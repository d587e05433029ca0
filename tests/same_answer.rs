//! The answer depends on nothing but the files: not on how many threads look at them, nor on which files are passed over
//! because nothing in them seems to matter.

use std::path::Path;

use jiff::civil::date;
use rayon::ThreadPoolBuilder;
use undisclosed::finding::Finding;
use undisclosed::project::{self, Project};
use undisclosed::{Analysis, Options};

/// Deeply nested source is walked by recursion, within bounds that fit this stack.
const STACK: usize = 64 * 1024 * 1024;

fn run(threads: usize, options: &Options) -> (Analysis, Vec<Finding>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/apps/survey-saas");
    let pool = ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build().expect("threads can be started");
    pool.install(|| {
        let project = Project::open(&root, &project::Options::default()).expect("the example can be read");
        undisclosed::check(&project, options, date(2026, 1, 1))
    })
}

#[test]
fn for_any_number_of_threads() {
    let (one, found) = run(1, &Options::default());
    assert!(!found.is_empty());
    for threads in [2, 7] {
        let (several, others) = run(threads, &Options::default());
        assert!(one.shares == several.shares, "{threads} threads find other shares");
        assert_eq!(one.problems, several.problems);
        assert_eq!(found, others);
    }
}

#[test]
fn with_every_file_lowered() {
    let (few, found) = run(2, &Options::default());
    let (all, others) = run(2, &Options { every_file: true });
    assert!(few.files_lowered < all.files_lowered, "nothing is passed over");
    assert_eq!(found, others);
    let count = few.shares.len();
    assert!(few.shares == all.shares, "{count} shares, and {} with every file", all.shares.len());
}
