import { SimulatedError } from "../../simulated-error.js";

/** The errors that only the services with reserved nodes answer with, each in that service's own words. */
export interface ReservedNodesErrors {
  offeringNotFound(id: string): SimulatedError;
  notFound(id: string): SimulatedError;
  alreadyExists(name: string): SimulatedError;
}

/** What a service calls its reservations and offerings in its error codes. */
export interface ErrorNouns {
  readonly reservation: string;
  readonly offering: string;
  /** Ends every code. */
  readonly suffix: "" | "Fault";
  readonly status: number;
}

/** The errors of a service that names them by the pattern of RDS; `AlreadyExists` has the status of `NotFound` there. */
export function faultsNamedBy({ reservation, offering, suffix, status }: ErrorNouns): ReservedNodesErrors {
  const fault = (code: string, message: string) => new SimulatedError(`${code}${suffix}`, status, message);
  return {
    offeringNotFound: (id) => fault(`${offering}NotFound`, `The offering ${id} does not exist`),
    notFound: (id) => fault(`${reservation}NotFound`, `The reservation ${id} does not exist`),
    alreadyExists: (name) => fault(`${reservation}AlreadyExists`, `You already have a reservation with the id ${name}`),
  };
}
