import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useLocation } from 'react-router';
import { describeError } from '../../../lib/problem.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useCurrentUser } from '../api/get-current-user.ts';

/** Shows what is inside to those who are signed in; others go to sign in and come back to the same address. */
export function SessionGuard(props: { children: ReactNode }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const me = useCurrentUser();
  if (me.data != null) return props.children;
  if (me.isPending) {
    return (
      <div role="status" aria-label={t('common.loading')} className="mx-auto flex max-w-4xl flex-col gap-4 p-6">
        <Skeleton className="h-10 w-48" />
        <Skeleton className="h-40 w-full" />
      </div>
    );
  }
  if (me.isError) {
    return (
      <div className="mx-auto max-w-md p-6">
        <Notice tone="bad" title={t('errors.cannotStart')}>
          <p>{describeError(me.error, t)}</p>
          <Button onClick={() => void me.refetch()} busy={me.isFetching} className="self-start">
            {t('common.tryAgain')}
          </Button>
        </Notice>
      </div>
    );
  }
  const back = `${pathname}${search}`;
  return <Navigate to={back === '/' ? '/sign-in' : `/sign-in?return=${encodeURIComponent(back)}`} replace />;
}

/** The address to go to after signing in: only a path of this app, never another site. */
export function readReturnPath(search: string): string {
  const path = new URLSearchParams(search).get('return') ?? '/';
  return /^\/(?![/\\])/.test(path) && !path.startsWith('/sign-in') ? path : '/';
}
