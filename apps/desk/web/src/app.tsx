import { useCallback, useEffect, useState } from 'react';
import { api, ApiError } from './api.js';
import { Desk } from './desk.js';
import type { Session } from './model.js';
import { SignIn } from './sign-in.js';

type Where = { at: 'loading' } | { at: 'door'; note: string } | { at: 'desk'; session: Session } | { at: 'broken' };

/** Who is there decides what is shown. */
export function App() {
  const [where, setWhere] = useState<Where>({ at: 'loading' });
  const enter = useCallback(() => {
    api.whoAmI().then(
      (session) => setWhere({ at: 'desk', session }),
      (error: ApiError) => setWhere(error.status === 401 ? { at: 'door', note: '' } : { at: 'broken' }),
    );
  }, []);
  useEffect(enter, [enter]);
  const signedOut = useCallback((note: string) => setWhere({ at: 'door', note }), []);

  if (where.at === 'loading') return <p className="splash" role="status" aria-label="Loading" />;
  if (where.at === 'broken') {
    return (
      <main className="door">
        <div className="card" role="alert">
          <h1>The desk cannot be reached</h1>
          <p className="soft">It may be starting. Nothing you wrote is lost.</p>
          <button className="primary" onClick={enter}>
            Try again
          </button>
        </div>
      </main>
    );
  }
  if (where.at === 'door')
    return <SignIn note={where.note} onSignedIn={(session) => setWhere({ at: 'desk', session })} />;
  return <Desk account={where.session.account} onSignedOut={signedOut} />;
}
