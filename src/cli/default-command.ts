/** The command of a line that names none. */
export const DEFAULT_COMMAND = 'table';
