import { useTranslation } from 'react-i18next';
import { encode } from 'uqr';

/** The quiet zone that readers of such pictures expect around them, in modules. */
const border = 4;

/** An address as a QR code: dark on white in both themes, since cameras expect it so. */
export default function KeyPicture(props: { uri: string }) {
  const { t } = useTranslation();
  const { data, size } = encode(props.uri, { ecc: 'M', border });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      role="img"
      aria-label={t('secondFactor.picture')}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-48 shrink-0 rounded-lg border border-line"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={dark} fill="#000" />
    </svg>
  );
}
