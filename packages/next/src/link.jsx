import { forwardRef } from 'react';

/** What next/link is to @calcom/atoms: an anchor. Props that only next understands do not reach the page. */
const Link = forwardRef(function Link(
  {
    prefetch: _prefetch,
    replace: _replace,
    scroll: _scroll,
    shallow: _shallow,
    locale: _locale,
    passHref: _passHref,
    ...rest
  },
  ref,
) {
  return <a ref={ref} {...rest} />;
});

export default Link;
