// Starts a simulator in a process of its own, says so, and waits to be killed.
import { startAwsSimulatorProcess } from "../../src/simulator/aws/start-aws-simulator-process.js";

const { url, pid } = await startAwsSimulatorProcess();
console.log(JSON.stringify({ url, pid }));
