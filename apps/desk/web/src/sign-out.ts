import { api, type ApiError } from './api.js';

/** Ends the session; whatever the server says, nothing stays on the screen. */
export function signOut(onSignedOut: (note: string) => void): void {
  api.signOut().then(
    () => onSignedOut(''),
    (error: ApiError) =>
      onSignedOut(error.status === 401 ? '' : 'The desk did not answer; you may still be signed in.'),
  );
}
