#!/usr/bin/env -S node --max-semi-space-size=32
// Room for the records of some requests before V8 looks what is garbage: decoding takes a third less.
// In the tree rather than built: npm links a bin when it installs, and in a fresh clone that is before the build.
import "../dist/cli/main.js";
