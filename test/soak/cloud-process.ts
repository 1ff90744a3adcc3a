// Serves the soak's cloud: a seed for its faults as argument. Prints its URL, and ends when its parent does.

import { endWithParent } from "./end-with-parent.js";
import { serveCloud } from "./serve-cloud.js";

endWithParent();
const { url } = await serveCloud(Number(process.argv[2]));
console.log(JSON.stringify({ url }));
