//! What the checks say about shares that are written by hand, and the manifest drafted from them.

mod project;

use project::Project;
use undisclosed::finding::Level;
use undisclosed::policy::{Policy, write};

const CODE: &str = "
analytics.track({ user_id: user.id, phone: user.phone, ref: user.email, page_view: location })
wrap(first, { plan: account.plan })
wrap(second, { plan: account.tier })
send(...rest)
";

fn project() -> Project {
    let mut project = Project::new(CODE);
    project
        .share("segment", &["analytics.track("])
        .field("user_id", "user_id: user.id", "user.id")
        .field("phone", "phone: user.phone", "user.phone")
        .field("ref", "ref: user.email", "user.email");
    project
}

#[test]
fn a_vendor_without_an_entry() {
    let mut project = project();
    project.share("segment", &["analytics.track(", "wrap(first"]).field("plan", "plan: account.plan", "");
    project.share("intercom", &["send("]).opaque("", "...rest");
    project.check(
        "",
        &[
            "undeclared-vendor: data goes to Segment, which is not declared",
            "undeclared-vendor: data goes to Intercom, which is not declared",
        ],
    );
    let findings = project.run(&Policy::absent(&project.catalogue));
    assert_eq!(
        findings[0].help,
        ["remove the call, or declare the vendor: add `[vendor.segment]` with \
          `fields = [\"phone\", \"plan\", \"ref\", \"user_id\"]`"]
    );
    assert_eq!(findings[1].help, ["remove the call, or declare the vendor: add `[vendor.intercom]`"]);
}

#[test]
fn a_field_without_a_declaration() {
    let mut project = project();
    let manifest = "[vendor.segment]\nfields = [\"userId\"]\ndata = [\"contact\"]\n";
    project.check(manifest, &["undeclared-field: `ref` goes to Segment but is not declared"]);
    project.check(
        "[vendor.segment]\nfields = [\"user_id\", \"ref\"]\n[lints]\ndisguised-field = \"allow\"",
        &["undeclared-field: `phone` goes to Segment but is not declared"],
    );
    let findings = project.findings("[vendor.segment]\nfields = [\"user_id\", \"ref\"]\n");
    let phone = findings.iter().find(|finding| finding.field.as_deref() == Some("phone")).unwrap();
    let labels: Vec<_> =
        phone.labels.iter().map(|label| (project.sources.slice(label.span), &*label.message)).collect();
    assert_eq!(
        labels,
        [
            ("phone: user.phone", "enters the payload here"),
            ("analytics.track(", "sent to Segment by this call"),
            ("[\"user_id\", \"ref\"]", "what Segment may receive is declared here"),
        ]
    );
    assert_eq!(phone.help, ["remove the field, or declare it: add \"phone\" to `fields`, or add `data = [\"phone\"]`"]);
}

#[test]
fn full_access_declares_everything_but_what_is_promised() {
    let mut project = project();
    project.share("gcp", &["send("]).field("password", "...rest", "").opaque("", "...rest");
    let vendors = "[vendor.segment]\nfull-access = true\n[vendor.gcp]\nfull-access = true\n";
    project.check(vendors, &[]);
    project.check(
        &format!("[policy]\nnever = [\"credentials\"]\n{vendors}"),
        &["forbidden-field: `password` goes to Google Cloud, but no vendor may receive `credentials`, which includes `password`"],
    );
}

#[test]
fn a_promise_broken_by_a_name_or_a_value() {
    let mut project = project();
    project.check(
        "[vendor.segment]\nfields = [\"*\"]\nnever = [\"contact\"]\n",
        &[
            "forbidden-field: `phone` goes to Segment, which is promised never to receive `contact`, which includes `phone`",
            "forbidden-field: `ref` carries `email` (`user.email`) to Segment, which is promised never to receive `contact`, which includes `email`",
        ],
    );
    project.check(
        "[vendor.segment]\nfields = [\"user_id\"]\nnever = [\"contact\"]\nexcept = [\"phone\", \"user.email\"]\n",
        &[
            "undeclared-field: `phone` goes to Segment but is not declared",
            "undeclared-field: `ref` goes to Segment but is not declared",
        ],
    );
    project.check(
        "[policy]\nnever = [\"email\"]\n",
        &[
            "undeclared-vendor: data goes to Segment, which is not declared",
            "forbidden-field: `ref` carries `email` (`user.email`) to Segment, but no vendor may receive `email`",
        ],
    );
}

