#!/usr/bin/env node
// In the tree rather than built: npm links a bin when it installs, and in a fresh clone that is before the build.
import "../dist/cli/main.js";
