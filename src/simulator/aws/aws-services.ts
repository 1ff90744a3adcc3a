import type { AwsService } from "./aws-service.js";
import type { AwsWorld } from "./aws-world.js";
import { ec2Service } from "./ec2/ec2-service.js";
import { savingsPlansService } from "./savings-plans/savings-plans-service.js";
import { stsService } from "./sts/sts-service.js";

/** Every simulated service; the dispatcher looks nowhere else. */
export function awsServices(world: AwsWorld): AwsService[] {
  return [ec2Service(world), savingsPlansService(world), stsService];
}
