export async function GET() {
  throw new Error("out of order");
}
