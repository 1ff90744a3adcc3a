// node --import <this file> <script>: notes every import that the script and its imports resolve, one JSON line each,
// in the file that RESOLUTIONS names.
import { register } from "node:module";

const hook = `
  import { appendFileSync } from "node:fs";
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context);
    const { parentURL } = context;
    appendFileSync(process.env.RESOLUTIONS, JSON.stringify({ specifier, parentURL, url: resolved.url }) + "\\n");
    return resolved;
  }
`;

register(`data:text/javascript,${encodeURIComponent(hook)}`);
