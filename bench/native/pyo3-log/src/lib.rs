//! A Python module whose Rust logs by way of pyo3-log: the peer of `bench/cases/native.mjs` in Python.

use pyo3::prelude::*;

/// Sends what is logged to Python's `logging`, as pyo3-log does it unless it is told otherwise.
#[pyfunction]
fn install() {
    pyo3_log::init();
}

/// Logs so many records on a thread of its own, without pause, and waits for it.
#[pyfunction]
fn flood(py: Python<'_>, records: u32) {
    py.detach(|| {
        let thread = std::thread::spawn(move || {
            for at in 0..records {
                log::info!(target: "my_core::flood", thread = 0, at; "record of a flood");
            }
        });
        let _ = thread.join();
    });
}

#[pymodule]
fn polylog_bench_pyo3_log(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(install, module)?)?;
    module.add_function(wrap_pyfunction!(flood, module)?)
}
