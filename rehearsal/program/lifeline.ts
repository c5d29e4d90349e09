/**
 * The file descriptor of a pipe between the rehearsal and a program's process. Nothing is written to it: it closes when
 * the rehearsal ends, even where that was killed.
 */
export const LIFELINE = 4;
