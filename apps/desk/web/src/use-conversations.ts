import { useCallback, useEffect, useRef, useState } from 'react';
import { api, ApiError } from './api.js';
import type { Conversation, Transcript } from './model.js';

/** News come in bursts: the first is answered at once, those right after it together. */
const GATHER_MS = 400;
/** News are a hint. Reading everything again now and then finds what a lost one would have told. */
const REREAD_MS = 30_000;

/** Runs `work` at once, and once more after a pause however often it is asked in between; never twice at a time. */
function gathered(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    await work();
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    running = false;
    if (again) {
      again = false;
      void run();
    }
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}

/** The list and the open transcript, read again whenever `refresh` is called. */
export interface Reading {
  conversations: Conversation[] | null;
  transcript: Transcript | null;
  /** Why the last reading failed; empty when it did not. */
  problem: string;
  /** The open conversation does not exist. */
  missing: boolean;
  refresh: () => void;
  /** Shows a conversation as an answer had it, without waiting for the next reading. */
  put: (conversation: Conversation) => void;
}

export function useConversations(openId: string, onSignedOut: () => void): Reading {
  const [conversations, setConversations] = useState<Conversation[] | null>(null);
  const [transcript, setTranscript] = useState<Transcript | null>(null);
  const [problem, setProblem] = useState('');
  const [missing, setMissing] = useState(false);
  const open = useRef(openId);
  open.current = openId;
  const failed = useCallback(
    (error: ApiError) => (error.status === 401 ? onSignedOut() : setProblem(error.message)),
    [onSignedOut],
  );

  const readTranscript = useCallback(async () => {
    const id = open.current;
    if (id === '') return;
    try {
      const read = await api.transcript(id);
      if (open.current === id) setTranscript(read);
    } catch (thrown) {
      const error = thrown as ApiError;
      if (error.status !== 404 && error.status !== 400) return failed(error);
      if (open.current === id) setMissing(true);
    }
  }, [failed]);
  const readList = useCallback(async () => {
    await api.list().then((list) => {
      setConversations(list);
      setProblem('');
    }, failed);
  }, [failed]);

  const gather = useRef<(() => void) | undefined>(undefined);
  gather.current ??= gathered(async () => void (await Promise.all([readList(), readTranscript()])));
  const refresh = useCallback(() => gather.current?.(), []);

  useEffect(() => {
    setTranscript(null);
    setMissing(false);
    void readTranscript();
  }, [openId, readTranscript]);
  useEffect(() => {
    refresh();
    const timer = setInterval(refresh, REREAD_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  const put = useCallback((changed: Conversation) => {
    setConversations((list) => list?.map((one) => (one.id === changed.id ? changed : one)) ?? list);
    setTranscript((read) => (read?.conversation.id === changed.id ? { ...read, conversation: changed } : read));
  }, []);
  return { conversations, transcript, problem, missing, refresh, put };
}
