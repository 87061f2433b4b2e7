import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';
import type { Database } from '@daybook/runtime/postgres';

/** A row of users. */
export type UserRow = {
  id: string;
  organizationId: string;
  username: string;
  usernameKey: string;
  fullName: string;
  passwordHash: string;
  secondFactorId: string | null;
  roles: string[];
  active: boolean;
};

/** A row of sessions. Instants are UTC. */
export type SessionRow = {
  id: string;
  organizationId: string;
  userId: string;
  tokenHash: Buffer;
  createdAt: Date;
  rotatedAt: Date;
  expiresAt: Date;
  absoluteExpiresAt: Date;
  revokedAt?: Date | null;
  userAgent: string;
  user?: UserRow;
};

/** A row of signing_keys. Instants are UTC. */
export type SigningKeyRow = {
  kid: string;
  publicKeyPem: string;
  privateKeySealed: Buffer;
  createdAt: Date;
  retiredAt: Date | null;
};

type ModelOf<Row extends object> = ModelStatic<Model<Row, Row>>;

/** The tables that are read and written plainly; they never leave this folder. */
export type Models = { users: ModelOf<UserRow>; sessions: ModelOf<SessionRow>; signingKeys: ModelOf<SigningKeyRow> };

const known = new WeakMap<Sequelize, Models>();

/** The models of a database, defined once per connection pool. */
export function modelsOf(database: Database): Models {
  const existing = known.get(database.sequelize);
  if (existing) return existing;
  const models = defineModels(database.sequelize);
  known.set(database.sequelize, models);
  return models;
}

function defineModels(sequelize: Sequelize): Models {
  const options = { timestamps: false, underscored: true } as const;
  const id = { type: DataTypes.UUID, primaryKey: true } as const;
  const users: Models['users'] = sequelize.define(
    'user',
    {
      id,
      organizationId: DataTypes.UUID,
      username: DataTypes.TEXT,
      usernameKey: DataTypes.TEXT,
      fullName: DataTypes.TEXT,
      passwordHash: DataTypes.TEXT,
      secondFactorId: DataTypes.UUID,
      roles: DataTypes.ARRAY(DataTypes.TEXT),
      active: DataTypes.BOOLEAN,
    },
    { ...options, tableName: 'users' },
  );
  const sessions: Models['sessions'] = sequelize.define(
    'session',
    {
      id,
      organizationId: DataTypes.UUID,
      userId: DataTypes.UUID,
      tokenHash: DataTypes.BLOB,
      createdAt: DataTypes.DATE,
      rotatedAt: DataTypes.DATE,
      expiresAt: DataTypes.DATE,
      absoluteExpiresAt: DataTypes.DATE,
      revokedAt: DataTypes.DATE,
      userAgent: DataTypes.TEXT,
    },
    { ...options, tableName: 'sessions' },
  );
  sessions.belongsTo(users, { foreignKey: 'userId', as: 'user' });
  const signingKeys: Models['signingKeys'] = sequelize.define(
    'signing_key',
    {
      kid: { type: DataTypes.TEXT, primaryKey: true },
      publicKeyPem: DataTypes.TEXT,
      privateKeySealed: DataTypes.BLOB,
      createdAt: DataTypes.DATE,
      retiredAt: DataTypes.DATE,
    },
    { ...options, tableName: 'signing_keys' },
  );
  return { users, sessions, signingKeys };
}
