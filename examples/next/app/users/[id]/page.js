import { getLogger } from "polylog";

const log = getLogger("shop.users");

export default async function User({ params }) {
  const { id } = await params;
  log.info("found a user", { user: id });
  return <h1>User {id}</h1>;
}
