export { onRequestError, register } from "polylog/next";
