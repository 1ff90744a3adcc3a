/** SQL for the statuses of open executions, as the index `buyonce_executions_open_lineage` has them. */
export const OPEN = "('pending', 'notified', 'scheduled', 'paused', 'approved', 'running', 'in_doubt')";

/** SQL for the states of lines that may have been bought, as the index `buyonce_lines_lineage` has them. */
export const MAYBE_BOUGHT = "('submitting', 'in_doubt', 'committed')";
