/** Thrown when content cannot do what it says: an unknown reply, a missing argument, an unknown operation. Lint finds most. */
export class ContentError extends Error {}
