//! What `init` sets up, without Node: records wait, and nothing is asked of anybody.

use std::time::Instant;

#[test]
fn records_may_be_made_before_and_without_a_host() {
    polylog::init();
    polylog::init();
    log::set_max_level(log::LevelFilter::Trace);
    struct Logs;
    impl std::fmt::Display for Logs {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            log::info!("within a value that is being displayed");
            formatter.write_str("shown")
        }
    }
    log::info!("{}", Logs);
    let span = tracing::info_span!("outer", value = %Logs);
    span.in_scope(|| tracing::info!(value = ?Some(1), "in a span"));
    for at in 0..100_000 {
        log::info!(at; "more than there is room for");
    }
    let context = polylog::Context::current();
    let _entered = context.enter();
}

#[test]
fn a_panic_without_a_host_goes_its_way_at_once() {
    polylog::init();
    let started = Instant::now();
    let outcome = std::thread::spawn(|| panic!("expected")).join();
    assert!(outcome.is_err());
    assert!(started.elapsed().as_secs() < 20);
}
