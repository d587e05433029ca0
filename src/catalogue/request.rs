//! HTTP requests to a vendor's hosts.

use super::{Catalogue, Share};
use crate::flow::Outbound;

impl Catalogue {
    /// The shares of a call that sends an HTTP request.
    pub(super) fn request_shares(&self, _outbound: &Outbound) -> Vec<Share> {
        Vec::new()
    }
}
