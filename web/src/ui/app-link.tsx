import type { ComponentPropsWithRef, MouseEvent } from 'react';
import { useLocation, useNavigate } from 'react-router';

/**
 * A link within the app. The router's own brings prefetching of server routes along, four kilobytes the first screen has no use for.
 * The place one is at carries aria-current.
 */
export function AppLink(props: ComponentPropsWithRef<'a'> & { to: string }) {
  const { to, onClick, ...rest } = props;
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (
    <a
      {...rest}
      href={to}
      aria-current={pathname === to ? 'page' : undefined}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || !isPlainClick(event)) return;
        event.preventDefault();
        void navigate(to);
      }}
    />
  );
}

/** Any other click opens a tab or a window, which is the browser's business. */
function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
