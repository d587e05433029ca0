//! Finds what an application shares with third parties, and what of that its policy manifest does not declare.
//!
//! ```text
//! project ─► Source ─► Module ─► Program ─► Outbound ─► Share ─► Finding ─► text
//!   walk       lang      link      flow     catalogue    check     report
//! ```

pub mod catalogue;
pub mod check;
pub mod finding;
pub mod flow;
pub mod ir;
pub mod lang;
pub mod policy;
pub mod source;
