//! Puts what a walk found into the order of the paths.

use std::sync::Arc;

use super::read::Outcome;
use super::walk::Walked;
use super::{Project, Skipped, select};
use crate::dependency;
use crate::lang::FileIndex;
use crate::source::{FileId, Problem, Source, Span};

/// A project of what was found; code files come first, so that the index and the sources agree on their ids.
pub(super) fn assemble(mut walked: Walked) -> Project {
    let mut project = Project { skipped: walked.skipped, unread: walked.unread, ..Project::default() };
    let mut index = FileIndex::default();
    walked.code.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, outcome) in walked.code {
        // Some code decides where imports lead.
        let text = match &outcome {
            Outcome::Text(text, _) if select::is_config(&path) => Some(Arc::clone(text)),
            _ => None,
        };
        if let Some(file) = add(&mut project, path.clone(), outcome) {
            index.configs.extend(text.map(|text| (path.clone(), text)));
            index.files.insert(path.clone(), file);
            index.paths.push(path);
        }
    }
    let unreadable = project.problems.iter().filter(|problem| {
        let source = project.sources.get(problem.span.file);
        source.text.is_empty()
    });
    project.files_read = project.sources.len() - unreadable.count();
    walked.configs.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, outcome) in walked.configs {
        match outcome {
            Outcome::Text(text, None) => {
                index.configs.insert(path, text);
            }
            Outcome::Text(text, problem) => {
                index.configs.insert(path.clone(), Arc::clone(&text));
                add(&mut project, path, Outcome::Text(text, problem));
            }
            Outcome::Skipped(reason) => project.skipped.push(Skipped { path, reason }),
            Outcome::Failed(_) => {
                add(&mut project, path, outcome);
            }
        }
    }
    add_lists(&mut project, &index, walked.lists);
    walked.failed.sort();
    for (path, message) in walked.failed {
        add(&mut project, path, Outcome::Failed(message));
    }
    project.index = Arc::new(index);
    project.skipped.sort();
    project.problems.sort();
    project
}

/// Adds the files that say what the project depends on. One may be code too.
fn add_lists(project: &mut Project, index: &FileIndex, mut lists: Vec<(String, Arc<str>)>) {
    lists.sort();
    let paths: Vec<&str> = lists.iter().map(|(path, _)| &**path).collect();
    for (path, text) in &lists {
        if !dependency::is_needless(path, &paths) {
            let known = index.files.get(path).copied();
            let file = known.unwrap_or_else(|| project.sources.add(Source::new(path.as_str(), Arc::clone(text))));
            project.lists.push(file);
        }
    }
}

/// Adds a file with what is wrong with it; `None` when it is left out.
pub(super) fn add(project: &mut Project, path: String, outcome: Outcome) -> Option<FileId> {
    let (text, problem) = match outcome {
        Outcome::Text(text, problem) => (text, problem),
        Outcome::Failed(message) => ("".into(), Some((0..0, message))),
        Outcome::Skipped(reason) => {
            project.skipped.push(Skipped { path, reason });
            return None;
        }
    };
    let file = project.sources.add(Source::new(path, text));
    project.problems.extend(
        problem
            .map(|(range, message)| Problem { span: Span::new(file, range.start as u32, range.end as u32), message }),
    );
    Some(file)
}
