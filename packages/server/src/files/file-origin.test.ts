import { expect, test } from "vitest";
import { fileOrigin } from "./file-origin.ts";

test.each([
  ["/var/log/dpkg.log", "dpkg"],
  ["/var/log/nginx/access.log", "nginx"],
  ["/var/log/nginx/access.log.1", "nginx"],
  ["/var/log/apt/history.log", "apt"],
  ["/var/log/postgresql/postgresql-15-main.log", "postgresql"],
  ["/var/log/shop-web.log", "shop-web"],
  ["/var/log/shop-web-error.log", "shop-web"],
  ["/var/log/shop.2026-11-21.log", "shop"],
  ["/var/log/shop.log-20261121", "shop"],
  ["/srv/checkout/logs/out.log", "checkout"],
  ["/srv/checkout/logs/2026-11-21.log", "checkout"],
  ["/home/ada/shop/app.jsonl", "shop"],
  ["/var/log/my_app.log", "my_app"],
  ["/var/log/messages", "messages"],
  ["app.log", "app"],
])("%s is by %s", (path, service) => {
  expect(fileOrigin(path)).toMatchObject({ service });
});

test("says where a record lay", () => {
  expect(fileOrigin("/var/log/dpkg.log").attributes).toEqual([
    ...["log.file.path", "/var/log/dpkg.log"],
    ...["log.file.name", "dpkg.log"],
  ]);
});

test("knows the places of containers' logs", () => {
  const id = "c0ffee".padEnd(64, "0");
  expect(fileOrigin(`/var/lib/docker/containers/${id}/${id}-json.log`).resource).toEqual([
    "container.id",
    id,
  ]);
  expect(fileOrigin("/var/log/pods/prod_shop-7d9f_1234-5678/web/0.log")).toMatchObject({
    service: "web",
    resource: ["k8s.namespace.name", "prod", "k8s.pod.name", "shop-7d9f", "k8s.container.name", "web"],
  });
});
