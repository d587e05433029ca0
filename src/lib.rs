//! Finds what an application shares with third parties, and what of that its policy manifest does not declare.
//!
//! ```text
//! project ─► Source ─► Module ─► Program ─► Outbound ─► Share ─► Finding ─► text
//!   walk       lang      link      flow     catalogue    check     report
//! ```

pub mod project;
pub mod source;

pub mod dependency;

pub mod ir;
pub mod lang;

pub mod flow;

pub mod catalogue;
pub mod wrapper;

pub mod search;

pub mod policy;

pub mod check;
pub mod finding;

pub mod report;

/// How a project is analysed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Lowers every file, not only those that can matter. The result is the same.
    pub every_file: bool,
    /// Looks also for third parties that the catalogue does not know. Slower, and never part of a check.
    pub unknown: bool,
}

/// What a project shares.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The shares, in the order of their places.
    pub shares: Vec<catalogue::Share>,
    /// What the project depends on, in the order of the places that say so.
    pub dependencies: Vec<dependency::Dependency>,
    /// The project's own functions that hand what they are given to a vendor, in the order of their places.
    pub wrappers: Vec<wrapper::Wrapper>,
    /// What looks like a third party that the catalogue does not know, where that was asked for.
    pub third_parties: Option<Vec<catalogue::unknown::ThirdParty>>,
    /// What could not be lowered or followed to its end.
    pub problems: Vec<source::Problem>,
    /// How many files were lowered.
    pub files_lowered: usize,
}

/// Finds what a project shares with the vendors of a catalogue.
pub fn analyse(project: &project::Project, catalogue: &catalogue::Catalogue, options: &Options) -> Analysis {
    let targets = catalogue.targets();
    let models = |language: &str| catalogue.models(language);
    let program = flow::program::Program::new(&project.sources, &project.index, &targets, models);
    let (outbounds, mut problems) = flow::outbounds(&program, options.every_file);
    let mut shares: Vec<catalogue::Share> = Vec::new();
    let mut wrappers = wrapper::Wrappers::default();
    for outbound in &outbounds {
        for share in catalogue.shares(outbound, &project.sources) {
            wrappers.add(&program, &project.sources, outbound, &share);
            // Outbounds are sorted by their chain: only the last shares can be the same.
            if !shares.iter().rev().take_while(|other| other.chain == share.chain).any(|other| *other == share) {
                shares.push(share);
            }
        }
    }
    let dependencies = dependency::all(&project.sources, &project.lists);
    let wrappers = wrappers.finish(&shares);
    drop(outbounds);
    let third_parties = options.unknown.then(|| {
        let search = search::search(&program, project, catalogue, &dependencies);
        let targets = catalogue.unknown_targets(&search);
        let (outbounds, cut) = flow::outbounds(&program.looking_for(&targets), false);
        problems.extend(cut);
        catalogue.third_parties(&search, &outbounds, &project.sources)
    });
    let lowered = program.lowered().map(|linked| &linked.module.problems);
    problems.extend(lowered.flatten().cloned());
    problems.sort();
    problems.dedup();
    let files_lowered = program.lowered().count();
    Analysis { shares, dependencies, wrappers, third_parties, problems, files_lowered }
}

/// The embedded rules with the project's own vendors and the versions of packages that it depends on, and what is wrong
/// with its vendor files.
pub fn catalogue_of(project: &project::Project) -> (catalogue::Catalogue, Vec<source::Problem>) {
    let mut catalogue = catalogue::Catalogue::embedded();
    let files: Vec<_> = project.catalogue.iter().map(|file| (*file, project.sources.get(*file))).collect();
    let problems = catalogue.add(&files);
    catalogue.note_versions(&dependency::all(&project.sources, &project.lists));
    if let Some(manifest) = project.manifest {
        for wrapper in policy::wrappers(&project.sources, manifest, &catalogue) {
            catalogue.add_wrapper(&wrapper.vendor.value, &wrapper.module.value, &wrapper.calls);
        }
    }
    (catalogue, problems)
}

/// Checks a project against its manifest: what the command `check` does, without the disk.
///
/// `today` decides which dated exceptions have run out. A manifest that is not valid yields only what is wrong with it.
pub fn check(
    project: &project::Project,
    options: &Options,
    today: jiff::civil::Date,
) -> (Analysis, Vec<finding::Finding>) {
    let (catalogue, problems) = catalogue_of(project);
    let mut analysis = analyse(project, &catalogue, options);
    analysis.problems.extend(problems);
    let Some(manifest) = project.manifest else { return (analysis, Vec::new()) };
    let findings = match policy::parse(&project.sources, manifest, &catalogue, &check::ids()) {
        Ok(policy) => check::run(&check::Context {
            policy: &policy,
            shares: &analysis.shares,
            dependencies: &analysis.dependencies,
            catalogue: &catalogue,
            sources: &project.sources,
            today,
        }),
        Err(findings) => findings,
    };
    (analysis, findings)
}

/// The shares of a project of texts by path, for tests.
pub fn analyse_text(files: &[(String, String)], catalogue: &catalogue::Catalogue) -> Vec<catalogue::Share> {
    analyse(&project::Project::from_texts(files), catalogue, &Options::default()).shares
}

/// The files and findings of a project of texts by path, on the first day of 2026, for tests.
pub fn check_text(files: &[(String, String)]) -> (source::Sources, Vec<finding::Finding>) {
    let project = project::Project::from_texts(files);
    let (_, findings) = check(&project, &Options::default(), jiff::civil::date(2026, 1, 1));
    (project.sources, findings)
}
