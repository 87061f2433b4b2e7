import { useTranslation } from 'react-i18next';
import { TextField } from '../../../../ui/field.tsx';
import { useCurrentUser } from '../../api/get-current-user.ts';

/** The signed-in person's password, asked for once more. */
export function OwnPasswordField(props: { error?: string | undefined }) {
  const { t } = useTranslation();
  const username = useCurrentUser().data?.user.username;
  return (
    <>
      {/* For password managers, which otherwise guess whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={username ?? ''} readOnly hidden />
      <TextField
        label={t('account.current')}
        name="currentPassword"
        type="password"
        autoFocus
        autoComplete="current-password"
        error={props.error}
      />
    </>
  );
}
