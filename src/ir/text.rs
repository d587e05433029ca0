//! The text form of a module, for golden tests and for reading.
