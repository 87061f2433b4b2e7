import type { OpenSession } from '@daybook/http-contract/session';
import { Laptop, Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError } from '../../../lib/problem.ts';
import { formatMoment } from '../../../lib/time.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ReadState } from '../../../ui/read-state.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useEndSession, useSessions } from '../api/sessions.ts';
import { describeBrowser } from '../describe-browser.ts';

/** Where the reader is signed in; each other place, or all of them, can be signed out from here. */
export function SessionList() {
  const { t } = useTranslation();
  const sessions = useSessions();
  const end = useEndSession();
  const stop = (id: string | undefined) =>
    end.mutate(id, {
      onSuccess: ({ endedSessions }) => {
        const words = id === undefined ? t('account.ended', { count: endedSessions }) : t('account.endedOne');
        announce(words);
        showToast({ title: words });
      },
    });
  return (
    <>
      {end.isError && <Notice tone="bad">{describeError(end.error, t)}</Notice>}
      <ReadState query={sessions} skeleton={<SkeletonList rows={2} label={t('common.loading')} />}>
        {({ items }) => (
          <>
            <ul className="divide-y divide-line">
              {items.map((session) => (
                <SessionRow
                  key={session.id}
                  session={session}
                  busy={end.isPending && end.variables === session.id}
                  onEnd={() => stop(session.id)}
                />
              ))}
            </ul>
            {items.length > 1 && (
              <Button
                className="self-start"
                busy={end.isPending && end.variables === undefined}
                onClick={() => stop(undefined)}
              >
                {t('account.endOthers')}
              </Button>
            )}
          </>
        )}
      </ReadState>
    </>
  );
}

function SessionRow(props: { session: OpenSession; busy: boolean; onEnd: () => void }) {
  const { session } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const device = describeBrowser(session.userAgent);
  const Icon = /Mobile|Android|iPhone/.test(session.userAgent) ? Smartphone : Laptop;
  const name = device === undefined ? t('account.unknownDevice') : t('account.device', device);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5">
      <Icon aria-hidden className="size-5 shrink-0 text-ink-soft" />
      <div className="min-w-0 flex-[1_1_12rem]">
        <p className="flex flex-wrap items-center gap-2 font-medium" title={session.userAgent}>
          {name}
          {session.current && (
            <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs text-accent">{t('account.here')}</span>
          )}
        </p>
        <p className="text-sm text-ink-soft">
          {t('account.lastUsed', { at: formatMoment(session.lastUsedAt, timeZone, locale) })},{' '}
          {t('account.since', { at: formatMoment(session.createdAt, timeZone, locale) })}
        </p>
      </div>
      {!session.current && (
        <Button busy={props.busy} onClick={props.onEnd} aria-label={`${t('account.end')}: ${name}`}>
          {t('account.end')}
        </Button>
      )}
    </li>
  );
}