#[test]
fn a_declared_name_with_an_undeclared_value() {
    let mut project = project();
    let disguised = ["disguised-field: `ref` is declared for Segment but carries `email` (`user.email`)"];
    project.check("[vendor.segment]\nfields = [\"user_id\", \"ref\", \"phone\"]\n", &disguised);
    project.check("[vendor.segment]\nfields = [\"*\"]\n", &disguised);
    project.check("[vendor.segment]\nfields = [\"*\"]\ndata = [\"contact\"]\n", &[]);
    project.last().fields[2].obtained_from = Some("segment".into());
    project.check("[vendor.segment]\nfields = [\"*\"]\n", &[]);
}

#[test]
fn what_callers_supply_is_reported_there_and_once() {
    let mut project = Project::new(CODE);
    // The wrapper itself writes `user_id` and leaves `plan` to its callers.
    project.share("segment", &["analytics.track("]).field("user_id", "user_id: user.id", "user.id");
    project.field("plan", "page_view: location", "");
    let wrapper = project.last();
    wrapper.called = true;
    wrapper.fields[1].hole = true;
    for (call, plan) in [("wrap(first", "plan: account.plan"), ("wrap(second", "plan: account.tier")] {
        project.share("segment", &["analytics.track(", call]).field("user_id", "user_id: user.id", "user.id");
        project.last().fields[0].hop = 0;
        project.field("plan", plan, "");
    }
    project.check(
        "[vendor.segment]\n",
        &[
            "undeclared-field: `user_id` goes to Segment but is not declared",
            "undeclared-field: `plan` goes to Segment but is not declared",
            "undeclared-field: `plan` goes to Segment but is not declared",
        ],
    );
    let findings = project.findings("[vendor.segment]\n");
    let labels: Vec<_> = findings[1].labels.iter().map(|label| &*label.message).collect();
    let expected = [
        "enters the payload here",
        "handed on here",
        "sent to Segment by this call",
        "what Segment may receive is declared here",
    ];
    assert_eq!(labels, expected);
}

#[test]
fn what_cannot_be_seen() {
    let mut project = Project::new(CODE);
    project.share("segment", &["send("]).field("properties.plan", "...rest", "").opaque("properties", "...rest");
    let reason = "`rest` is a parameter without a declared type";
    let opaque = format!("opaque-payload: what goes to Segment in `properties` cannot be known: {reason}");
    // What is declared below the opaque part may well be in it.
    project.check(
        "[vendor.segment]\nfields = [\"properties.plan\", \"properties.term\"]\ndata = [\"email\"]\n",
        &[&opaque],
    );
    project.check("[vendor.segment]\nfields = [\"properties.**\"]\n", &[]);
    project.check("[vendor.segment]\nfields = [\"properties.**\"]\nnever = [\"email\"]\n", &[&opaque]);
    let findings = project.findings("[vendor.segment]\nfields = [\"properties.plan\"]\n");
    assert_eq!(findings[0].level, Level::Warn);
    let help = ["declare its type", "if the vendor may receive whatever it is: add \"properties.**\" to `fields`"];
    assert_eq!(findings[0].help, help);
}

#[test]
fn declarations_that_nothing_uses() {
    let mut project = project();
    project.check(
        "[vendor.segment]\nfields = [\"user_id\", \"ref\", \"phone\", \"gone\"]\ndata = [\"email\", \"password\", \"page-view\"]\n\
         never = [\"credentials\"]\nexcept = [\"password\"]\n[vendor.intercom]\nfields = [\"x\"]\n",
        &[
            "stale-declaration: `gone` is declared for Segment but never sent to it",
            "stale-declaration: `password` is declared for Segment but no field sent to it is of this class",
            "stale-declaration: Intercom is declared but nothing is shared with it",
        ],
    );
}

