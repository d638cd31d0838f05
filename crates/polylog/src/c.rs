//! The functions of `include/polylog.h`.
