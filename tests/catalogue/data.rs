//! Data classes by name, expression and type.

use undisclosed::catalogue::data::{DataClass, DataClasses, fold};

#[test]
fn names_fold_and_classes_are_found() {
    for (name, folded) in [
        ("userEmail", "user email"),
        ("user_email", "user email"),
        ("User-Email", "user email"),
        ("$userID", "user id"),
        ("HTTPServer2Name", "http server2 name"),
        ("é_mail", "é mail"),
    ] {
        assert_eq!(fold(name), folded);
    }
    let mut data = DataClasses::default();
    let names = |names: &[&str]| names.iter().map(|name| (*name).into()).collect();
    data.insert("contact", DataClass::default());
    data.insert(
        "email",
        DataClass {
            fields: names(&["email", "*_email"]),
            types: names(&["EmailAddress"]),
            not: names(&["template_email", "template.email"]),
            parent: Some("contact".into()),
            ..DataClass::default()
        },
    );
    data.insert("card", DataClass { fields: names(&["card.number", "card.*.code"]), ..DataClass::default() });
    for (path, classes) in [
        ("email", "email contact"),
        ("traits.workEmail", "email contact"),
        ("items[].email", "email contact"),
        ("props.traits[\"work-email\"]", "email contact"),
        ("user?.email!.trim().toLowerCase()", "email contact"),
        ("getWorkEmail(user.card.number)", "email contact"),
        ("`${user.email}-email`", "email contact"),
        ("user.id || user.email", "email contact"),
        ("hash(user.email)", ""),
        ("email.length", ""),
        ("templateEmail", ""),
        ("template.email", ""),
        ("card.number", "card"),
        ("number", ""),
        ("payment::card::number", "card"),
        ("card.cvc.code", "card"),
        ("\"email\"", ""),
        ("((([[[`${", ""),
    ] {
        assert_eq!(data.of_path(path).join(" "), classes, "for {path}");
    }
    assert_eq!(data.of_type("models::EmailAddress<'a>").join(" "), "email contact");
}
