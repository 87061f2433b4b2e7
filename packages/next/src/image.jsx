/** What next/image is to @calcom/atoms: a picture. Props that only next understands do not reach the page. */
export default function Image({
  priority: _priority,
  unoptimized: _unoptimized,
  fill: _fill,
  quality: _quality,
  loader: _loader,
  ...rest
}) {
  return <img {...rest} />;
}
