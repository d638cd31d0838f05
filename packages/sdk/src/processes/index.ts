export type { CarriedContext } from "../logger/carried-context.ts";
export { carriedContext, childVariables } from "./child-environment.ts";
export { continueContext } from "./continue-context.ts";
export { type ReceiveOptions, receiveRecords } from "./receive.ts";
export { type ChildOptions, fork, spawn } from "./spawn.ts";
export { startWorker } from "./worker.ts";
