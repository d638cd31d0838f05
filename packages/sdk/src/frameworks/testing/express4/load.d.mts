import type express from "express";

/** As far as the tests use them, both releases have the same types. */
export function loadExpress4(): Promise<typeof express>;