#[test]
fn waivers() {
    let mut project = project();
    let vendor = "[vendor.segment]\nfields = [\"user_id\", \"ref\"]\ndata = [\"email\"]\n";
    let waiver = |extra: &str, until: &str| {
        format!("{vendor}[[waiver]]\ncheck = \"undeclared-field\"\nreason = \"PRIV-1\"\nuntil = {until}\n{extra}")
    };
    let phone = "undeclared-field: `phone` goes to Segment but is not declared";
    let unused = "unused-waiver: the waiver of `undeclared-field` takes no finding away";
    let expired = "expired-waiver: the waiver of `undeclared-field` ended on 2026-06-14";
    project.check(&waiver("", "2026-06-15"), &[]);
    project.check(&waiver("vendor = \"segment\"\nfield = \"phone\"\npath = \"src/**\"", "2026-06-15"), &[]);
    project.check(&waiver("", "2026-06-14"), &[phone, expired]);
    project.check(&waiver("vendor = \"intercom\"", "2026-06-15"), &[phone, unused]);
    project.check(&waiver("field = \"mail\"", "2026-06-15"), &[phone, unused]);
    project.check(&waiver("path = \"lib/**\"", "2026-06-15"), &[phone, unused]);
    let forgiving = "[[waiver]]\ncheck = \"expired-waiver\"\nreason = \"no\"\nuntil = 2026-12-31\n";
    let forgiven = "unused-waiver: the waiver of `expired-waiver` takes no finding away";
    project.check(&waiver(forgiving, "2026-06-14"), &[phone, expired, forgiven]);
}

#[test]
fn promises_that_no_check_holds() {
    let mut project = project();
    let findings = project.findings(
        "[policy]\nhome = \"eu\"\n[consent.replay]\nguards = [\"ok\"]\n[vendor.segment]\nfull-access = true\n\
         consent = \"replay\"\nregions = [\"eu\"]\nroutes = [\"intercom\"]\npaths = [\"src/**\"]\nretain = false\ntransfer = \"SCC\"\n",
    );
    let said: Vec<_> = findings.iter().map(|finding| (finding.check, finding.field.as_deref().unwrap())).collect();
    let keys = ["home", "guards", "consent", "regions", "routes", "paths", "retain", "transfer"];
    assert_eq!(said, keys.map(|key| ("unenforced-declaration", key)));
}

#[test]
fn the_types_of_values_count() {
    let mut project = project();
    project.last().fields[0].ty = Some("email-type".into());
    project.check(
        "[vendor.segment]\nfields = [\"user_id\", \"phone\"]\ndata = [\"phone\"]\n[lints]\nundeclared-field = \"allow\"",
        &["disguised-field: `user_id` is declared for Segment but carries `email` (`email-type`)"],
    );
}

#[test]
fn a_draft_declares_what_is_shared_and_nothing_else() {
    let mut project = project();
    project.share("segment", &["analytics.track(", "wrap(first"]).field("userId", "plan: account.plan", "");
    project.field("odd[0]..key", "plan: account.plan", "");
    project.share("intercom", &["send("]).opaque("traits", "...rest");
    project.share("gcp", &["send("]);
    let text = write::draft(&project.shares, &project.dependencies, &project.catalogue, &project.sources);
    let body: Vec<&str> = text.lines().skip(3).collect();
    let expected = [
        "[vendor.gcp]",
        "purpose = \"analytics\"",
        "",
        "[vendor.intercom]",
        "purpose = \"analytics\"",
        "# not known: traits at src/a.ts:5: `rest` is a parameter without a declared type",
        "",
        "[vendor.segment]",
        "purpose = \"analytics\"",
        "data = [\"email\"]",
        "fields = [\"*.*.key\", \"phone\", \"ref\", \"userId\"]",
    ];
    assert_eq!(body, expected);
    let findings = project.findings(&text);
    assert!(
        findings.iter().all(|finding| finding.level == Level::Warn && finding.check == "opaque-payload"),
        "{findings:#?}"
    );
    assert_eq!(findings.len(), 1);
    let without = text.replace("\"phone\", ", "");
    assert!(project.findings(&without).iter().any(|finding| finding.level == Level::Deny));
}
