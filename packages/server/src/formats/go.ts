import { layoutFormat } from "./layout.ts";

/** Go: zap's console encoder, and glog and klog (Kubernetes) in `klog.ts`. */
export const go = layoutFormat("go", (line) => line.indexOf("\t") > 0, [
  "%time %level %file:%line %message",
  "%time %level %logger %file:%line %message",
]);
