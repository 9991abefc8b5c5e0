import type { ReactNode } from 'react';
import { fullTimeOf, hueOf, initialsOf, languageOf, stateLabelOf, windowOf, wordsOf } from './format.js';
import type { Conversation } from './model.js';

/** The right column: who this is, and how it came here. */
export function SidePanel({
  conversation,
  accountId,
  now,
}: {
  conversation: Conversation;
  accountId: string;
  now: Date;
}) {
  const { id, name, phone, customerId, language, intent, state, team, handoffReason, windowUntil } = conversation;
  return (
    <aside className="side" aria-label="About this conversation">
      <div className="person">
        <span className="avatar large" data-hue={hueOf(id)} aria-hidden="true">
          {initialsOf(name)}
        </span>
        <h2>
          <bdi>{name}</bdi>
        </h2>
        {phone && phone !== name && <p className="soft number">{phone}</p>}
      </div>
      <WindowLeft windowUntil={windowUntil} now={now} />
      <dl>
        <Fact term="State">
          <span className="state" data-state={state}>
            {stateLabelOf(conversation, accountId)}
          </span>
        </Fact>
        {handoffReason && <Fact term="Handed over because">{wordsOf(handoffReason)}</Fact>}
        {team && <Fact term="Team">{wordsOf(team)}</Fact>}
        <Fact term="Last intent">{intent ? wordsOf(intent) : '–'}</Fact>
        <Fact term="Language">{languageOf(language)}</Fact>
        <Fact term="Customer">{customerId ? <code>{customerId}</code> : 'Not in the CRM'}</Fact>
      </dl>
    </aside>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Free text may be sent for 24 hours after the customer's last message. */
function WindowLeft({ windowUntil, now }: { windowUntil: string | null; now: Date }) {
  const { open, soon, text, share } = windowOf(windowUntil, now);
  const title = windowUntil ? `Until ${fullTimeOf(windowUntil)}` : 'The customer has not written yet';
  return (
    <section className="window" data-open={open} data-soon={soon} title={title}>
      <h3>Reply window</h3>
      <p>{open ? `${text} left` : text}</p>
      <meter min={0} max={1} value={share} aria-label="Share of the 24 hours that is left" />
    </section>
  );
}
