import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../lib/problem.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/**
 * What was read, or its place while it is being read, or why it could not be read with a way to try again. What is shown stays when a
 * later reading fails; a line above says that it may be old.
 */
export function ReadState<Data>(props: {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'isFetching' | 'refetch'>;
  skeleton: ReactNode;
  children: (data: Data) => ReactNode;
}) {
  const { t } = useTranslation();
  const { data, error, isFetching, refetch } = props.query;
  return (
    <>
      {error !== null && (
        <Notice tone={data === undefined ? 'bad' : 'warn'}>
          <p>
            {describeError(error, t)}
            {data !== undefined && ` ${t('common.stale')}`}
          </p>
          <Button className="self-start" busy={isFetching} onClick={() => void refetch()}>
            {t('common.tryAgain')}
          </Button>
        </Notice>
      )}
      {data === undefined ? error === null && props.skeleton : props.children(data)}
    </>
  );
}
