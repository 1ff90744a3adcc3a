import { controlsAt, remoteControls } from "../remote-controls.js";
import { clientOptionsFor } from "./client-options.js";
import type { ConnectedGcpSimulator } from "./gcp-simulator.js";

/** The controls of a simulator that runs in another process, at its URL. */
export function connectGcpSimulator(url: string): ConnectedGcpSimulator {
  const control = controlsAt(url);
  return {
    url,
    ...remoteControls(control),
    recommendations: {
      list: (project, region) => control("POST", "recommendations/list", { project, region }),
      add: (...added) => control("POST", "recommendations", { added }),
      use: (...usages) => control("POST", "recommendations/use", { usages }),
      touch: (name) => control("POST", "recommendations/touch", { name }),
      claim: (name, by) => control("POST", "recommendations/claim", { name, by }),
    },
    clientOptions: (project, choice) => clientOptionsFor(url, project, choice),
  };
}
