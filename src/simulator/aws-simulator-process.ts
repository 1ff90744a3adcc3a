import { readAwsSettings } from "./aws/aws-simulator-options.js";
import { startAwsSimulator } from "./aws/start-aws-simulator.js";

// The process of startAwsSimulatorProcess. It takes the options as JSON in its first argument, prints where it listens,
// and ends when its standard input closes. The system closes the input when the parent ends, so no orphan is ever left.
// Nothing is awaited at the top level, which CommonJS does not know.
void startAwsSimulator(readAwsSettings(JSON.parse(process.argv[2] ?? "{}"))).then(({ url }) => {
  process.stdin.on("close", () => process.exit(0));
  process.stdin.resume();
  process.stdout.write(`${JSON.stringify({ url, pid: process.pid })}\n`);
});
