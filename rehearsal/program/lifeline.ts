/**
 * The file descriptor of a pipe between the rehearsal and a program's process. Nothing is written to it: it closes when the
 * rehearsal ends, also where that was killed and could tell nobody.
 */
export const LIFELINE = 4;
