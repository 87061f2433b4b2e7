import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../../../../ui/field.tsx';

/** Where a code comes from: the authenticator app, or the recovery codes that were kept. */
export type CodeKind = 'app' | 'recovery';

/** The field for a code of the second factor; with `onKind` a recovery code may be typed in its place. */
export function CodeField(props: {
  kind: CodeKind;
  error?: string | undefined;
  autoFocus?: boolean;
  onKind?: (kind: CodeKind) => void;
}) {
  const { kind, error, autoFocus = false, onKind } = props;
  const { t } = useTranslation();
  // Whoever asked for the other kind types it next.
  const [chosen, setChosen] = useState(false);
  const other = kind === 'app' ? 'recovery' : 'app';
  const forKind =
    kind === 'app'
      ? ({ autoComplete: 'one-time-code', inputMode: 'numeric', maxLength: 12 } as const)
      : ({ autoComplete: 'off', autoCapitalize: 'characters', maxLength: 64 } as const);
  return (
    <div className="flex flex-col items-start gap-2">
      <TextField
        key={kind}
        autoFocus={autoFocus || chosen}
        label={t(kind === 'app' ? 'secondFactor.code' : 'secondFactor.recoveryCode')}
        hint={t(kind === 'app' ? 'secondFactor.codeHint' : 'secondFactor.recoveryHint')}
        name="code"
        spellCheck={false}
        autoCorrect="off"
        className="w-full"
        error={error}
        {...forKind}
      />
      {onKind !== undefined && (
        <button
          type="button"
          className="touch-target -my-2 text-sm text-accent underline underline-offset-2"
          onClick={() => {
            setChosen(true);
            onKind(other);
          }}
        >
          {t(kind === 'app' ? 'secondFactor.useRecovery' : 'secondFactor.useApp')}
        </button>
      )}
    </div>
  );
}
