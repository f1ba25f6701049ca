// Writes multipart/form-data as browsers do: FormData and Response are undici's. Standard
// input: lines of [{"name", "text", "file", "type"}, …]; standard output: per line
// {"type", "body"}, the body in base64.
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const form = new FormData();
  for (const { name, text, file, type } of JSON.parse(line)) {
    if (file || type) form.append(name, new Blob([text], { type }), file || "blob");
    else form.append(name, text);
  }
  const written = new Response(form);
  const body = Buffer.from(await written.arrayBuffer()).toString("base64");
  console.log(JSON.stringify({ type: written.headers.get("content-type"), body }));
}
